"""Sentences while playing along: auditions, captures and the jam."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.copilot.playing_along import NOTHING_AUDITIONED, PASSING, STILL_MADE
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.memory import note_done
from musearoo.engines.language.state.preferences import NO_PREFERENCES
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView
from tests.each_case import each_case
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, question_of, words_of

FUNK_BASS = SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", bars=4, scene=1, hear=True)
HEARD = AuditionedTake(name="funk bass", action=FUNK_BASS, at=100.0)
QUIET = PlayAlongView(played=8)


def studio(**along: Any) -> Studio:
    """Return a band's set with that state of playing along."""
    return Studio(replace(BAND, along=replace(QUIET, **along)))


def test_new_parts_are_heard_before_they_are_kept_where_that_is_said() -> None:
    reply = studio().ask(Intent.PLAY, parts=("bass",), bars=4, hear=True)
    assert action_of(reply).hear
    assert reply.sentence == "Bass, 4 bars, to be heard first."


def test_several_takes_are_written_for_they_cannot_be_heard_at_once() -> None:
    assert not action_of(studio().ask(Intent.PLAY, parts=("bass",), takes=3, hear=True)).hear


@each_case(
    "along, why",
    [
        ({"problem": "Live MIDI is switched off."}, "Live MIDI is switched off."),
        ({"silent": "There is no MIDI port to play to."}, "There is no MIDI port to play to."),
        ({"is_passing": True}, "No device"),
    ],
)
def test_what_cannot_be_heard_may_be_written_at_once(along: dict[str, Any], why: str) -> None:
    talk = studio(**along)
    assert question_of(talk.ask(Intent.PLAY, parts=("bass",), hear=True)).startswith(why)
    assert not action_of(talk.ask(Intent.YES)).hear


def test_keep_writes_what_is_heard_and_otherwise_likes_what_stands() -> None:
    talk = studio(audition=HEARD)
    assert talk.ask(Intent.KEEP).sentence == "Keeping the funk bass."
    assert action_of(talk.ask(Intent.KEEP, target="bass")) == SetAction(intent=Intent.KEEP, parts=("bass",))
    talk.view = replace(talk.view, along=QUIET)
    talk.say(Intent.PLAY, parts=("drums",))
    talk.view = replace(talk.view, along=replace(QUIET, audition=HEARD))
    assert words_of(talk.ask(Intent.KEEP, target="drums")).startswith("Kept: drums.")


def test_what_was_heard_first_and_kept_is_liked_and_written_from_then_on() -> None:
    talk = studio()
    request = {"request": "r1", "name": "funk bass", "track": 2, "scene": 1, "now": 101.0}
    talk.memory = note_done(talk.memory, "one", FUNK_BASS, **request)  # type: ignore[arg-type]
    assert talk.memory.preferences != NO_PREFERENCES
    assert words_of(talk.ask(Intent.KEEP, target="bass")) == "The funk bass is kept already."
    assert not action_of(talk.ask(Intent.AGAIN)).hear


def test_nothing_is_kept_while_it_is_still_being_made() -> None:
    assert words_of(studio(is_making=True, under_way=1).ask(Intent.KEEP)) == STILL_MADE


def test_another_and_a_change_sound_in_place_of_what_is_heard() -> None:
    talk = studio(audition=HEARD)
    assert action_of(talk.ask(Intent.AGAIN)) == FUNK_BASS
    busier = talk.ask(Intent.CHANGE, changes=("busier",))
    assert action_of(busier) == replace(FUNK_BASS, complexity=0.7)
    assert busier.sentence == "The funk bass, busier, to be heard."
    assert action_of(talk.ask(Intent.CHANGE, style="reggae")) == replace(FUNK_BASS, style="reggae")
    assert action_of(talk.ask(Intent.ANSWER, style="reggae")) == replace(FUNK_BASS, style="reggae")
    assert action_of(talk.ask(Intent.PLAY, parts=("bass",), style="dub")).hear
    assert not action_of(talk.ask(Intent.PLAY, parts=("drums",))).hear
    assert not action_of(talk.ask(Intent.AGAIN, takes=4)).hear


def test_a_clip_that_is_changed_to_be_heard_is_changed_further() -> None:
    darker = SetAction(intent=Intent.CHANGE, parts=("bass",), changes=("darker",), track=2, scene=1, hear=True)
    talk = studio(audition=AuditionedTake(name="Bass, darker", action=darker))
    assert action_of(talk.ask(Intent.CHANGE, changes=("busier",))).changes == ("darker", "busier")
    assert "keep what you hear first" in words_of(talk.ask(Intent.CHANGE, changes=("busier",), first_bar=2, last_bar=3))


def test_another_part_than_the_one_that_is_heard_is_changed_where_it_stands() -> None:
    action = action_of(studio(audition=HEARD).ask(Intent.CHANGE, target="drums", changes=("busier",)))
    assert (action.intent, action.track, action.hear) == (Intent.CHANGE, 1, False)


def test_undo_drops_what_is_heard_unless_something_was_written_since() -> None:
    talk = studio(audition=HEARD)
    dropped = talk.ask(Intent.UNDO)
    assert (action_of(dropped), dropped.sentence) == (SetAction(intent=Intent.HEAR), "Dropping the funk bass.")
    talk.say(Intent.MUTE, target="drums")
    assert action_of(talk.ask(Intent.UNDO)) == SetAction(intent=Intent.UNDO)


def test_undo_names_what_was_written_last_even_where_the_player_played_it() -> None:
    talk = studio()
    talk.say(Intent.PLAY, parts=("drums",))
    talk.view = replace(talk.view, along=replace(QUIET, written="device:9", written_name="Played"))
    assert talk.ask(Intent.UNDO).sentence == "Undoing: Played."
    talk.view = replace(talk.view, along=replace(QUIET, written="r1", written_name="drums"))
    assert talk.ask(Intent.UNDO).sentence == "Undoing the drums."


@each_case(
    "along, action",
    [
        ({"audition": HEARD, "under_way": 1}, SetAction(intent=Intent.CANCEL)),
        ({"audition": HEARD, "jams": True}, SetAction(intent=Intent.JAM)),
        ({"audition": HEARD}, SetAction(intent=Intent.HEAR)),
        ({}, SetAction(intent=Intent.CANCEL)),
    ],
)
def test_stop_is_for_what_is_under_way_then_for_what_sounds(along: dict[str, Any], action: SetAction) -> None:
    assert action_of(studio(**along).ask(Intent.CANCEL)) == action


def test_a_clip_of_the_set_is_heard_and_dropped() -> None:
    talk = studio()
    audition = talk.ask(Intent.HEAR, target="bass", on=True)
    assert (action_of(audition).track, action_of(audition).scene) == (2, 1)
    assert audition.sentence == "You hear Sub Bass in scene 1 from the next bar on."
    assert "is audio" in words_of(talk.ask(Intent.HEAR, target="melody", on=True))
    assert words_of(talk.ask(Intent.HEAR, on=False)) == NOTHING_AUDITIONED
    talk.view = replace(talk.view, along=replace(QUIET, audition=AuditionedTake(name="Verse")))
    assert talk.ask(Intent.HEAR, on=False).sentence == "Verse is heard no more."
    assert action_of(talk.ask(Intent.UNDO)) == SetAction(intent=Intent.UNDO), "it stands in the set anyway"


def test_a_running_audition_is_reported() -> None:
    message = "You hear it: the funk bass. Say “keep it”, “another” or “drop it”."
    assert words_of(studio(audition=HEARD).ask(Intent.HEAR, on=True)) == message


@each_case(
    "along, why",
    [
        ({"problem": "Live MIDI is switched off."}, "Live MIDI is switched off."),
        ({"has_input": False}, "No MIDI keyboard is there"),
        ({"played": 0}, "Nothing was played by MIDI yet"),
    ],
)
def test_what_was_not_played_is_not_kept(along: dict[str, Any], why: str) -> None:
    assert words_of(studio(**along).ask(Intent.CAPTURE)).startswith(why)


@each_case("bars, sentence", [(0, "Keeping your last phrase as a clip."), (1, "Keeping the last bar as a clip.")])
def test_what_was_played_is_kept(bars: int, sentence: str) -> None:
    reply = studio().ask(Intent.CAPTURE, bars=bars)
    assert (action_of(reply), reply.sentence) == (SetAction(intent=Intent.CAPTURE, bars=bars, scene=1), sentence)


def test_a_turn_that_is_too_long_is_asked_about() -> None:
    talk = studio()
    # The slots hold no more bars than are remembered.
    assert action_of(talk.ask(Intent.CAPTURE, bars=64)).bars == 64
    assert question_of(talk.ask(Intent.JAM, on=True, bars=32)) == "A turn has up to 16 bars. Shall it have 16?"
    assert action_of(talk.ask(Intent.YES)).bars == 16


def test_a_jam_is_fours_with_the_band_unless_something_else_is_said() -> None:
    reply = studio().ask(Intent.JAM, on=True)
    assert action_of(reply) == SetAction(intent=Intent.JAM, on=True, bars=4)
    assert reply.sentence == "We jam: you play 4 bars, then the band answers."
    reply = studio().ask(Intent.JAM, on=True, parts=("drums",), bars=2, style="funk")
    assert action_of(reply) == SetAction(intent=Intent.JAM, on=True, bars=2, parts=("drums",), style="funk")
    assert reply.sentence == "We jam: you play 2 bars, then the drums answer, funk."
    assert action_of(studio(jams=True, jam_bars=8).ask(Intent.JAM, on=True, style="dub")).bars == 8


def test_of_several_who_shall_answer_one_is_asked_for() -> None:
    talk = studio()
    assert "bass or drums?" in question_of(talk.ask(Intent.JAM, on=True, parts=("bass", "drums")))
    assert action_of(talk.ask(Intent.ANSWER, parts=("bass",))).parts == ("bass",)


@each_case(
    "along, why",
    [
        ({"problem": "Live MIDI is switched off."}, "Live MIDI is switched off."),
        ({"has_input": False}, "No MIDI keyboard is there"),
        ({"silent": "There is no MIDI port to play to."}, "There is no MIDI port to play to."),
        ({"is_passing": True}, PASSING),
    ],
)
def test_a_jam_that_nobody_would_hear_is_not_begun(along: dict[str, Any], why: str) -> None:
    assert words_of(studio(**along).ask(Intent.JAM, on=True)).startswith(why)


def test_a_jam_ends_where_there_is_one() -> None:
    assert words_of(studio().ask(Intent.JAM, on=False)).startswith("Nobody jams just now")
    assert action_of(studio(jams=True).ask(Intent.JAM, on=False)) == SetAction(intent=Intent.JAM)


def test_without_a_set_requests_are_taken_literally() -> None:
    talk = Studio(replace(EMPTY, set=""))
    for intent, slots in (
        (Intent.JAM, {"on": True}),
        (Intent.JAM, {"on": False}),
        (Intent.HEAR, {"on": True}),
        (Intent.HEAR, {"on": False}),
        (Intent.CAPTURE, {"bars": 4}),
    ):
        assert action_of(talk.ask(intent, **slots)).intent is intent


def test_one_plays_to_what_was_played_as_long_as_that_was() -> None:
    reply = studio(played=3).ask(Intent.PLAY, parts=("melody",), to_played="answer")
    assert (action_of(reply).to_played, action_of(reply).bars) == ("answer", 3)
    assert reply.sentence == "Melody, 3 bars, in answer to what you played."
    assert action_of(studio().ask(Intent.PLAY, parts=("bass",), to_played="accompany", bars=2)).bars == 2
    talk = studio()
    assert question_of(talk.ask(Intent.PLAY, parts=("bass", "drums"), to_played="answer")).endswith("which one?")
    assert action_of(talk.ask(Intent.ANSWER, parts=("bass",))).to_played == "answer"
    assert words_of(studio(played=0).ask(Intent.PLAY, parts=("bass",), to_played="answer")).startswith("Nothing was")


def test_to_be_another_one_it_is_played_to_the_same() -> None:
    talk = studio()
    talk.say(Intent.PLAY, parts=("bass",), to_played="accompany")
    assert action_of(talk.ask(Intent.AGAIN)).to_played == "accompany"
    assert action_of(talk.ask(Intent.PLAY, parts=("bass",))).to_played == ""


def test_yes_and_no_answer_what_is_heard_where_nothing_else_was_asked() -> None:
    talk = studio(audition=HEARD)
    assert action_of(talk.ask(Intent.YES)).intent is Intent.KEEP
    assert action_of(talk.ask(Intent.NO)) == SetAction(intent=Intent.HEAR)
    question_of(talk.ask(Intent.JAM, on=True, bars=32))
    assert words_of(talk.ask(Intent.NO)) == "All right, nothing changes."
    assert words_of(studio().ask(Intent.YES)) == "Nothing was asked."
    assert words_of(studio(audition=HEARD).ask(Intent.NO, confidence=0.4)) == "Nothing was asked."
