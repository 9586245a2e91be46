"""The Ambience toggle: lit in every device while endless music plays, and no set that is opened begins it."""

from dataclasses import replace

from musearoo.bridge.protocol import AmbienceState, Done, Failed, Got, PlayAmbience, Refusal
from tests.max_for_live.script.conftest import SESSION
from tests.max_for_live.script.stage import Sent, Stage, orders

BEGIN = PlayAmbience(SESSION, 1, 1, "drift", "", "", "", 0.0, 0.5, 0.5, 0.5, 0.5, 0, -1)
PLAYS = AmbienceState(1, "drift", "D dorian", "Dm9 Em7", "", SESSION)
OFF = AmbienceState(0, "", "", "", "", SESSION)


def presses(sent: list[Sent]) -> list[PlayAmbience]:
    """What was asked of endless music."""
    return [message for message in orders(sent) if isinstance(message, PlayAmbience)]


def done(stage: Stage, press: int, name: str) -> None:
    stage.hear(Got(press))
    stage.hear(Done(1, press, 1.0, 1.0, 0.0, 0, -1, -1, name))
    stage.wait(0.1)


def begin(stage: Stage) -> None:
    """The toggle was clicked, and it plays."""
    assert presses(stage.say("ambience", 1)) == [BEGIN]
    done(stage, 1, "Ambience: drift")
    assert stage.status == "Ambience: drift"
    stage.hear(PLAYS)


def test_it_begins_is_steered_once_a_dial_rests_and_ends(stage: Stage) -> None:
    begin(stage)
    for percent in (40, 30, 20):
        stage.say("ambience_brightness", percent)
        assert presses(stage.wait(0.2)) == []
    assert presses(stage.wait(0.4)) == [replace(BEGIN, press=2, brightness=0.2)]
    done(stage, 2, "Ambience: drift")
    stage.say("ambience_preset", 5), stage.say("ambience_follow", 1)
    (order,) = presses(stage.wait(0.4))
    assert (order.preset, order.follow) == ("night bus", 1)
    done(stage, 3, "Ambience: night bus with the set")
    (end,) = presses(stage.say("ambience", 0))
    assert end.on == 0
    done(stage, 4, "Ambience fades out")
    assert stage.status == "Ambience fades out"
    assert presses(stage.hear(OFF)) == []


def test_a_dial_alone_begins_nothing(stage: Stage) -> None:
    stage.say("ambience_density", 90)
    assert presses(stage.wait(1)) == []


def test_it_is_lit_by_whoever_begins_it_and_goes_dark_as_it_ends(stage: Stage) -> None:
    stage.hear(PLAYS)
    assert stage.shown["ambience"] == ["set", 1]
    (end,) = presses(stage.say("ambience", 0))
    assert end.on == 0
    done(stage, 1, "Ambience fades out")
    begun = replace(PLAYS, preset="tape")
    stage.hear(begun)
    stage.hear(replace(OFF, sentence="The player ends by itself: its log says why."))
    assert stage.shown["ambience"] == ["set", 0]
    assert stage.status == "The player ends by itself: its log says why."


def test_what_goes_wrong_is_shown_while_it_stays_lit(stage: Stage) -> None:
    begin(stage)
    stage.hear(replace(PLAYS, sentence="The sound card has gone: the music waits."))
    assert stage.status == "The sound card has gone: the music waits."
    assert presses(stage.wait(1)) == []


def test_what_the_daemon_refuses_goes_dark(stage: Stage) -> None:
    stage.say("ambience", 1)
    stage.hear(Failed(1, 1, Refusal.ENGINE_FAILED, "Ambience: its player cannot start."))
    stage.wait(0.1)
    assert stage.shown["ambience"] == ["set", 0]
    assert stage.status == "Ambience: its player cannot start."
