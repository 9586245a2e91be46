"""Dials at rest are told to the daemon once, where it does not know them yet, and nothing else comes of it."""

from dataclasses import replace

from musearoo.bridge.protocol import BeatBack, Dials, Generate, Got, LiveState
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Place, Sent, Stage, orders

AS_MADE = Dials(SESSION, 1, "", 8, 0.5, 0.5, 0.5, 0.0, "", -1, 0, 0, "")
"""How a new device is."""


def told(sent: list[Sent]) -> list[Dials]:
    """What was said of the dials."""
    return [message for message in orders(sent) if isinstance(message, Dials)]


def rest(stage: Stage, seconds: float = 0.3) -> list[Dials]:
    """What was said of the dials while time passes; the daemon is there."""
    sent = stage.wait(seconds)
    stage.hear(BeatBack(0, LiveState.READY))
    return told(sent)


def press(stage: Stage, button: str) -> Generate:
    """What a player's button sends; the daemon has it."""
    (order,) = orders(stage.say(button, "bang"))
    assert isinstance(order, Generate)
    stage.hear(Got(order.press))
    return order


def test_dials_are_told_once_they_have_come_to_rest(stage: Stage) -> None:
    for percent in (51, 60, 75):
        assert told(stage.say("complexity", percent)) == []
        assert told(stage.wait(0.1)) == []
    shown = dict(stage.shown)
    assert rest(stage) == [replace(AS_MADE, complexity=0.75)]
    assert rest(stage, 1) == []
    assert stage.shown == shown, "nothing is drawn"


def test_each_control_of_a_press_is_told(stage: Stage) -> None:
    expected = AS_MADE
    for name, value, differs in (
        ("style", 16, {"style": "funk"}),
        ("bars", 2, {"bars": 4}),
        ("complexity", 25, {"complexity": 0.25}),
        ("density", 75, {"density": 0.75}),
        ("humanise", 0, {"humanise": 0.0}),
        ("swing", 1, {"swing": 1.0}),
        ("key_root", 10, {"key": "A Minor"}),
        ("key_mode", 0, {"key": "A Major"}),
        ("where", 2, {"track": 2, "replace": 1}),
        ("hear", 1, {"hear": 1}),
        ("to_played", 1, {"to_played": "answer"}),
    ):
        stage.say(name, value)
        expected = replace(expected, **differs)
        assert rest(stage) == [expected], name


def test_what_a_press_carries_is_what_was_told(stage: Stage) -> None:
    stage.say("style", 16), stage.say("where", 1), stage.say("swing", 50), stage.say("hear", 1)
    (dials,) = rest(stage)
    order = press(stage, "bass")
    assert order.press == dials.press
    for name, _ in Dials.specs:
        assert getattr(order, name) == getattr(dials, name), name


def test_a_press_tells_them_too(stage: Stage) -> None:
    stage.say("density", 75)
    assert press(stage, "drums").density == 0.75
    assert rest(stage, 1) == []
    stage.say("density", 50)
    stage.wait(0.1)
    stage.say("density", 75)
    assert rest(stage, 1) == [], "it is back where the daemon knows it"
    stage.say("density", 50)
    assert rest(stage, 1) == [replace(AS_MADE, press=2)]


def test_what_no_press_carries_is_not_told(stage: Stage) -> None:
    for name in ("song_length", "keep_bars", "analyse_for", "jam_bars", "imagine_from"):
        stage.say(name, 2)
        assert rest(stage, 0.5) == [], name
    press(stage, "drums")
    stage.say("key_mode", 3)
    assert rest(stage, 0.5) == [], "a mode counts only beside a root"


def test_a_device_that_nobody_turns_tells_nothing(load: Load) -> None:
    stage = load()
    stage.hear(welcome())
    assert rest(stage, 2) == []


def test_where_no_clip_can_go_nothing_is_told(join: Load) -> None:
    stage = join(Place(is_frozen=True))
    stage.say("where", 1)
    assert rest(stage, 1) == []
    assert stage.status == "Ready."


def test_dials_turned_without_a_daemon_are_told_when_it_is_back(stage: Stage) -> None:
    stage.say("bars", 2)
    assert rest(stage) == [replace(AS_MADE, bars=4)]
    leave_unanswered(stage)
    stage.wait(2)
    stage.say("bars", 1)
    assert told(stage.wait(1)) == []
    stage.say("bars", 2)
    stage.hear(welcome(session=9))
    assert rest(stage) == [replace(AS_MADE, session=9, bars=4)], "another session was told nothing"
