"""Talk on the built devices: what the hand does, what the face shows, what goes to the daemon. In model time.

The patch is the real one, in the simulated Max; what the daemon says is laid into its port. The whole way from a
recorded sentence to a clip is `test_talk.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from musearoo.bridge.protocol import (
    FIRST_DEVICE_PORT,
    Answer,
    Arm,
    AutoSplit,
    Beat,
    BeatBack,
    Bye,
    DeviceGot,
    Done,
    Got,
    Hello,
    Level,
    Listen,
    LiveState,
    Please,
    Progress,
    SelfTest,
    Talk,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Message, Route, for_session
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.studio.with_max import DEVICES
from tests.path.device_welcomes import welcome_last, welcome_to

SESSION = 7
SAID = "make the bass a bit busier"

twins = pytest.mark.parametrize("twin", Twin)


class Scene:
    """One device and as much of a daemon as greets it, acknowledges what is said to it and gives signs of life."""

    def __init__(self, host: MaxHost, network: MemoryNetwork, twin: Twin, live: FakeLive, captures: Path) -> None:
        self.host = host
        self.twin = twin
        self.heard: list[Message] = []
        self._network = network
        self._captures = captures
        network.answer = self._answer
        self.device = host.load(DEVICES[twin], key=live.key(0))
        host.run_for(0.2)

    def _answer(self, port: int, packet: bytes) -> None:
        if port != FIRST_DEVICE_PORT:
            return
        for message in decode(packet, Route.DEVICE_TO_DAEMON):
            self.heard.append(message)
            match message:
                case Hello():
                    self._network.deliver(message.reply_port, welcome_to(message, SESSION, self._captures.as_posix()))
                case Beat():
                    self.say(BeatBack(SESSION, LiveState.READY))
                case Talk() | Listen() | SelfTest():
                    self.say(Got(message.press))

    def say(self, *messages: Message) -> None:
        """The daemon sends something, and the device takes it."""
        for message in messages:
            assert self._network.deliver(self.device.reply_port or 0, encode(for_session(message, SESSION)))

    def pass_(self, seconds: float = 0.15) -> list[Message]:
        """Time goes on; what the daemon has heard since this was asked last, without signs of life."""
        self.host.run_for(seconds)
        heard, self.heard = self.heard, []
        return [message for message in heard if not isinstance(message, Beat | Hello)]

    @property
    def status(self) -> str:
        """The status line."""
        return str(self.device.shown("status"))

    @property
    def bar(self) -> int:
        """The bar, 0 to 1000."""
        return round(float(self.device.shown("progress")))

    @property
    def is_lit(self) -> bool:
        """Whether Talk is lit."""
        return bool(self.device.value("talk_face"))


@contextmanager
def scene_of(twin: Twin, captures: Path) -> Iterator[Scene]:
    """A device that has found its daemon; Max's console must stay empty."""
    live, network = FakeLive.with_tracks(3), MemoryNetwork()
    with MaxHost(live, network=network) as host:
        scene = Scene(host, network, twin, live, captures)
        assert scene.status == "Ready."
        scene.pass_()
        yield scene
        assert scene.device.errors == []
        assert scene.device.posts == []


@pytest.fixture(params=Twin)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A scene for each twin."""
    with scene_of(request.param, tmp_path) as made:
        yield made


def hold(scene: Scene) -> None:
    """The mouse goes down on Talk."""
    scene.device.hold("talk")
    scene.pass_()


def test_a_sentence_is_seen_and_heard_while_it_is_said(scene: Scene) -> None:
    reaction = scene.device.hold("talk")
    sent = scene.pass_(0.6)
    assert [message for message in sent if isinstance(message, Talk)] == [Talk(SESSION, 1, 1), Talk(SESSION, 1, 2)]
    assert reaction.drawn_at is not None
    assert reaction.drawn_at - reaction.clicked_at < 0.05
    assert scene.is_lit
    assert scene.status.startswith("Talk: listening")
    for level, words in ((0.25, ""), (0.75, "make the"), (0.5, SAID)):
        scene.say(Level(1, level, words))
        scene.pass_()
        assert scene.bar == level * 1000
    assert scene.status == f"Listening: {SAID} …"
    scene.device.release("talk")
    assert scene.pass_() == [Talk(SESSION, 1, 0)]
    assert not scene.is_lit
    scene.say(Level(1, 0.0, SAID), Progress(1, 0.0, ""))
    scene.pass_()
    assert scene.status == f"Talk: understanding “{SAID}” …"
    scene.say(Done(1, 1, 180.0, 160.0, 20.0, 16, 1, 0, "funk bass"))
    assert scene.pass_() == [DeviceGot(SESSION, 1)]
    assert scene.status == f"“{SAID}”: funk bass, 180 ms"
    assert scene.bar == 0


def test_what_the_daemon_ends_goes_dark_though_it_is_held(scene: Scene) -> None:
    scene.device.automate("talk_latch", 1)
    scene.pass_()
    assert scene.is_lit
    scene.say(Level(1, 0.0, SAID), Progress(1, 0.0, ""))
    assert scene.pass_(2.0) == []
    assert not scene.is_lit
    assert scene.device.value("talk_latch") == 0
    scene.device.automate("talk_latch", 1)
    assert scene.pass_() == [Talk(SESSION, 2, 1)], "at once, while the first is still being understood"
    scene.say(Done(1, 1, 180.0, 160.0, 20.0, 16, 1, 0, "funk bass"))
    scene.pass_()
    assert scene.is_lit
    scene.device.automate("talk_latch", 0)
    assert scene.pass_() == [Talk(SESSION, 2, 0)]


def test_letting_go_beside_the_button_lets_go(scene: Scene) -> None:
    hold(scene)
    scene.device.release("talk", inside=False)
    assert scene.pass_() == [Talk(SESSION, 1, 0)]
    assert not scene.is_lit


def test_a_question_stands_on_talk_until_it_is_answered(scene: Scene) -> None:
    hold(scene)
    scene.device.release("talk")
    scene.say(Answer(3, 1, 60.0, 1, "delete this clip", "Delete funk bass?"))
    assert scene.pass_()[-1] == DeviceGot(SESSION, 3)
    assert scene.status == "“delete this clip”: Delete funk bass? Answer with Talk."
    assert scene.device.shown("talk_face") == "Answer"
    scene.say(Answer(3, 1, 60.0, 1, "delete this clip", "Delete funk bass?"))
    assert scene.pass_() == [DeviceGot(SESSION, 3)]
    scene.device.hold("talk")
    scene.pass_()
    assert scene.device.shown("talk_face") == "Talk"
    assert scene.is_lit
    scene.device.release("talk")
    scene.pass_()
    assert scene.device.shown("talk_face") == "Talk"


def test_arm_is_said_each_second_and_taken_back_when_the_device_goes(scene: Scene) -> None:
    scene.device.press("talk_arm")
    assert scene.pass_() == [Arm(SESSION, 1)]
    assert scene.device.value("talk_arm") == 1
    said = [message for message in scene.pass_(10.0) if isinstance(message, Arm)]
    assert len(said) in (9, 10, 11)
    scene.device.delete()
    assert scene.heard[-2:] == [Arm(SESSION, 0), Bye(SESSION)]


def test_arm_is_turned_by_a_pad_too(scene: Scene) -> None:
    for value in (1, 0):
        scene.device.automate("talk_arm", value)
        assert scene.pass_() == [Arm(SESSION, value)]
    assert scene.pass_(3.0) == []


@pytest.mark.parametrize("restore", ["before", "after"])
def test_an_armed_device_that_was_saved_is_opened_unarmed(scene: Scene, restore: str) -> None:
    scene.device.press("talk_arm")
    scene.pass_()
    state = scene.device.save_state()
    assert "Talk Arm" not in state
    live, network = FakeLive.with_tracks(1), MemoryNetwork()
    with MaxHost(live, network=network) as host:
        opened = host.load(DEVICES[scene.twin], key=live.key(0), state={**state, "Talk Arm": 1}, restore=restore)  # type: ignore[arg-type]
        host.run_for(0.2)
        welcome_last(network)
        host.run_for(2.0)
        sent = [message for _, packet in network.sent for message in decode(packet, Route.DEVICE_TO_DAEMON)]
    assert opened.value("talk_arm") == 0
    assert not [message for message in sent if isinstance(message, Arm)]


def test_auto_split_is_turned_as_if_it_were_clicked(scene: Scene) -> None:
    for on in (1, 0):
        scene.say(Please(SESSION, 1, "auto_split", on))
        assert scene.pass_() == [AutoSplit(SESSION, 0, on, "", 4, 0)]
        assert scene.device.value("auto_split") == on
        assert scene.device.save_state()["Auto Split"] == on
    assert scene.status == "Auto-split is off."


def test_the_ring_is_written_when_rooaroo_asks_for_it(scene: Scene, tmp_path: Path) -> None:
    scene.say(Please(SESSION, 1, "listen", 21))
    sent = scene.pass_(0.5)
    if scene.twin is Twin.MIDI:
        assert sent == []
        assert scene.status.startswith("Only the audio device hears its track")
        return
    (order,) = sent
    assert isinstance(order, Listen)
    assert (order.bars, order.use) == (2, 1)
    assert (tmp_path / order.file).exists()
    assert scene.device.shown("listen_bars") == "4 bars"
    assert scene.status == "Listen …"


def test_the_test_is_pressed_when_rooaroo_asks_for_it(scene: Scene) -> None:
    scene.say(Please(SESSION, 1, "self_test", 0))
    (test,) = [message for message in scene.pass_(1.5) if isinstance(message, SelfTest)]
    assert "Track=ok" in test.results
    assert scene.status == "Self-test …"


@twins
def test_talk_while_there_is_no_daemon_says_so_and_goes_dark(twin: Twin) -> None:
    live, network = FakeLive.with_tracks(1), MemoryNetwork()
    with MaxHost(live, network=network) as host:
        device: Device = host.load(DEVICES[twin], key=live.key(0))
        host.run_for(0.2)
        for use in ("talk", "latch", "arm"):
            if use == "talk":
                device.hold("talk")
            else:
                device.automate(f"talk_{use}", 1)
            host.run_for(0.2)
            said = "Arm: the microphone opens once" if use == "arm" else "Talk: nobody listens"
            assert str(device.shown("status")).startswith(said)
            assert device.value("talk_face") == 0
            if use == "talk":
                device.release("talk")
        assert device.value("talk_latch") == 0
        sent = [message for _, packet in network.sent for message in decode(packet, Route.DEVICE_TO_DAEMON)]
        assert {type(message) for message in sent} == {Hello}
        assert device.errors == []
