"""Endless music: begun, steered and ended by presses, and shown on every device."""

from dataclasses import replace
from typing import Any

from musearoo.bridge.core.events.ambience import AmbienceSeen, AmbienceSet, AmbienceUnderWay, EndAmbience, SetAmbience
from musearoo.bridge.core.events.effects import Effect
from musearoo.bridge.core.events.midi import FollowClocks
from musearoo.bridge.protocol import AmbienceState, Done, Failed, PlayAmbience, Refusal
from musearoo.bridge.protocol.midi_process import ClockSource
from tests.bridge.core.test_playing_along import transport
from tests.bridge.stage import Stage, kinds, ready_stage, those, told

OFF = AmbienceState(on=0, preset="", key="", chords="", sentence="The sound card has gone: plug it in.")


def ambience(session: int, press: int, on: int = 1, preset: str = "", out: str = "", follow: int = 0) -> PlayAmbience:
    """A press for endless music."""
    return PlayAmbience(
        session=session,
        press=press,
        on=on,
        preset=preset,
        out=out,
        key="",
        mood="",
        bpm=0.0,
        density=-1.0,
        brightness=0.25,
        motion=-1.0,
        space=-1.0,
        follow=follow,
        seed=-1,
    )


def begun(stage: Stage, session: int, press: int, **asked: Any) -> list[Effect]:
    """Press for endless music, and let it be carried out."""
    effects = stage.device(ambience(session, press, **asked))
    for each in those(effects, SetAmbience):
        preset = each.request.preset or "drift"
        done = AmbienceSet(stage.now, each.key, f"Ambience: {preset}", preset=preset, out=each.request.out or "card")
        effects = [*effects, *stage.play(done)]
    return effects


def ambient_stage() -> tuple[Stage, int]:
    """A Live and a device that has begun endless music."""
    stage, session = ready_stage()
    begun(stage, session, 1)
    return stage, session


def names(effects: list[Effect]) -> list[str]:
    """How the presses were answered."""
    return [answer.name for answer in told(effects, Done)]


def test_it_begins_is_steered_and_fades_out() -> None:
    stage, session = ready_stage()
    asked = stage.device(ambience(session, 1))
    assert (kinds(asked), stage.state.ambience) == (["Got", "SetAmbience"], None), "answered when it plays"
    done = stage.play(AmbienceSet(stage.now, (session, 1), "Ambience: drift", preset="drift", out="card"))
    assert names(done) == ["Ambience: drift"]
    assert stage.state.ambience == AmbienceUnderWay(session, "drift", "card", stage.now)
    follows = stage.device(ambience(session, 2, follow=1))
    assert those(follows, SetAmbience)[0].follows == stage.state.lives[1].hello.instance
    ended = stage.device(ambience(session, 4, on=0))
    assert (names(ended), kinds(ended)[:3]) == (["Ambience fades out"], ["Got", "EndAmbience", "Done"])
    # The second press was under way: its service answers that it was ended.
    late = stage.play(AmbienceSet(stage.now, (session, 2), refusal=(Refusal.CANCELLED, "Ended.")))
    assert [answer.code for answer in told(late, Failed)] == [Refusal.CANCELLED]
    again = stage.device(ambience(session, 5, on=0))
    assert (names(again), those(again, EndAmbience)) == (["No ambience plays"], [])


def test_a_repeated_press_is_answered_and_changes_nothing() -> None:
    stage, session = ready_stage()
    press = ambience(session, 1)
    assert kinds(stage.device(press)) == ["Got", "SetAmbience"]
    assert kinds(stage.device(press)) == ["Got"], "it is under way"
    stage.play(AmbienceSet(stage.now, (session, 1), "Ambience: drift", preset="drift", out="card"))
    assert kinds(stage.device(press)) == ["Got", "Done"]


def test_what_cannot_be_is_refused_and_nothing_plays() -> None:
    stage, session = ready_stage()
    stage.device(ambience(session, 1, preset="polka"))
    refused = stage.play(AmbienceSet(stage.now, (session, 1), refusal=(Refusal.BAD_PARAMETER, "No preset polka.")))
    assert [answer.sentence for answer in told(refused, Failed)] == ["No preset polka."]
    assert (stage.state.ambience, stage.state.ambience_asked) == (None, frozenset())


def test_it_needs_no_live_and_goes_on_without_one() -> None:
    stage = Stage()
    session = stage.hello()
    (set_it,) = those(begun(stage, session, 1, follow=1), SetAmbience)
    assert (set_it.follows, set_it.request.follow) == ("", 0)
    stage.live()
    assert not those(stage.lose(), EndAmbience)
    assert stage.state.ambience is not None


def test_it_ends_with_its_device_but_not_with_one_that_is_silent() -> None:
    stage, session = ready_stage()
    other = stage.hello("device-2", 25_001)
    begun(stage, session, 1)
    assert not those(stage.bye(other), EndAmbience)
    assert those(stage.bye(session), EndAmbience)
    assert stage.state.ambience is None
    stage, session = ready_stage()
    begun(stage, session, 1)
    for _ in range(1200):
        assert not those(stage.tick(), EndAmbience)
    assert session not in stage.state.sessions
    assert stage.state.ambience is not None


def test_what_a_terminal_begins_plays_on_without_it_and_what_a_gone_device_asked_for_ends() -> None:
    stage, session = ready_stage()
    terminal = stage.hello("terminal-1", 25_001)
    begun(stage, terminal, 1)
    assert not those(stage.bye(terminal), EndAmbience)
    assert stage.state.ambience == AmbienceUnderWay(0, "drift", "card", stage.now)
    stage, session = ready_stage()
    stage.device(ambience(session, 1))
    stage.bye(session)
    assert those(stage.play(AmbienceSet(stage.now, (session, 1), "x", preset="drift", out="card")), EndAmbience)


def test_at_the_midi_port_it_plays_while_live_is_stopped() -> None:
    stage, session = ready_stage()
    stage.script(transport(0))
    (clocks,) = those(begun(stage, session, 1, out="midi"), FollowClocks)
    assert ClockSource.LIVE not in clocks.sources
    assert ClockSource.LIVE in those(stage.device(ambience(session, 2, on=0)), FollowClocks)[0].sources


def test_every_device_is_shown_how_it_goes_and_why_it_ended_by_itself() -> None:
    stage, session = ready_stage()
    stage.hello("device-2", 25_001)
    begun(stage, session, 1)
    shown = replace(OFF, on=1, preset="drift", key="D minor", chords="Dm9 Bbmaj7", sentence="")
    assert told(stage.play(AmbienceSeen(stage.now, shown)), AmbienceState) == [shown] * 2
    assert stage.state.ambience is not None
    assert told(stage.play(AmbienceSeen(stage.now, OFF)), AmbienceState) == [OFF] * 2
    assert stage.state.ambience is None
