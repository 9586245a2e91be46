"""Endless music: begun, steered and ended by presses, and shown on every device."""

from dataclasses import replace

from musearoo.bridge.core.ambience_events import AmbienceSeen, EndAmbience, SetAmbience
from musearoo.bridge.core.effects import Effect
from musearoo.bridge.protocol import AmbienceState, PlayAmbience
from tests.bridge.stage import Stage, answers, kinds, ready_stage, those, told

OFF = AmbienceState(on=0, preset="", key="", chords="", sentence="The sound card has gone: plug it in.")


def ambience(session: int, press: int, on: int = 1, preset: str = "", key: str = "", follow: int = 0) -> PlayAmbience:
    return PlayAmbience(
        session=session,
        press=press,
        on=on,
        preset=preset,
        out="",
        key=key,
        mood="",
        bpm=0.0,
        density=-1.0,
        brightness=0.25,
        motion=-1.0,
        space=-1.0,
        follow=follow,
        seed=-1,
    )


def ambient_stage() -> tuple[Stage, int]:
    """A Live and a device that has begun endless music."""
    stage, session = ready_stage()
    stage.device(ambience(session, 1))
    return stage, session


def names(effects: list[Effect]) -> list[str]:
    """How the presses were answered."""
    return [answer.name for answer in answers(effects) if not hasattr(answer, "sentence")]


def test_it_begins_is_steered_and_fades_out() -> None:
    stage, session = ready_stage()
    begun = stage.device(ambience(session, 1, key="D minor"))
    assert names(begun) == ["Ambience: drift in D minor"]
    (set_it,) = those(begun, SetAmbience)
    assert (set_it.request.preset, set_it.request.brightness, set_it.follows) == ("drift", 0.25, 0)
    glass = stage.device(ambience(session, 2, preset="night_bus", follow=1))
    assert names(glass) == ["Ambience: night bus in the key of the set"]
    assert those(glass, SetAmbience)[0].follows == 1
    kept = stage.device(ambience(session, 3))
    assert those(kept, SetAmbience)[0].request.preset == "night_bus", "what is not said stays"
    ended = stage.device(ambience(session, 4, on=0))
    assert (names(ended), kinds(ended)) == (["Ambience fades out"], ["Got", "EndAmbience", "Done"])
    again = stage.device(ambience(session, 5, on=0))
    assert (names(again), those(again, EndAmbience)) == (["No ambience plays"], [])


def test_a_repeated_press_is_answered_and_changes_nothing() -> None:
    stage, session = ready_stage()
    press = ambience(session, 1)
    assert kinds(stage.device(press)) == ["Got", "SetAmbience", "Done"]
    assert kinds(stage.device(press)) == ["Got", "Done"]


def test_it_needs_no_live_and_goes_on_without_one() -> None:
    stage = Stage()
    session = stage.hello()
    assert those(stage.device(ambience(session, 1, follow=1)), SetAmbience)[0].follows == 0
    stage.live()
    assert not those(stage.lose(), EndAmbience)
    assert stage.state.ambience is not None


def test_it_ends_with_its_device_but_not_with_one_that_is_silent() -> None:
    stage, session = ready_stage()
    other = stage.hello("device-2", 25_001)
    stage.device(ambience(session, 1))
    assert not those(stage.bye(other), EndAmbience)
    assert those(stage.bye(session), EndAmbience)
    assert stage.state.ambience is None
    stage, session = ready_stage()
    stage.device(ambience(session, 1))
    for _ in range(1200):
        assert not those(stage.tick(), EndAmbience)
    assert session not in stage.state.sessions
    assert stage.state.ambience is not None


def test_every_device_is_shown_how_it_goes_and_why_it_ended_by_itself() -> None:
    stage, session = ready_stage()
    stage.hello("device-2", 25_001)
    stage.device(ambience(session, 1))
    shown = replace(OFF, on=1, preset="drift", key="D minor", chords="Dm9 Bbmaj7", sentence="")
    assert told(stage.play(AmbienceSeen(stage.now, shown)), AmbienceState) == [shown] * 2
    assert stage.state.ambience is not None
    assert told(stage.play(AmbienceSeen(stage.now, OFF)), AmbienceState) == [OFF] * 2
    assert stage.state.ambience is None
