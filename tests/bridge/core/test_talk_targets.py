"""Who plays along, for a sentence; and whose take, jam and ears it is about, whoever it was said to."""

from __future__ import annotations

from dataclasses import replace

from musearoo.bridge.core.events.effects import Compose, Effect, NoteDone
from musearoo.bridge.core.events.incoming import Composed, Understood, Verdict
from musearoo.bridge.core.events.midi import (
    NO_OUTPUT,
    AuditionTake,
    BeginJam,
    EndJam,
    JamUnderWay,
    KeepPlayed,
    MidiSeen,
    MidiView,
    StopTake,
)
from musearoo.bridge.core.session import TERMINAL
from musearoo.bridge.core.talk_targets import jam_session, play_along_of
from musearoo.bridge.protocol import (
    Audition,
    Done,
    Failed,
    Generate,
    Keep,
    PlayJam,
    Refusal,
    SayText,
    Told,
    Transaction,
)
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.view import PlayAlongView
from tests.bridge.core.test_playing_along import PART, hear
from tests.bridge.requests.test_generate import a_set
from tests.bridge.stage import Stage, ready_stage, those, told

KEEP = Keep(0, 9, 0, 1.0, -1, -1, 0)
DROP = Audition(0, 9, 0, -1, -1)


def jam(on: int = 1) -> PlayJam:
    return PlayJam(0, 9, on, 4, "", "", 0.5, -1)


def a_generate(engine: str = "drummaroo", hear: int = 1) -> Generate:
    return Generate(0, 9, engine, "", 8, -1, 0.5, 0.5, 0.5, 0.0, "", "", -1, -1, 0, hear=hear)


def say(stage: Stage, session: int, verdict: Verdict, press: int = 9) -> list[Effect]:
    """What follows from a sentence that means so much."""
    stage.device(SayText(session, press, "words"))
    return stage.play(Understood(stage.now, (session, press), "words", verdict, "All right."))


def see(stage: Stage, session: int) -> PlayAlongView:
    live = next(iter(stage.state.lives.values()))
    return play_along_of(stage.state, (session, 9), live, a_set())


def sound(stage: Stage, effects: list[Effect]) -> list[Effect]:
    """What is to be heard has been composed."""
    (request,) = those(effects, Compose)
    return stage.play(Composed(stage.now, request.key, (Transaction(request.request_id, 9.0),), "", (), (PART,)))


def terminal(stage: Stage) -> int:
    return stage.hello(f"{TERMINAL}1", 25_009)


def test_a_quiet_studio_is_seen_as_such() -> None:
    stage, session = ready_stage()
    stage.play(MidiSeen(stage.now, MidiView(clock="live", input=1, played=3)))
    assert see(stage, session) == PlayAlongView(played=3, written_name="what MuseAroo wrote last")


def test_what_is_heard_is_seen_with_what_made_it_from_every_device_of_that_live() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    other, typed = stage.hello("device-2", 25_001), terminal(stage)
    for one in (session, other, typed):
        heard = see(stage, one).audition
        assert heard is not None
        assert (heard.name, heard.at) == ("Funk drums", stage.now)
        assert heard.action is not None
        assert (heard.action.intent, heard.action.parts, heard.action.hear) == (Intent.PLAY, ("drums",), True)
    assert not see(stage, typed).is_passing


def test_a_clip_of_the_set_that_is_heard_has_nothing_to_be_kept() -> None:
    stage, session = ready_stage()
    effects = say(stage, session, Audition(session, 9, 1, 0, 0))
    (request,) = those(effects, Compose)
    effects = stage.play(Composed(stage.now, request.key, (), "Verse", (), (PART,)))
    assert len(those(effects, AuditionTake)) == 1
    heard = see(stage, session).audition
    assert heard is not None
    assert (heard.name, heard.action) == ("Verse", None)


def test_a_take_that_was_asked_for_in_a_terminal_sounds_for_the_device_and_outlives_the_terminal() -> None:
    stage, session = ready_stage()
    typed = terminal(stage)
    effects = sound(stage, say(stage, typed, a_generate()))
    assert [effect.take.session for effect in those(effects, AuditionTake)] == [session]
    assert [done.name for done in told(effects, Done)] == ["Heard: Funk drums"]
    assert those(stage.bye(typed), StopTake) == []
    effects = say(stage, terminal(stage), KEEP)
    (request,) = those(effects, Compose)
    assert request.kept


def test_without_a_device_a_terminal_is_told_to_be_passing() -> None:
    stage = Stage()
    stage.live()
    typed = terminal(stage)
    assert see(stage, typed).is_passing
    assert not see(stage, stage.hello()).is_passing


def test_what_another_device_hears_is_kept_and_falls_silent_and_is_remembered_as_made() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    other = stage.hello("device-2", 25_001)
    (request,) = those(say(stage, other, KEEP), Compose)
    assert request.kept
    stage.play(Composed(stage.now, request.key, (Transaction(request.request_id, 9.0), *request.kept[1:])))
    effects = stage.written("device-2:9")
    assert [(hush.session, hush.at_bar) for hush in those(effects, StopTake)] == [(session, True)]
    (noted,) = those(effects, NoteDone)
    assert isinstance(noted.request, Generate)
    assert not stage.state.takes


def test_what_is_heard_is_dropped_from_anywhere_and_only_once() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    other = stage.hello("device-2", 25_001)
    effects = say(stage, other, DROP)
    assert [hush.session for hush in those(effects, StopTake)] == [session]
    assert [done.name for done in told(effects, Done)] == ["Dropped: Funk drums"]
    (failed,) = told(say(stage, other, KEEP, press=10), Failed)
    assert failed.code == Refusal.GONE


def test_the_same_part_takes_the_place_of_what_is_heard_and_another_one_does_not() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    other = stage.hello("device-2", 25_001)
    sound(stage, say(stage, other, a_generate()))
    assert list(stage.state.takes) == [session]
    stage.device(SayText(other, 10, "words"))
    effects = stage.play(Understood(stage.now, (other, 10), "words", a_generate("bassaroo"), ""))
    sound(stage, effects)
    assert list(stage.state.takes) == [session, other]


def test_a_jam_is_begun_changed_and_ended_by_words() -> None:
    stage, session = ready_stage()
    typed = terminal(stage)
    (begun,) = those(say(stage, typed, jam()), BeginJam)
    assert begun.jam.session == session
    effects = stage.play(Composed(stage.now, begun.key, (), "Jam: 4 bars each"))
    assert [done.name for done in told(effects, Done)] == ["Jam: 4 bars each"]
    seen = see(stage, session)
    assert (seen.jams, seen.jam_bars) == (True, 4)
    assert those(stage.bye(typed), EndJam) == []
    effects = say(stage, stage.hello("device-2", 25_001), jam(on=0))
    assert those(effects, EndJam) == [EndJam(at_bar=True)]
    assert [done.name for done in told(effects, Done)] == ["Jam ended"]
    assert not see(stage, session).jams


def test_what_was_played_is_kept_by_words() -> None:
    stage, session = ready_stage()
    effects = say(stage, session, Keep(session, 9, 4, 1.0, -1, -1, 0))
    assert [message.sentence for message in told(effects, Told)] == ["All right."]
    (request,) = those(effects, KeepPlayed)
    assert request.keep.bars == 4


def test_without_midi_a_sentence_is_answered_with_the_reason() -> None:
    stage, session = ready_stage()
    stage.play(MidiSeen(stage.now, MidiView(problem="Live MIDI is switched off.")))
    assert see(stage, session).problem == "Live MIDI is switched off."
    (failed,) = told(say(stage, session, jam()), Failed)
    assert failed.sentence == "Live MIDI is switched off."


def test_without_a_port_to_play_to_it_is_seen_that_nothing_would_be_heard() -> None:
    stage, session = ready_stage()
    stage.play(MidiSeen(stage.now, MidiView(clock="own", input=1, sentence=NO_OUTPUT)))
    live = next(iter(stage.state.lives.values()))
    seen = play_along_of(stage.state, (session, 9), live, a_set())
    assert (seen.silent, seen.problem) == (NO_OUTPUT, "")
    stage.play(MidiSeen(stage.now, MidiView(clock="own", input=1)))
    assert play_along_of(stage.state, (session, 9), live, a_set()).silent == ""


def test_what_is_under_way_and_what_was_written_last_are_seen() -> None:
    stage, session = ready_stage()
    stage.press(session, 1)
    stage.composed(session, 1)
    stage.written("device-1:1")
    stage.press(session, 2, hear=1)
    seen = see(stage, session)
    assert (seen.under_way, seen.is_making) == (1, True)
    assert (seen.written, seen.written_name) == ("device-1:1", "Funk drums")


def test_the_jam_of_another_live_is_nobodys_here() -> None:
    stage, session = ready_stage()
    for instance, player in (("live-1", 77), ("live-2", session)):
        under_way = JamUnderWay(replace(jam(), session=77), "device-9:1", 1, instance)
        state = replace(stage.state, jam=under_way)
        assert jam_session(state, state.sessions[session]) == player, instance
        live = stage.state.lives[1]
        assert play_along_of(state, (session, 9), live, a_set()).jams is (player == 77), instance
