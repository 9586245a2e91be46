"""The stand-in for a device speaks as the device does: signs while Talk is held, the armed microphone, answers."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Answer,
    Arm,
    AskMidi,
    Audition,
    Beat,
    Bye,
    DeviceGot,
    Done,
    Generate,
    Got,
    Hello,
    Keep,
    Level,
    LiveState,
    MidiState,
    PlayJam,
    Please,
    Progress,
    Refine,
    SayText,
    Talk,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import prove_welcome
from musearoo.bridge.protocol.types import Message, Route, for_session
from musearoo.bridge.settings.config_files import ConfigFolder, DeviceKey
from musearoo.tools.studio.device_stand_in import DeviceStandIn

SESSION = 3
SECRET = "5e" * 32
ANSWER = Answer(5, 1, 40.0, 1, "busier", "Which one?")


class Listener:
    """The daemon's end: a socket that greets, and notes what comes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        ConfigFolder(home).keep_device_key(DeviceKey(self.port, SECRET))
        self.heard: list[Message] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._socket.getsockname()[1]
        return port

    def welcome(self, device: DeviceStandIn, session: int = SESSION, secret: str = SECRET) -> Hello:
        """Waits for a device's hello and answers it; returns the hello."""
        device.idle(0.02)
        hello = [message for message in self._read() if isinstance(message, Hello)][-1]
        plain = Welcome(session, WIRE_VERSION, "0.1.0", LiveState.READY, "")
        self.say(device, prove_welcome(secret, plain, hello))
        return hello

    def say(self, device: DeviceStandIn, *messages: Message) -> None:
        """Sends to a device, and lets it receive."""
        for message in messages:
            mine = message if isinstance(message, Welcome) else for_session(message, SESSION)
            self._socket.sendto(encode(mine), ("127.0.0.1", device.reply_port))
        device.idle(0.02)

    def read(self) -> list[Message]:
        """What has come since, without signs of life."""
        return [message for message in self._read() if not isinstance(message, Beat | Hello)]

    def _read(self) -> list[Message]:
        found: list[Message] = []
        while True:
            try:
                found += decode(self._socket.recv(2048), Route.DEVICE_TO_DAEMON)
            except BlockingIOError:
                return found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs come ten times as often, so that nobody waits for them."""
    monkeypatch.setattr("musearoo.tools.studio.device_stand_in.SIGN_EVERY", 0.05)
    monkeypatch.setattr("musearoo.tools.studio.device_stand_in.BEAT_EVERY", 0.1)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Listener]:
    """A daemon's end."""
    with Listener(tmp_path) as made:
        yield made


@pytest.fixture
def device(daemon: Listener) -> Iterator[DeviceStandIn]:
    """A device that it has welcomed."""
    with DeviceStandIn("test", home=daemon.home) as made:
        daemon.welcome(made)
        daemon.read()
        yield made


def test_talk_gives_signs_until_it_is_let_go(daemon: Listener, device: DeviceStandIn) -> None:
    talk = device.talk()
    daemon.say(device, Got(1), Level(1, 0.5, "give me"))
    device.idle(0.15)
    first, *signs = daemon.read()
    assert first == Talk(SESSION, 1, 1)
    assert set(signs) == {Talk(SESSION, 1, 2)}
    assert [level.words for level in talk.levels] == ["give me"]
    device.let_go(talk)
    device.idle(0.15)
    assert daemon.read()[-1] == Talk(SESSION, 1, 0)


@pytest.mark.parametrize("end", [Progress(1, 0.0, ""), Done(5, 1, 1.0, 1.0, 0.0, 4, 0, 0, "funk bass")])
def test_a_daemon_that_goes_on_gets_no_signs(daemon: Listener, device: DeviceStandIn, end: Message) -> None:
    device.talk()
    daemon.say(device, Got(1), end)
    daemon.read()
    device.idle(0.15)
    assert daemon.read() == []


def test_a_hand_that_gives_no_signs(daemon: Listener, device: DeviceStandIn) -> None:
    device.talk(signs=False)
    daemon.say(device, Got(1))
    device.idle(0.15)
    assert daemon.read() == [Talk(SESSION, 1, 1)]


def test_a_written_sentence_is_answered_and_the_answer_acknowledged(daemon: Listener, device: DeviceStandIn) -> None:
    press = device.say("make it busier")
    daemon.say(device, Got(1), Please(SESSION, 1, "self_test", 0), ANSWER, ANSWER)
    assert daemon.read() == [SayText(SESSION, 1, "make it busier"), DeviceGot(SESSION, 5), DeviceGot(SESSION, 5)]
    assert device.wait_for(press) == for_session(ANSWER, SESSION)
    assert press.pleases == [Please(SESSION, 1, "self_test", 0)]


def test_it_is_armed_until_it_goes(daemon: Listener) -> None:
    with DeviceStandIn("armed", home=daemon.home) as device:
        daemon.welcome(device)
        device.arm()
        device.idle(0.3)
    *said, off, bye = daemon.read()
    assert set(said) == {Arm(SESSION, 1)}
    assert len(said) > 1
    assert (off, bye) == (Arm(SESSION, 0), Bye(SESSION))


def test_presses_say_what_only_a_sentence_can_ask_for(daemon: Listener, device: DeviceStandIn) -> None:
    device.press("bassaroo", chords="Dm7 G7", changes="busier", takes=3)
    device.refine("again", takes=2)
    played, changed = daemon.read()
    assert isinstance(played, Generate)
    assert (played.chords, played.changes, played.takes, played.bpm) == ("Dm7 G7", "busier", 3, 0.0)
    assert isinstance(changed, Refine)
    assert changed.takes == 2


def test_presses_for_playing_along(daemon: Listener, device: DeviceStandIn) -> None:
    device.press("bassaroo", hear=True, to_played="accompany")
    device.refine("busier", hear=True)
    device.hear_clip(1, 2)
    device.drop()
    device.keep()
    device.keep(-1, strength=0.5, track=2, scene=3, replace=True)
    device.jam(bars=2, who="melodyroo")
    device.jam(False)
    device.ask_midi()
    generate, refine, *others = daemon.read()
    assert isinstance(generate, Generate)
    assert (generate.hear, generate.to_played) == (1, "accompany")
    assert isinstance(refine, Refine)
    assert refine.hear == 1
    assert others == [
        Audition(SESSION, 3, 1, 1, 2),
        Audition(SESSION, 4, 0, -1, -1),
        Keep(SESSION, 5, 0, 1.0, -1, -1, 0),
        Keep(SESSION, 6, -1, 0.5, 2, 3, 1),
        PlayJam(SESSION, 7, 1, 2, "melodyroo", "", 0.5, -1),
        PlayJam(SESSION, 8, 0, 4, "", "", 0.5, -1),
        AskMidi(SESSION),
    ]


def test_it_knows_how_live_midi_is(daemon: Listener, device: DeviceStandIn) -> None:
    told = MidiState("live", 1, 120.0, 2, "Am7", 8, "", 2, 1, "bassaroo", "")
    daemon.say(device, told)
    assert device.midi == for_session(told, SESSION)


def test_a_program_that_does_not_know_the_secret_welcomes_nobody(daemon: Listener) -> None:
    with DeviceStandIn("test", home=daemon.home) as device:
        daemon.welcome(device, secret="guessed")
        assert (device.welcome, device.session) == (None, 0)


def test_a_sign_of_life_without_an_answer_is_followed_by_a_hello_with_the_secret_of_the_moment(
    daemon: Listener, device: DeviceStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that was restarted answers nobody of before, and has drawn another secret."""
    monkeypatch.setattr("musearoo.tools.studio.device_stand_in.ANSWERED_WITHIN", 0.05)
    ConfigFolder(daemon.home).keep_device_key(DeviceKey(daemon.port, "6f" * 32))
    device.idle(0.2)
    daemon.welcome(device, session=SESSION + 1, secret="6f" * 32)
    assert device.session == SESSION + 1
