"""What RooAroo asks of the device: its own controls, used as if they had been clicked."""

import pytest

from musearoo.bridge.protocol import AutoSplit, BeatBack, Listen, LiveState, Please, SelfTest
from tests.max_for_live.script.conftest import SESSION, Load
from tests.max_for_live.script.stage import Sent, Stage, orders


def listened(stage: Stage) -> Listen:
    """The order that follows once the ring is written."""
    (path,) = [each.atoms[1] for each in stage.wait(0.2) if each.outlet == 3 and each.atoms[0] == "write"]
    assert str(path).endswith("-1.wav")
    stage.say("counter", 1_000)
    (order,) = orders(stage.say("written"))
    assert isinstance(order, Listen)
    return order


@pytest.mark.parametrize(
    ("value", "bars", "use"),
    [(40, 4, 0), (41, 4, 1), (10, 1, 0), (81, 8, 1), (0, 2, 0), (1, 2, 1), (99, 8, 1)],
)
def test_it_listens_to_the_bars_that_were_asked_for(stage: Stage, value: int, bars: int, use: int) -> None:
    stage.say("listen_bars", 1), stage.say("listen_for", 1)
    stage.hear(Please(SESSION, 1, "listen", value))
    assert stage.status == "Listen …"
    order = listened(stage)
    assert (order.bars, order.use) == (bars, use)


def test_the_menus_are_as_they_were(stage: Stage) -> None:
    stage.say("listen_bars", 1), stage.say("listen_for", 1)
    stage.hear(Please(SESSION, 1, "listen", 80))
    listened(stage)
    assert not {"listen_bars", "listen_for"} & set(stage.shown)


def test_the_midi_device_says_that_it_hears_no_audio(join: Load) -> None:
    stage = join(twin="midi")
    assert orders(stage.hear(Please(SESSION, 1, "listen", 40))) == []
    assert stage.status.startswith("Only the audio device hears its track")


@pytest.mark.parametrize("twin", ["audio", "midi"])
def test_it_tests_itself(join: Load, twin: str) -> None:
    stage = join(twin=twin)
    stage.hear(Please(SESSION, 1, "self_test", 0))
    assert stage.status == "Self-test …"
    assert [type(each) for each in orders(stage.wait(1.5)) if isinstance(each, SelfTest)] == [SelfTest]


def marks(sent: list[Sent]) -> list[tuple[int, int]]:
    """Track and on, for each time it was told."""
    return [(message.track, message.on) for message in orders(sent) if isinstance(message, AutoSplit)]


@pytest.mark.parametrize("twin", ["audio", "midi"])
def test_it_turns_its_toggle_which_then_says_so_itself(join: Load, twin: str) -> None:
    stage = join(twin=twin)
    stage.echo(0, "auto_split", ["auto_split", 1])
    sent = stage.hear(Please(SESSION, 1, "auto_split", 1))
    assert [each.atoms for each in sent if each.atoms[0] == "auto_split"] == [["auto_split", 1]]
    assert marks(sent) == [(2, 1)]
    assert stage.status.startswith("Auto-split: audio clips that come onto track 3")
    stage.echo(0, "auto_split", ["auto_split", 0])
    assert marks(stage.hear(Please(SESSION, 2, "auto_split", 0))) == [(2, 0)]
    assert stage.status == "Auto-split is off."


def test_a_toggle_that_stands_so_already_is_left_alone(stage: Stage) -> None:
    stage.say("auto_split", 1)
    stage.say("drums", 1)
    sent = stage.hear(Please(SESSION, 1, "auto_split", 1))
    assert [each.atoms[0] for each in sent] == ["status"]
    assert stage.status.startswith("Auto-split: audio clips that come onto track 3")


def test_what_it_does_not_know_it_does_not_do(stage: Stage) -> None:
    assert stage.say("/roo/please", SESSION, 1, "delete", 1) == []
    assert stage.say("/roo/please", SESSION, 1, "constructor", 1) == []
    assert stage.say("/roo/please", SESSION, 1, "listen") == []
    assert stage.complaints == []


def test_nobody_is_obeyed_where_no_daemon_is_known(load: Load) -> None:
    stage = load()
    for control in ("listen", "self_test", "auto_split"):
        assert stage.hear(Please(SESSION, 1, control, 1)) == []
    assert stage.status.startswith("Looking for")


def test_what_was_asked_for_is_cancelled_as_a_press_is(stage: Stage) -> None:
    stage.hear(Please(SESSION, 1, "listen", 40))
    stage.say("cancel", 1)
    assert stage.status == "Listen: cancelled."
    stage.hear(BeatBack(5, LiveState.READY))
    assert [each for each in stage.wait(1) if each.outlet == 3] == []
