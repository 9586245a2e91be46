"""Arm: the microphone is kept open while the toggle is on, and never by a device that was just loaded."""

import pytest

from musearoo.bridge.protocol import Arm, BeatBack, Bye, LiveState
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Sent, Stage, orders

twins = pytest.mark.parametrize("twin", ["audio", "midi"])


def arms(sent: list[Sent]) -> list[int]:
    """What was said of the microphone: 1 keep it open, 0 close it."""
    return [message.on for message in orders(sent) if isinstance(message, Arm)]


def seconds(stage: Stage, count: int, session: int = SESSION) -> list[Sent]:
    """Seconds pass while the daemon is there."""
    sent = []
    for _ in range(count):
        sent += stage.wait(1)
        stage.hear(BeatBack(session, LiveState.READY))
    return sent


@twins
def test_it_is_told_at_once_and_each_second(join: Load, twin: str) -> None:
    stage = join(twin=twin)
    assert arms(stage.say("talk_arm", 1)) == [1]
    assert stage.status.startswith("Arm: the microphone stays open")
    assert arms(stage.say("talk_arm", 1)) == []
    assert arms(seconds(stage, 10)) == [1] * 10
    assert arms(stage.say("talk_arm", 0)) == [0]
    assert stage.status == "Arm is off: the microphone is open only while you talk."
    assert arms(seconds(stage, 3)) == []


@twins
@pytest.mark.parametrize("way", ["closing", "notifydeleted"])
def test_a_device_that_goes_closes_it_first(join: Load, twin: str, way: str) -> None:
    stage = join(twin=twin)
    stage.say("talk_arm", 1)
    assert orders(stage.say(way)) == [Arm(SESSION, 0), Bye(SESSION)]
    assert stage.wait(5) == []


def test_a_device_that_goes_unarmed_only_says_good_bye(stage: Stage) -> None:
    assert orders(stage.say("closing")) == [Bye(SESSION)]


def test_no_set_that_is_opened_opens_the_microphone(source: str) -> None:
    stage = Stage(source)
    stage.say("talk_arm", 1)
    stage.say("loaded")
    assert stage.shown["talk_arm"] == ["set", 0]
    assert arms(stage.hear(welcome())) == arms(seconds(stage, 3)) == []
    assert arms(stage.say("talk_arm", 1)) == [1], "one click is enough"


def test_another_run_of_the_daemon_is_told_at_once(stage: Stage) -> None:
    stage.say("talk_arm", 1)
    leave_unanswered(stage)
    (again,) = [each for each in orders(stage.hear(welcome(session=9))) if isinstance(each, Arm)]
    assert again == Arm(9, 1)
    assert arms(seconds(stage, 2, session=9)) == [1, 1]


def test_without_a_daemon_it_waits_for_one(load: Load) -> None:
    stage = load()
    assert arms(stage.say("talk_arm", 1)) == []
    assert stage.status.startswith("Arm: the microphone opens once there is a MuseAroo daemon")
    assert arms(stage.hear(welcome())) == [1]
    stage = load()
    stage.say("talk_arm", 1), stage.say("talk_arm", 0)
    assert arms(stage.hear(welcome())) == []


def test_a_device_that_goes_while_the_daemon_is_away_says_nothing_of_it(stage: Stage) -> None:
    stage.say("talk_arm", 1)
    stage.wait(3)
    assert stage.status.startswith("Offline")
    assert orders(stage.say("closing")) == [Bye(SESSION)]
