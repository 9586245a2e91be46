"""Conversations turn by turn: sentences, RooAroo's replies, and later references."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.view import ClipView
from tests.each_case import each_case
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, question_of, track, words_of


def test_a_part_is_played_with_everything_stated() -> None:
    reply = Studio().say(Intent.PLAY, parts=("bass",), style="funk", bars=8, key="D minor", changes=("a bit busier",))
    assert action_of(reply) == SetAction(
        intent=Intent.PLAY, parts=("bass",), style="funk", bars=8, key="D minor", complexity=0.62, scene=1
    )
    assert reply.sentence == "Funk bass, 8 bars, D minor, a bit busier."


def test_what_is_left_open_follows_the_style() -> None:
    assert action_of(Studio().say(Intent.PLAY, parts=("drums",))) == SetAction(
        intent=Intent.PLAY, parts=("drums",), bars=8, scene=1
    )


@each_case(
    "changes, amounts",
    [
        (("busier",), {"complexity": 0.7}),
        (("much simpler",), {"complexity": 0.15}),
        (("sparser", "darker"), {"density": 0.3, "changes": ("darker",)}),
        (("a bit tighter",), {"humanise": 0.38}),
        (("much looser",), {"humanise": 0.85}),
        (("straight",), {"swing": 1.0}),
        (("more swing",), {"swing": 1.3}),
        (("less swing",), {"swing": 1.0}),
        (("much higher", "softer"), {"changes": ("higher", "higher", "softer")}),
    ],
)
def test_adjectives_of_a_new_part_become_its_numbers(changes: tuple[str, ...], amounts: dict[str, Any]) -> None:
    action = action_of(Studio().say(Intent.PLAY, parts=("bass",), changes=changes))
    assert action == replace(SetAction(intent=Intent.PLAY, parts=("bass",), bars=8, scene=1), **amounts)


def test_more_swing_starts_from_the_swing_of_the_style() -> None:
    action = action_of(Studio().say(Intent.PLAY, parts=("drums",), style="jazz swing", changes=("less swing",)))
    assert 1.0 < action.swing < 2.0


def test_it_is_what_was_made_last() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("drums",), style="funk")
    studio.say(Intent.PLAY, parts=("bass",), style="funk")
    action = action_of(studio.say(Intent.CHANGE, changes=("much darker",)))
    assert (action.track, action.scene, action.parts, action.changes) == (2, 1, ("bass",), ("darker", "darker"))


def test_a_part_by_name_is_the_newest_of_it_whoever_played_since() -> None:
    studio = Studio(BAND)
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.PLAY, parts=("harmony",))
    action = action_of(studio.ask(Intent.CHANGE, target="bass", changes=("busier",)))
    assert (action.track, action.scene) == (5, 1)
    assert action_of(studio.ask(Intent.MUTE, target="bass")).tracks == (5,)
    drums = action_of(studio.ask(Intent.CHANGE, target="drums", changes=("busier",)))
    assert (drums.track, drums.scene) == (1, 1)


def test_what_a_button_made_is_it_as_well() -> None:
    studio = Studio()
    studio.do(SetAction(intent=Intent.PLAY, parts=("melody",), bars=4, scene=1))
    assert action_of(studio.say(Intent.AGAIN)).parts == ("melody",)


def test_it_after_a_switch_is_the_track_that_was_switched() -> None:
    studio = Studio(BAND)
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.MUTE, target="drums")
    assert action_of(studio.ask(Intent.UNMUTE)).tracks == (1,)
    assert action_of(studio.ask(Intent.LEVEL, up=True)).tracks == (1,)
    action = action_of(studio.ask(Intent.CHANGE, changes=("simpler",)))
    assert (action.track, action.scene) == (1, 1)


def test_it_is_the_newest_clip_where_the_track_that_was_switched_has_none() -> None:
    studio = Studio(replace(BAND, tracks=(*BAND.tracks, track(5, "Empty"))))
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.MUTE, track=5)
    assert action_of(studio.ask(Intent.CHANGE, changes=("busier",))).track == 6


def test_like_the_last_one_keeps_everything_not_stated() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk", bars=4, key="D minor", changes=("busier",))
    reply = studio.say(Intent.PLAY, like="last", key="E minor", changes=("a bit darker",))
    assert action_of(reply) == SetAction(
        intent=Intent.PLAY,
        parts=("bass",),
        style="funk",
        bars=4,
        key="E minor",
        complexity=0.7,
        changes=("darker",),
        scene=1,
    )


def test_the_last_one_after_a_change_is_the_changed_one_in_the_same_style() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk", bars=4)
    studio.say(Intent.CHANGE, changes=("busier", "darker"))
    action = action_of(studio.say(Intent.PLAY, like="last"))
    assert (action.style, action.bars, action.complexity, action.changes) == ("funk", 4, 0.7, ())


def test_what_a_button_changed_is_known_by_its_source() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk", bars=4, changes=("a bit busier",))
    studio.do(SetAction(intent=Intent.CHANGE, changes=("simpler", "darker"), track=1, scene=1))
    made = studio.memory.of("one").made[-1].action
    assert (made.parts, made.bars, made.complexity, made.changes) == (("bass",), 4, 0.42, ("simpler", "darker"))


def test_like_the_last_one_before_there_is_one_asks_what_to_play() -> None:
    studio = Studio()
    assert "Nothing was played yet" in question_of(studio.say(Intent.PLAY, like="last", key="E minor"))
    action = action_of(studio.say(Intent.ANSWER, parts=("bass",)))
    assert (action.parts, action.key) == (("bass",), "E minor")


def test_busier_than_the_drums_starts_from_what_the_drums_were_asked_for() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("drums",), changes=("much busier",))
    reply = studio.say(Intent.PLAY, parts=("bass",), changes=("a bit busier",), than="drums")
    assert action_of(reply).complexity == pytest.approx(0.97)
    assert reply.sentence.endswith("a bit busier than the drums.")


def test_busier_than_drums_of_the_user_starts_from_what_they_are_measured() -> None:
    studio = Studio(replace(BAND, measure=lambda track, scene: 0.4 if (track, scene) == (1, 1) else None))
    action = action_of(studio.say(Intent.PLAY, parts=("bass",), changes=("busier",), than="drums"))
    assert action.complexity == pytest.approx(0.6)


def test_what_nothing_is_known_of_is_not_compared_with() -> None:
    studio = Studio(BAND)
    assert "nothing of the drums" in question_of(
        studio.say(Intent.PLAY, parts=("bass",), changes=("busier",), than="drums")
    )
    assert action_of(studio.say(Intent.YES)).complexity == pytest.approx(0.7)


def test_a_clip_is_changed_as_often_as_it_takes_to_be_busier_than_another() -> None:
    levels = {(1, 1): 0.7, (2, 1): 0.2, (3, 1): 0.95}
    studio = Studio(replace(BAND, measure=lambda track, scene: levels.get((track, scene))))
    action = action_of(studio.ask(Intent.CHANGE, target="bass", changes=("busier",), than="drums"))
    assert action.changes == ("busier", "busier")
    reply = studio.ask(Intent.CHANGE, target="harmony", changes=("busier",), than="drums")
    assert "busier than the drums already. Still busier?" in question_of(reply)
    assert action_of(studio.ask(Intent.YES)).changes == ("busier",)


def test_again_plays_the_same_once_more_and_four_of_those_four_times() -> None:
    studio = Studio()
    first = action_of(studio.say(Intent.PLAY, parts=("bass",), style="funk", changes=("busier",)))
    assert action_of(studio.ask(Intent.AGAIN)) == first
    reply = studio.ask(Intent.AGAIN, takes=4)
    assert action_of(reply) == replace(first, takes=4)
    assert reply.sentence == "4 more takes of the funk bass."


def test_another_bass_is_of_the_newest_bass_not_of_the_newest_clip() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk")
    studio.say(Intent.PLAY, parts=("drums",), style="funk")
    assert action_of(studio.ask(Intent.AGAIN, target="bass")).parts == ("bass",)


def test_another_take_of_a_clip_that_the_user_made_changes_that_clip() -> None:
    action = action_of(Studio(BAND).say(Intent.AGAIN, target="harmony"))
    assert (action.intent, action.changes, action.track, action.scene) == (Intent.CHANGE, ("again",), 3, 1)


def test_again_after_undo_is_another_try_at_what_was_undone() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("drums",))
    studio.say(Intent.PLAY, parts=("bass",), style="dub")
    studio.say(Intent.UNDO)
    assert action_of(studio.ask(Intent.AGAIN)).style == "dub"
    assert action_of(studio.ask(Intent.CHANGE, changes=("busier",))).parts == ("drums",)


def test_again_after_something_else_was_undone_is_of_the_newest_clip() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="dub")
    studio.say(Intent.PLAY, parts=("drums", "bass"), style="funk")
    studio.say(Intent.MUTE, target="bass")
    studio.say(Intent.TEMPO, bpm=99.0)
    assert studio.say(Intent.UNDO).sentence.startswith("Undoing: ")
    assert action_of(studio.ask(Intent.AGAIN)).parts == ("drums", "bass")


def test_again_after_a_failure_tries_the_same_once_more() -> None:
    studio = Studio()
    asked = action_of(studio.ask(Intent.IMAGINE, prompt="rain"))
    studio.fail()
    assert action_of(studio.ask(Intent.AGAIN)) == asked


def test_another_take_of_what_has_gone_is_not_tried() -> None:
    studio = Studio(BAND)
    studio.say(Intent.CHANGE, target="harmony", changes=("darker",))
    changed, gone = studio.view, replace(BAND, tracks=BAND.tracks[:1], track=0, shown=None)
    studio.view = gone
    assert words_of(studio.ask(Intent.AGAIN)).startswith("What that was about, the chords, has gone")
    studio.view = replace(changed, tracks=tuple(replace(one, clips=one.clips - {1}) for one in changed.tracks))
    action = action_of(studio.ask(Intent.AGAIN))
    assert (action.changes, action.track, action.scene) == (("again",), 3, 2)


def test_another_take_of_a_song_is_a_song() -> None:
    studio = Studio()
    studio.do(SetAction(intent=Intent.SONG, style="pop", seconds=120))
    action = action_of(studio.ask(Intent.AGAIN))
    assert (action.intent, action.style, action.seconds) == (Intent.SONG, "pop", 120)


def test_back_takes_the_last_take_away_and_means_the_one_before() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk")
    studio.say(Intent.AGAIN)
    reply = studio.say(Intent.BACK)
    assert action_of(reply) == SetAction(intent=Intent.UNDO, request="r2")
    assert reply.sentence == "Back to the funk bass in scene 1."
    assert studio.view.tracks[0].clips == {1}
    action = action_of(studio.ask(Intent.CHANGE, changes=("busier",)))
    assert (action.track, action.scene) == (1, 1)


def test_back_over_other_parts_asks_before_it_deletes_and_still_means_the_take_before() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk")
    studio.say(Intent.AGAIN)
    studio.say(Intent.MUTE, target="bass")
    assert question_of(studio.say(Intent.BACK)) == "Delete the funk bass, BassaRoo in scene 2? Yes or no?"
    assert action_of(studio.say(Intent.YES)) == SetAction(intent=Intent.DELETE, what="clip", track=1, scene=2)


def test_back_from_the_first_take_asks_whether_it_is_to_be_undone() -> None:
    studio = Studio()
    assert "Nothing was made" in words_of(studio.say(Intent.BACK))
    studio.say(Intent.PLAY, parts=("bass",))
    assert "no take before the bass" in question_of(studio.say(Intent.BACK))
    assert action_of(studio.say(Intent.YES)).intent is Intent.UNDO


def test_takes_that_came_together_go_together_after_a_yes() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.AGAIN, takes=4)
    assert question_of(studio.say(Intent.BACK)) == "The last 4 takes came together. Shall I undo them all?"
    assert action_of(studio.say(Intent.YES)).intent is Intent.UNDO


def test_a_part_of_the_band_is_the_one_in_its_row() -> None:
    own = (track(5, "DrummaRoo", "drums", own=True), track(6, "BassaRoo", "bass", 3, own=True))
    studio = Studio(replace(BAND, tracks=(*BAND.tracks, *own)))
    studio.do(SetAction(intent=Intent.PLAY, parts=("band",), style="funk", track=5, scene=3))
    assert question_of(studio.ask(Intent.CHANGE, changes=("busier",))) == "Which part of it?"
    action = action_of(studio.ask(Intent.ANSWER, target="bass"))
    assert (action.track, action.scene) == (6, 3)
    again = action_of(studio.ask(Intent.AGAIN, target="bass"))
    assert (again.parts, again.style) == (("bass",), "funk")


def test_what_is_missing_is_asked_and_its_answer_completes_the_request() -> None:
    studio = Studio(BAND)
    assert question_of(studio.say(Intent.MUTE)) == "Mute what? Say a part or a track."
    assert action_of(studio.say(Intent.ANSWER, parts=("drums",))) == SetAction(intent=Intent.MUTE, tracks=(1,))
    question_of(studio.say(Intent.PLAY, style="funk", bars=4))
    action = action_of(studio.say(Intent.ANSWER, target="bass"))
    assert (action.parts, action.style, action.bars) == (("bass",), "funk", 4)
    assert question_of(studio.say(Intent.TEMPO)) == "Which tempo, in beats a minute?"
    assert action_of(studio.say(Intent.ANSWER, bpm=95.0)).bpm == 95.0
    question_of(studio.say(Intent.KEY))
    assert action_of(studio.say(Intent.ANSWER, key="Eb minor")).key == "Eb minor"


def test_two_tracks_of_one_part_are_asked_for_by_number() -> None:
    studio = Studio(replace(BAND, tracks=(*BAND.tracks, track(5, "Low End", "bass", 1))))
    assert question_of(studio.say(Intent.SOLO, target="bass")) == "Which one: track 2, Sub Bass or track 5, Low End?"
    assert action_of(studio.say(Intent.ANSWER, track=5)).tracks == (5,)


def test_a_track_is_found_by_some_of_its_words() -> None:
    studio = Studio(BAND)
    assert action_of(studio.ask(Intent.MUTE, target="sub")).tracks == (2,)
    assert action_of(studio.ask(Intent.MUTE, target="vocals")).tracks == (4,)
    assert "no track “banjo”" in question_of(studio.ask(Intent.MUTE, target="banjo"))
    assert action_of(studio.ask(Intent.ANSWER, target="keys")).tracks == (3,)


def test_all_tracks_of_the_band_are_switched_but_those_that_are_so_already() -> None:
    studio = Studio(BAND)
    studio.say(Intent.MUTE, target="drums")
    assert action_of(studio.say(Intent.MUTE, target="band")).tracks == (2, 3, 4)
    assert "muted already" in words_of(studio.say(Intent.MUTE, target="band"))
    assert action_of(studio.say(Intent.UNMUTE)).tracks == (1, 2, 3, 4)


def test_a_part_that_is_not_there_is_offered() -> None:
    studio = Studio()
    reply = studio.say(Intent.CHANGE, target="bass", changes=("darker",))
    assert question_of(reply) == "There is no bass yet. Shall I play one?"
    action = action_of(studio.say(Intent.ANSWER, style="funk"))
    assert (action.parts, action.style, action.changes) == (("bass",), "funk", ("darker",))
    assert words_of(studio.say(Intent.MUTE, target="drums")) == "There are no drums to mute."
    assert words_of(studio.say(Intent.LEVEL, target="drums", up=True)) == "There are no drums yet."


def test_a_question_is_dropped_by_a_full_request_by_no_and_by_time() -> None:
    studio = Studio(BAND)
    question_of(studio.say(Intent.MUTE))
    action_of(studio.say(Intent.TEMPO, bpm=90.0))
    assert words_of(studio.say(Intent.YES)) == "Nothing was asked."
    question_of(studio.say(Intent.MUTE))
    assert words_of(studio.say(Intent.NO)) == "All right, nothing changes."
    assert words_of(studio.say(Intent.YES)) == "Nothing was asked."
    question_of(studio.say(Intent.DELETE, target="harmony"))
    studio.now += 60.0
    assert words_of(studio.say(Intent.YES)) == "Nothing was asked."
    question_of(studio.say(Intent.DELETE, target="harmony"))
    assert words_of(studio.say(Intent.CANCEL)) == "All right, nothing changes."
    assert action_of(studio.say(Intent.CANCEL)).intent is Intent.CANCEL


def test_deleting_asks_first_and_says_what_goes() -> None:
    studio = Studio(BAND)
    assert question_of(studio.say(Intent.DELETE, target="bass")) == "Delete Sub Bass in scene 1? Yes or no?"
    assert action_of(studio.say(Intent.YES)) == SetAction(intent=Intent.DELETE, what="clip", track=2, scene=1)
    assert question_of(studio.say(Intent.DELETE, what="track", track=1)).startswith("Delete track 1, Drums (2 clips)?")
    assert action_of(studio.say(Intent.YES)) == SetAction(intent=Intent.DELETE, what="track", track=1)
    assert question_of(studio.say(Intent.DELETE, what="scene", scene="2")).startswith("Delete scene 2 (0 clips)?")
    assert action_of(studio.say(Intent.YES)) == SetAction(intent=Intent.DELETE, what="scene", scene=2)
    assert question_of(studio.say(Intent.DELETE, target="clip")).startswith("Delete ")


def test_the_clip_that_goes_is_called_by_its_name() -> None:
    mine = replace(BAND.tracks[1], clip_names=((1, "mine"),))
    studio = Studio(replace(BAND, tracks=(BAND.tracks[0], mine, *BAND.tracks[2:])))
    assert question_of(studio.say(Intent.DELETE, target="bass")) == "Delete “mine”, Sub Bass in scene 1? Yes or no?"
    reply = studio.say(Intent.PLAY, parts=("bass",), replace=True)
    assert question_of(reply) == "Replace “mine”, Sub Bass in scene 1? Yes or no?"


def test_what_has_nothing_to_do_with_a_loss_is_no_answer_to_it() -> None:
    studio = Studio(BAND)
    question_of(studio.say(Intent.DELETE, target="bass"))
    assert question_of(studio.say(Intent.ANSWER, parts=("drums",))) == "Delete Drums in scene 1? Yes or no?"
    assert action_of(studio.say(Intent.ANSWER, parts=("melody",), style="funk")).intent is Intent.PLAY


def test_a_yes_after_the_set_changed_asks_again() -> None:
    studio = Studio(BAND)
    question_of(studio.say(Intent.DELETE, track=1))
    inserted = tuple(replace(one, number=one.number + 1) for one in BAND.tracks)
    studio.view = replace(BAND, tracks=(track(1, "Choir", "melody", 1), *inserted))
    assert question_of(studio.say(Intent.YES)) == "Delete Choir in scene 1? Yes or no?"
    # Another track with the same name.
    studio.view = replace(BAND, tracks=(track(1, "Alto", "melody", 1), track(2, "Choir", "melody", 1)))
    studio.say(Intent.DELETE, target="choir")
    studio.view = replace(BAND, tracks=(track(1, "Choir", "melody", 1), track(2, "Alto", "melody", 1)))
    question_of(studio.say(Intent.YES))


def test_what_the_user_made_is_replaced_after_a_yes_alone_and_what_we_made_at_once() -> None:
    studio = Studio(BAND)
    reply = studio.say(Intent.PLAY, parts=("bass",), style="dub", replace=True)
    assert question_of(reply) == "Replace the clip of Sub Bass in scene 1? Yes or no?"
    action = action_of(studio.say(Intent.YES))
    assert (action.track, action.scene, action.replace) == (2, 1, True)
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",))
    assert action_of(studio.say(Intent.PLAY, parts=("bass",), style="dub", replace=True)).replace
    studio = Studio(BAND)
    question_of(studio.say(Intent.CHANGE, target="harmony", changes=("darker",), replace=True))
    assert action_of(studio.say(Intent.YES)).replace


def test_audio_makes_no_way_for_notes() -> None:
    studio = Studio(BAND)
    assert "beside it?" in question_of(studio.say(Intent.PLAY, parts=("melody",), replace=True))
    assert not action_of(studio.say(Intent.YES)).replace


@each_case(
    "intent, slots, sentence, then",
    [
        (Intent.TEMPO, {"bpm": 12.0}, "Live goes from 20 to 999 BPM. Shall it be 20?", {"bpm": 20.0}),
        (Intent.SONG, {"seconds": 5}, "A song lasts 15 to 600 seconds. Shall it be 15?", {"seconds": 15}),
        (Intent.LISTEN, {"bars": 16}, "The device remembers 8 bars. Shall it be 8?", {"bars": 8}),
        (Intent.IMAGINE, {"bars": 48, "prompt": "rain"}, "A loop has up to 32 bars. Shall it have 32?", {"bars": 32}),
        (Intent.SPLIT, {"stems": 5, "track": 4}, "There are 4 or 6 stems. Shall it be 4?", {"stems": 4}),
        (
            Intent.PLAY,
            {"parts": ("bass",), "scene": "9"},
            "There are 4 scenes. Shall it go into a new one?",
            {"scene": 5},
        ),
        (Intent.PLAY, {"parts": ("bass",), "bpm": 2.0}, "Live goes from 20 to 999 BPM. Shall it be 20?", {"bpm": 20.0}),
        (
            Intent.PLAY,
            {"parts": ("bass", "drums"), "track": 1},
            "Several parts do not fit on one track. Shall each have its own?",
            {"track": 0},
        ),
    ],
)
def test_what_is_out_of_bounds_is_offered_within(
    intent: Intent, slots: dict[str, Any], sentence: str, then: dict[str, Any]
) -> None:
    studio = Studio(BAND)
    assert question_of(studio.say(intent, **slots)) == sentence
    action = action_of(studio.say(Intent.YES))
    assert {name: getattr(action, name) for name in then} == then


@each_case(
    "intent, slots, sentence",
    [
        (Intent.PLAY, {"parts": ("bass",), "key": "H dur"}, "“H dur” is no key"),
        (Intent.PLAY, {"parts": ("bass",), "chords": "Xm7"}, "I cannot read the chords “Xm7”"),
        (Intent.PLAY, {"parts": ("bass",), "style": "zydeco"}, "There is no style “zydeco”"),
        (Intent.PLAY, {"parts": ("drums",), "manner": "walking"}, "Only a bass plays walking"),
        (Intent.PLAY, {"parts": ("bass",), "track": 4}, "Track 4, Vocals, is an audio track"),
        (Intent.CHANGE, {"track": 4, "changes": ("darker",)}, "is audio: its notes cannot be changed"),
        (Intent.SPLIT, {"target": "bass"}, "is MIDI: only audio is split"),
        (Intent.CHANGE, {"track": 2, "scene": "2", "changes": ("darker",)}, "Sub Bass, has no clip in scene 2"),
    ],
)
def test_impossible_requests_are_refused(intent: Intent, slots: dict[str, Any], sentence: str) -> None:
    assert sentence in words_of(Studio(BAND).say(intent, **slots))


def test_next_and_new_scenes() -> None:
    studio = Studio(BAND)
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="next")).scene == 2
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="new")).scene == 5
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="3")).scene == 3
    studio.view = replace(BAND, scene=4)
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="next")).scene == 5


def test_in_an_empty_scene_the_key_and_style_of_the_set_go_on() -> None:
    facts: dict[str, Any] = {"key": "D dorian", "key_confidence": 0.9, "style": "funk", "style_confidence": 0.8}
    studio = Studio(replace(BAND, **facts))
    action = action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="new"))
    assert (action.key, action.style) == ("D dorian", "funk")
    action = action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="new", key="E minor", style="dub"))
    assert (action.key, action.style) == ("E minor", "dub")
    action = action_of(studio.ask(Intent.PLAY, parts=("bass",)))
    assert (action.key, action.style) == ("", "")
    studio.view = BAND
    studio.say(Intent.PLAY, parts=("melody",), style="dub")
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="new")).style == "dub"


def test_what_was_begun_in_a_style_goes_on_in_it_unless_another_is_heard() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk")
    reply = studio.ask(Intent.PLAY, parts=("drums",))
    assert (action_of(reply).style, reply.sentence) == ("funk", "Funk drums, 8 bars.")
    studio.view = replace(studio.view, style="reggae", style_confidence=0.9)
    assert action_of(studio.ask(Intent.PLAY, parts=("drums",))).style == ""


def test_this_clip_is_the_one_that_is_shown_and_this_track_the_one_that_is_selected() -> None:
    studio = Studio(BAND)
    assert action_of(studio.ask(Intent.ANALYSE, target="clip")).track == 3
    assert action_of(studio.ask(Intent.CHANGE, target="track", changes=("darker",))).track == 2
    assert action_of(studio.ask(Intent.MUTE, target="track")).tracks == (2,)
    studio.view = replace(BAND, shown=ClipView(track=3, scene=0, name="Bridge"))
    action = action_of(studio.ask(Intent.CHANGE, target="clip", changes=("darker",)))
    assert (action.track, action.scene) == (0, 0)
    studio.view = replace(BAND, shown=None, track=0)
    assert question_of(studio.ask(Intent.ANALYSE)) == "Which clip? Click one, or say its part."


def test_what_was_hardly_understood_is_asked_for_and_less_is_not_done() -> None:
    studio = Studio()
    reply = studio.say(Intent.PLAY, confidence=0.4, text="funk bass", parts=("bass",), style="funk")
    assert question_of(reply) == "Did you say “funk bass”?"
    assert action_of(studio.say(Intent.YES)).style == "funk"
    reply = studio.say(Intent.SOLO, confidence=0.4, target="vocals")
    assert question_of(reply) == "There is no track “vocals”. Which one: BassaRoo?"
    reply = studio.say(Intent.PLAY, confidence=0.2, parts=("bass",))
    assert question_of(reply).startswith("I did not understand that. There is no track")
    studio.say(Intent.NO)
    assert words_of(studio.say(Intent.NONE, confidence=0.0)).startswith("I did not understand that.")


def test_a_yes_that_was_hardly_understood_is_none() -> None:
    studio = Studio(BAND)
    asked = question_of(studio.say(Intent.DELETE, target="harmony"))
    assert question_of(studio.say(Intent.YES, confidence=0.45)) == asked
    assert asked in question_of(studio.say(Intent.NONE, confidence=0.0))
    assert action_of(studio.say(Intent.YES)).intent is Intent.DELETE


def test_slots_alone_are_the_same_again_but_so() -> None:
    studio = Studio()
    assert action_of(studio.say(Intent.ANSWER, parts=("bass",), style="funk", bars=4)).intent is Intent.PLAY
    action = action_of(studio.say(Intent.ANSWER, style="reggae"))
    assert (action.parts, action.style, action.bars) == (("bass",), "reggae", 4)
    assert action_of(studio.say(Intent.ANSWER, takes=3)).takes == 3
    assert action_of(studio.say(Intent.ANSWER, bpm=99.0)) == SetAction(intent=Intent.TEMPO, bpm=99.0)
    assert question_of(studio.say(Intent.ANSWER, key="D minor")) == "Shall the set be in D minor?"
    assert action_of(studio.say(Intent.YES)) == SetAction(intent=Intent.KEY, key="D minor")
    assert words_of(studio.say(Intent.ANSWER, target="bass")).startswith("What of the bass?")


def test_relative_tempo_changes_are_reported_in_numbers() -> None:
    studio = Studio(replace(EMPTY, tempo=100.0))
    assert action_of(studio.ask(Intent.TEMPO, up=True)).bpm == 105.0
    assert action_of(studio.ask(Intent.TEMPO, up=False, degree="a bit")).bpm == 98.0
    reply = studio.ask(Intent.TEMPO, up=True, degree="much")
    assert reply.sentence == "Tempo: 110 BPM, 100 before."


def test_a_track_that_moved_is_still_it() -> None:
    studio = Studio(BAND)
    studio.say(Intent.PLAY, parts=("bass",))
    first, *rest = studio.view.tracks
    moved = (
        track(1, "Choir", "melody", 1),
        replace(first, number=2),
        *(replace(one, number=one.number + 1) for one in rest),
    )
    studio.view = replace(studio.view, tracks=moved)
    assert action_of(studio.ask(Intent.CHANGE, changes=("busier",))).track == 6


def test_this_is_the_clip_one_looks_at_where_sound_is_heard() -> None:
    shown = ClipView(track=4, scene=1, name="Take 3", is_audio=True)
    studio = Studio(replace(BAND, shown=shown))
    studio.say(Intent.PLAY, parts=("bass",))
    assert action_of(studio.ask(Intent.SPLIT)).track == 4
    assert action_of(studio.ask(Intent.ANALYSE)).track == 4
    assert action_of(studio.ask(Intent.CHANGE, changes=("darker",))).track == 5


def test_nothing_is_done_where_all_is_so_already() -> None:
    studio = Studio(BAND)
    assert words_of(studio.say(Intent.TEMPO, bpm=120.0)) == "The tempo is 120 BPM already."
    assert words_of(studio.say(Intent.UNMUTE, target="drums")) == "Drums is not muted."
    studio.say(Intent.MUTE, target="drums")
    assert words_of(studio.say(Intent.MUTE, target="drums")) == "Drums is muted already."


def test_sets_have_memories_of_their_own() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",))
    studio.view = replace(EMPTY, set="two")
    assert "Which clip?" in question_of(studio.say(Intent.CHANGE, changes=("busier",)))
    for number in range(20):
        studio.view = replace(EMPTY, set=f"another {number}")
        studio.say(Intent.PLAY, parts=("bass",))
    assert len(studio.memory.sets) == 8


def test_the_device_presses_its_own_buttons_when_asked() -> None:
    studio = Studio()
    assert action_of(studio.say(Intent.LISTEN, bars=4, go_on=True)) == SetAction(
        intent=Intent.LISTEN, bars=4, go_on=True
    )
    assert action_of(studio.say(Intent.AUTO_SPLIT, on=True)) == SetAction(intent=Intent.AUTO_SPLIT, on=True)
    assert action_of(studio.say(Intent.AUTO_SPLIT, on=False)) == SetAction(intent=Intent.AUTO_SPLIT)
    assert action_of(studio.say(Intent.TEST)) == SetAction(intent=Intent.TEST)


@each_case(
    "intent, slots, words",
    [
        (Intent.HELP, {}, "give me a funk bass"),
        (Intent.HELP, {"what": "mix"}, "mute the drums"),
        (Intent.LIST, {"what": "styles"}, "30 styles"),
        (Intent.LIST, {"what": "engines"}, "BassaRoo (bass)"),
        (Intent.TERMINAL, {"what": "learn"}, "musearoo learn FOLDER"),
        (Intent.TERMINAL, {}, "musearoo --help"),
        (Intent.PREFERENCES, {}, "learnt nothing of you yet"),
    ],
)
def test_answers_without_an_action(intent: Intent, slots: dict[str, Any], words: str) -> None:
    assert words in words_of(Studio().say(intent, **slots))
