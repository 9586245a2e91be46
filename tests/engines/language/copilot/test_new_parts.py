"""New parts, songs and loops: their settings, their destination, and the questions asked first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask, Question
from musearoo.engines.language.state.memory import Memory
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, learn
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView, SetView, TrackView
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, track

BASSES = (track(1, "Low", "bass", 1), track(2, "Deep", "bass", 1))
QUIET = PlayAlongView(played=8)


def question(studio: Studio) -> Question:
    """Return the last question."""
    found = studio.memory.of(studio.view.set).question
    assert found is not None
    return found


def numbers(studio: Studio) -> list[str]:
    """Return the numbers in the last reply."""
    return re.findall(r"\d+(?::\d+)?", studio.reply.sentence)


def replacing(*tracks: TrackView) -> Studio:
    """Return a studio in which a bass replaces the existing one."""
    studio = Studio(replace(EMPTY, tracks=tracks))
    studio.ask(Intent.PLAY, parts=("bass",), replace=True)
    return studio


def test_the_clip_that_makes_way_is_on_the_only_track_that_can_take_notes() -> None:
    own = track(3, "BassaRoo", "bass", 1, own=True)
    loop = track(4, "Loop", "bass", 1, audio=True)
    assert action_of(replacing().reply).track == 0
    assert action_of(replacing(replace(BASSES[0], clips=frozenset({2}))).reply).track == 0
    assert action_of(replacing(track(1, "Drums", "drums", 1)).reply).track == 0
    assert action_of(replacing(*BASSES, own).reply) == replace(action_of(replacing(own).reply), track=0)
    for tracks, number in (((BASSES[1],), 2), ((loop, BASSES[0]), 1)):
        studio = replacing(*tracks)
        assert question(studio).destroys
        assert action_of(studio.ask(Intent.YES)).track == number


def test_of_two_that_could_make_way_one_is_asked_for() -> None:
    studio = replacing(*BASSES)
    assert question(studio).slot == "track"
    assert numbers(studio) == ["1", "2"]
    studio.ask(Intent.ANSWER, track=2)
    assert action_of(studio.ask(Intent.YES)).track == 2


def test_a_question_names_four_tracks_at_most() -> None:
    studio = replacing(*(track(number, "B", "bass", 1) for number in range(1, 6)))
    assert numbers(studio) == ["1", "2", "3", "4"]


def test_where_only_sound_could_make_way_it_is_played_beside_it() -> None:
    studio = replacing(track(1, "Loop", "bass", 1, audio=True))
    assert not question(studio).destroys
    action = action_of(studio.ask(Intent.YES))
    assert (action.replace, action.track) == (False, 0)


def test_several_parts_make_way_for_nobody_and_go_on_no_single_track() -> None:
    studio = Studio(replace(EMPTY, tracks=BASSES))
    assert action_of(studio.ask(Intent.PLAY, parts=("drums", "harmony"), replace=True)).track == 0
    assert isinstance(studio.ask(Intent.PLAY, parts=("drums", "harmony"), track=1), Ask)
    assert action_of(studio.ask(Intent.YES)).track == 0
    assert isinstance(studio.ask(Intent.PLAY, parts=("band",), track=1), Ask)
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), track=1)).track == 1


def test_as_many_bars_are_answered_as_were_played_up_to_eight() -> None:
    for played, bars in ((1, 1), (3, 3), (8, 8), (9, 8), (40, 8)):
        studio = Studio(replace(EMPTY, along=replace(QUIET, played=played)))
        action = action_of(studio.ask(Intent.PLAY, parts=("harmony",), to_played="accompany"))
        assert (action.bars, action.to_played) == (bars, "accompany"), played
    assert action_of(Studio().ask(Intent.PLAY, parts=("harmony",), to_played="accompany")).bars == 8
    assert action_of(studio.ask(Intent.PLAY, parts=("harmony",), to_played="answer", bars=2)).bars == 2
    assert action_of(studio.ask(Intent.PLAY, parts=("harmony",), to_played="backwards")).to_played == ""


def test_chords_and_prompts_have_a_longest() -> None:
    chords = "Am " * 53
    assert len(action_of(Studio().ask(Intent.PLAY, parts=("bass",), chords=chords)).chords) == 159
    assert action_of(Studio().ask(Intent.PLAY, parts=("bass",), chords=f"{chords}C")).chords == f"{chords}C"
    assert isinstance(Studio().ask(Intent.PLAY, parts=("bass",), chords=f"{chords}Am"), Answer)
    assert isinstance(Studio().ask(Intent.IMAGINE, prompt="x" * 400), Act)
    assert isinstance(Studio().ask(Intent.IMAGINE, prompt="x" * 401), Answer)


def test_an_invalid_progression_is_reported() -> None:
    for chords in ("Xm", "|", "N.C."):
        assert isinstance(Studio().ask(Intent.PLAY, parts=("bass",), chords=chords), Answer), chords
    assert action_of(Studio().ask(Intent.PLAY, parts=("bass",), chords="N.C. Am")).chords == "N.C. Am"


def test_numerals_are_in_the_stated_or_known_key() -> None:
    assert action_of(Studio().ask(Intent.PLAY, numerals="2 5 1", key="Bb major")).chords == "Cm F Bb"
    known = Studio(replace(EMPTY, key="D minor", key_confidence=0.5))
    action = action_of(known.ask(Intent.PLAY, numerals="I V"))
    assert (action.parts, action.chords) == (("harmony",), "D A")
    unknown = Studio(replace(EMPTY, key="D minor", key_confidence=0.49))
    assert isinstance(unknown.ask(Intent.PLAY, numerals="I V"), Ask)
    assert question(unknown).slot == "key"
    assert action_of(unknown.ask(Intent.ANSWER, key="C major")).chords == "C G"
    assert isinstance(known.ask(Intent.PLAY, numerals="IX"), Answer)


def test_a_tempo_beyond_what_live_has_is_offered_within() -> None:
    studio = Studio()
    assert isinstance(studio.ask(Intent.PLAY, parts=("drums",), bpm=19.9), Ask)
    assert action_of(studio.ask(Intent.YES)).bpm == 20.0
    for bpm in (20.0, 999.0):
        assert action_of(Studio().ask(Intent.PLAY, parts=("drums",), bpm=bpm)).bpm == bpm


def test_a_manner_is_for_a_bass_alone() -> None:
    assert action_of(Studio().ask(Intent.PLAY, manner="pedal")).parts == ("bass",)
    assert action_of(Studio().ask(Intent.PLAY, parts=("bass", "drums"), manner="walking")).manner == "walking"
    assert action_of(Studio().ask(Intent.PLAY, parts=("band",), manner="walking")).manner == ""
    assert isinstance(Studio().ask(Intent.PLAY, parts=("drums",), manner="walking"), Answer)
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), manner="walking")
    assert action_of(studio.ask(Intent.PLAY, like="last")).manner == "walking"
    assert action_of(studio.ask(Intent.PLAY, like="last", parts=("drums",))).manner == ""


def test_parts_that_nobody_plays_are_asked_about_and_the_band_is_all() -> None:
    studio = Studio()
    assert isinstance(studio.ask(Intent.PLAY, parts=("bass", "zither")), Ask)
    assert question(studio).slot == "parts"
    assert action_of(studio.ask(Intent.PLAY, parts=("bass", "band", "drums"))).parts == ("band",)
    assert action_of(studio.ask(Intent.PLAY, parts=("bass", "drums", "bass"))).parts == ("bass", "drums")
    assert action_of(studio.ask(Intent.PLAY, target="melody")).parts == ("melody",)
    assert isinstance(studio.ask(Intent.PLAY, target="vox"), Ask)


def test_a_key_of_the_set_is_for_scenes_where_nothing_says_one() -> None:
    here = track(1, "Bass", "bass", 2)
    for tracks, scene, key in (
        ((), "2", "D minor"),
        ((), "1", ""),
        ((replace(here, part="drums"),), "2", "D minor"),
        ((here,), "2", ""),
        ((here,), "3", "D minor"),
    ):
        studio = Studio(replace(EMPTY, tracks=tracks, key="D minor", key_confidence=0.9))
        assert action_of(studio.ask(Intent.PLAY, parts=("melody",), scene=scene)).key == key, (tracks, scene)
    assert action_of(studio.ask(Intent.PLAY, parts=("melody",), scene="3", chords="Am F")).key == ""
    assert action_of(studio.ask(Intent.PLAY, parts=("melody",), scene="3", key="C major")).key == "C major"


def test_a_style_continues_unless_another_is_stated() -> None:
    styled = replace(EMPTY, style="funk", style_confidence=0.5)
    assert action_of(Studio(styled).ask(Intent.PLAY, parts=("bass",))).style == ""
    assert action_of(Studio(styled).ask(Intent.PLAY, parts=("bass",), scene="2")).style == "funk"
    assert action_of(Studio(styled).ask(Intent.PLAY, parts=("bass",), scene="2", style="dub")).style == "dub"
    gone = replace(styled, style="gone")
    assert action_of(Studio(gone).ask(Intent.PLAY, parts=("bass",), scene="2")).style == ""
    studio = Studio()
    studio.say(Intent.PLAY, parts=("drums",), style="reggae")
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",))).style == "reggae"
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="3")).style == "reggae"


def liked(**traits: Any) -> Preferences:
    """Return the preferences of a user who kept four such basses."""
    found = NO_PREFERENCES
    for _ in range(4):
        found = learn(found, SetAction(intent=Intent.PLAY, parts=("bass",), **traits), liked=True)
    return found


def fond(**traits: Any) -> Studio:
    """Return a set of a user with such preferences."""
    studio = Studio()
    studio.memory = Memory(preferences=liked(**traits))
    return studio


def test_what_is_liked_fills_what_a_sentence_leaves_open_and_no_more() -> None:
    busy = {"complexity": 0.9}
    for traits, slots, name, value in (
        (busy, {}, "complexity", 0.9),
        (busy, {"changes": ("simpler",)}, "complexity", 0.3),
        (busy, {"changes": ("denser",)}, "complexity", 0.9),
        (busy, {"parts": ("drums",)}, "complexity", 0.5),
        (busy, {"parts": ("bass", "drums")}, "complexity", 0.5),
        ({"density": 0.1}, {}, "density", 0.1),
        ({"density": 0.1}, {"changes": ("a bit sparser",)}, "density", 0.38),
        ({"swing": 1.5}, {}, "swing", 1.5),
        ({"swing": 1.5}, {"changes": ("straight",)}, "swing", 1.0),
        ({"swing": 1.5}, {"changes": ("more swing",)}, "swing", 1.3),
        ({"changes": ("lower",)}, {}, "changes", ("lower",)),
        ({"changes": ("lower",)}, {"changes": ("higher",)}, "changes", ("higher",)),
        ({"changes": ("lower",)}, {"changes": ("darker",)}, "changes", ("lower", "darker")),
        ({"bars": 4}, {}, "bars", 4),
        ({"bars": 4}, {"bars": 16}, "bars", 16),
        ({"bars": 4}, {"chords": "Am F"}, "bars", 8),
        ({"style": "dub"}, {}, "style", "dub"),
        ({"style": "dub"}, {"style": "funk"}, "style", "funk"),
        ({"style": "gone"}, {}, "style", ""),
    ):
        action = action_of(fond(**traits).ask(Intent.PLAY, **{"parts": ("bass",), **slots}))  # type: ignore[arg-type]
        assert getattr(action, name) == value, (traits, slots)


def test_a_style_that_is_liked_gives_way_to_one_that_was_begun_here() -> None:
    studio = fond(style="dub")
    studio.say(Intent.PLAY, parts=("drums",), style="funk", scene="2")
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",), scene="2")).style == "funk"
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",))).style == "dub"


def test_like_the_last_takes_nothing_from_what_is_liked() -> None:
    studio = fond(complexity=0.9)
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), bars=4, scene=1))
    assert action_of(studio.ask(Intent.PLAY, like="last")).complexity == 0.5


def test_the_last_of_the_same_part_is_meant_before_the_last_of_all() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), style="funk", bars=4)
    studio.say(Intent.PLAY, parts=("drums",), style="dub", bars=2)
    for slots, style, bars in (({}, "dub", 2), ({"parts": ("bass",)}, "funk", 4), ({"parts": ("melody",)}, "dub", 2)):
        action = action_of(studio.ask(Intent.PLAY, like="last", **slots))  # type: ignore[arg-type]
        assert (action.style, action.bars) == (style, bars), slots
    audition = AuditionedTake(
        name="x", action=SetAction(intent=Intent.PLAY, parts=("bass",), style="soul", bars=3, hear=True)
    )
    studio.view = replace(studio.view, along=replace(QUIET, audition=audition))
    for slots, style in (({}, "soul"), ({"parts": ("bass",)}, "soul"), ({"parts": ("drums",)}, "dub")):
        assert action_of(studio.ask(Intent.PLAY, like="last", **slots)).style == style, slots  # type: ignore[arg-type]


def test_another_part_while_one_is_heard_is_heard_as_well_where_it_is_the_same_part() -> None:
    audition = AuditionedTake(name="x", action=SetAction(intent=Intent.PLAY, parts=("bass",), hear=True))
    studio = Studio(replace(EMPTY, along=replace(QUIET, audition=audition)))
    assert action_of(studio.ask(Intent.PLAY, parts=("bass",))).hear
    assert not action_of(studio.ask(Intent.PLAY, parts=("drums",))).hear
    assert not action_of(studio.ask(Intent.PLAY, parts=("bass",), takes=2)).hear


def test_busier_than_another_part_is_heard_from_where_that_part_is() -> None:
    studio = Studio()
    studio.do(SetAction(intent=Intent.PLAY, parts=("drums",), complexity=0.2, density=0.6, scene=1, bars=4))
    for change, complexity, density in (
        ("busier", 0.4, 0.5),
        ("denser", 0.5, 0.8),
        ("much simpler", 0.0, 0.5),
        ("darker", 0.5, 0.5),
    ):
        action = action_of(studio.ask(Intent.PLAY, parts=("bass",), changes=(change,), than="drums"))
        assert (action.complexity, action.density) == (complexity, density), change
    assert isinstance(studio.ask(Intent.PLAY, parts=("bass",), changes=("busier",), than="melody"), Ask)
    assert action_of(studio.ask(Intent.YES)).complexity == 0.7
    unseen = Studio(SetView())
    assert action_of(unseen.ask(Intent.PLAY, parts=("bass",), changes=("busier",), than="melody")).complexity == 0.7


def test_the_reply_has_the_numbers_of_the_action() -> None:
    studio = Studio(replace(BAND, along=QUIET))
    for slots, expected in (
        ({"bars": 1}, ["1"]),
        ({"bars": 4, "takes": 3}, ["3", "4"]),
        ({"bars": 4, "takes": 1}, ["4"]),
        ({"bars": 4, "bpm": 92.0}, ["4", "92"]),
        ({"bars": 4, "track": 2}, ["4", "2"]),
        ({"bars": 4, "scene": "3"}, ["4", "3"]),
        ({"bars": 4, "scene": "this"}, ["4"]),
        ({"bars": 4, "scene": "new"}, ["4"]),
    ):
        studio.ask(Intent.PLAY, **{"parts": ("bass",), **slots})  # type: ignore[arg-type]
        assert numbers(studio) == expected, slots


def test_the_length_of_a_song_is_reported_in_common_words() -> None:
    for seconds, expected in ((15, ["15"]), (59, ["59"]), (60, ["1"]), (61, ["1:01"]), (120, ["2"]), (150, ["2:30"])):
        studio = Studio()
        action = action_of(studio.ask(Intent.SONG, seconds=seconds))
        assert (action.seconds, action.where, numbers(studio)) == (seconds, "scenes", expected)
    one, two = (Studio().ask(Intent.SONG, seconds=each).sentence for each in (60, 120))
    assert len(two) == len(one) + 1


def test_a_song_takes_how_busy_it_is_to_be_and_says_what_it_leaves() -> None:
    action = action_of(Studio().ask(Intent.SONG, changes=("much busier", "darker"), where="timeline", style="funk"))
    assert (action.complexity, action.changes, action.where, action.style) == (0.85, (), "timeline", "funk")
    assert action_of(Studio().ask(Intent.SONG, where="nowhere")).where == "scenes"
    plain, dark = (Studio().ask(Intent.SONG, changes=each).sentence for each in (("busier",), ("busier", "darker")))
    assert "darker" not in plain
    assert "darker" in dark


def test_a_loop_goes_on_audio_tracks() -> None:
    studio = Studio(BAND)
    assert action_of(studio.ask(Intent.IMAGINE, prompt="dub", track=4)).track == 4
    for number in (1, 9):
        assert isinstance(studio.ask(Intent.IMAGINE, prompt="dub", track=number), Ask)
        assert action_of(studio.ask(Intent.YES)).track == 0
    action = action_of(studio.ask(Intent.IMAGINE, prompt="dub", takes=3))
    assert (action.bars, action.takes, numbers(studio)) == (8, 3, ["3", "8"])
    assert action_of(Studio(SetView()).ask(Intent.IMAGINE, prompt="dub", track=9)).track == 9


def test_one_new_part_takes_the_sound_of_a_track_that_is_there() -> None:
    studio = Studio(replace(EMPTY, tracks=BASSES))
    assert action_of(studio.ask(Intent.PLAY, parts=("melody",), sound_of=2)).changes == ("sound of track 2",)
    for parts in (("drums", "bass"), ("band",)):
        assert isinstance(studio.ask(Intent.PLAY, parts=parts, sound_of=2), Ask)
        assert action_of(studio.ask(Intent.YES)).changes == ()
    assert isinstance(studio.ask(Intent.PLAY, parts=("melody",), sound_of=7), Ask)
    assert "no track 7" in studio.reply.sentence
    assert action_of(studio.ask(Intent.YES)).changes == ()
