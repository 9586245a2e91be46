"""The Jam toggle: it is lit while this device jams, however the jam ends, and no set that is opened begins one."""

from dataclasses import replace

from musearoo.bridge.protocol import Bye, Cancel, Done, Failed, Got, PlayJam, Refusal
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Sent, Stage, orders
from tests.max_for_live.script.test_along import QUIET

BEGIN = PlayJam(SESSION, 1, 1, 4, "", "", 0.5, -1)


def jams(sent: list[Sent]) -> list[PlayJam]:
    """What was said of the jam."""
    return [message for message in orders(sent) if isinstance(message, PlayJam)]


def second(stage: Stage, turn: int, session: int = SESSION) -> list[Sent]:
    """A second passes in which the daemon tells whose turn it is."""
    sent = stage.hear(replace(QUIET, turn=turn, bar=int(turn > 0)))
    sent += stage.wait(1)
    stage.say("/roo/beat", session, 1)
    return sent


def done(stage: Stage, press: int, name: str) -> None:
    stage.hear(Got(press))
    stage.hear(Done(1, press, 1.0, 1.0, 0.0, 0, -1, -1, name))
    stage.wait(0.1)


def begin(stage: Stage) -> None:
    """The toggle was clicked, and the jam goes on."""
    assert jams(stage.say("jam", 1)) == [BEGIN]
    done(stage, 1, "Jam: 4 bars each")
    assert stage.status == "Jam: 4 bars each"
    second(stage, 1)


def test_it_begins_and_ends(stage: Stage) -> None:
    begin(stage)
    assert jams(stage.say("jam", 1)) == []
    assert jams(second(stage, 2)) == []
    (end,) = jams(stage.say("jam", 0))
    assert end == replace(BEGIN, press=2, on=0)
    done(stage, 2, "Jam ended")
    assert stage.status == "Jam ended"
    assert "jam" not in stage.shown, "the hand has set it, the script need not"
    assert jams(second(stage, 0)) == []


def test_it_is_told_how_long_with_whom_and_how(stage: Stage) -> None:
    stage.say("jam_bars", 1), stage.say("jam_with", 2), stage.say("style", 16), stage.say("complexity", 75)
    (order,) = jams(stage.say("jam", 1))
    assert order == PlayJam(SESSION, 1, 1, 2, "bassaroo", "funk", 0.75, -1)


def test_each_player_can_be_chosen(stage: Stage) -> None:
    whos = []
    for choice in range(len(stage.evaluate("DEVICE.choices.jam_with"))):
        stage.say("jam_with", choice)
        (order,) = jams(stage.say("jam", 1))
        whos.append(order.who)
        stage.say("cancel", "bang")
        stage.wait(0.2)
    assert whos == ["", "drummaroo", "bassaroo", "harmonyroo", "melodyroo", "atmosroo"]


def test_a_change_is_told_once_it_has_come_to_rest(stage: Stage) -> None:
    begin(stage)
    for percent in (51, 55, 60, 75):
        stage.say("complexity", percent)
        assert jams(stage.wait(0.2)) == []
    (order,) = jams(stage.wait(0.4))
    assert order == replace(BEGIN, press=2, complexity=0.75)
    done(stage, 2, "Jam: 4 bars each")
    stage.say("jam_bars", 0)
    assert [order.bars for order in jams(stage.wait(0.4))] == [1]


def test_without_a_jam_a_change_says_nothing(stage: Stage) -> None:
    stage.say("jam_bars", 0)
    assert jams(second(stage, 0)) == []
    assert [order.bars for order in jams(stage.say("jam", 1))] == [1]


def test_what_the_daemon_refuses_goes_dark(stage: Stage) -> None:
    stage.say("jam", 1)
    sentence = "Another device jams, and there is one player: end the jam there first."
    stage.hear(Failed(1, 1, Refusal.TOO_MANY, sentence))
    second(stage, 2)
    assert stage.shown["jam"] == ["set", 0]
    assert stage.status == sentence
    assert len(jams(stage.say("jam", 1))) == 1, "one click is enough"


def test_a_change_that_is_refused_leaves_the_jam_lit(stage: Stage) -> None:
    begin(stage)
    stage.say("jam_with", 1)
    (order,) = jams(stage.wait(0.4))
    stage.hear(Failed(1, order.press, Refusal.BAD_PARAMETER, "No."))
    second(stage, 3)
    assert "jam" not in stage.shown


def test_a_jam_that_ends_by_itself_goes_dark(stage: Stage) -> None:
    begin(stage)
    second(stage, 2)
    second(stage, 0)
    assert stage.shown["jam"] == ["set", 0]
    assert len(jams(stage.say("jam", 1))) == 1


def test_what_was_told_before_the_jam_began_does_not_end_it(stage: Stage) -> None:
    second(stage, 0)
    stage.say("jam", 1)
    done(stage, 1, "Jam: 4 bars each")
    second(stage, 0)
    assert "jam" not in stage.shown


def test_the_jam_of_another_device_lights_nothing_and_ends_nothing(stage: Stage) -> None:
    for turn in (1, 2, 3, 0):
        second(stage, turn)
    assert "jam" not in stage.shown


def test_another_run_of_the_daemon_knows_no_jam(stage: Stage) -> None:
    begin(stage)
    leave_unanswered(stage)
    assert jams(stage.hear(welcome(session=9))) == []
    assert stage.shown["jam"] == ["set", 0]


def test_a_jam_that_waits_for_a_daemon_begins_with_it(load: Load) -> None:
    stage = load()
    assert jams(stage.say("jam", 1)) == []
    (order,) = jams(stage.hear(welcome()))
    assert order == BEGIN
    done(stage, 1, "Jam: 4 bars each")
    assert "jam" not in stage.shown


def test_a_jam_that_waits_in_vain_goes_dark(load: Load) -> None:
    stage = load()
    stage.say("jam", 1)
    stage.wait(11)
    assert stage.shown["jam"] == ["set", 0]
    assert jams(stage.hear(welcome())) == []


def test_a_jam_that_is_cancelled_goes_dark(stage: Stage) -> None:
    stage.say("jam", 1)
    assert Cancel(SESSION, 1) in orders(stage.say("cancel", "bang"))
    stage.wait(0.2)
    assert stage.shown["jam"] == ["set", 0]


def test_no_set_that_is_opened_begins_to_play(source: str) -> None:
    stage = Stage(source)
    stage.say("jam", 1), stage.say("hear", 1)
    stage.say("loaded")
    assert stage.shown["jam"] == ["set", 0]
    assert orders(stage.hear(welcome())) == []
    assert jams(second(stage, 0)) == []
    assert len(jams(stage.say("jam", 1))) == 1, "one click is enough"


def test_a_device_that_goes_says_good_bye(stage: Stage) -> None:
    begin(stage)
    assert orders(stage.say("closing")) == [Bye(SESSION)], "with which the daemon ends its jam"
