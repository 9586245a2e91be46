"""The terminal's way to the daemon: a sentence goes there and comes back as what to read, on a lossy link too."""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from musearoo.bridge.links.press_client import GONE, NEEDS_DEVICE, NOT_RUNNING, PressOutcome, say_to_daemon
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Answer,
    Beat,
    BeatBack,
    Bye,
    DeviceGot,
    Done,
    Failed,
    Got,
    Heard,
    Hello,
    Please,
    Progress,
    Refusal,
    Refused,
    SayText,
    Told,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import is_hello_proven, prove_welcome
from musearoo.bridge.protocol.types import Message, Route, for_session
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder, DeviceKey, Endpoint

SECRET = "5e" * 32
WELCOME = Welcome(7, WIRE_VERSION, "1.0", 1, "")
DONE = Done(1, 1, 23.4, 10.0, 13.4, 64, 4, 0, "funk bass")
ANSWERS: dict[type[Message], Sequence[Message]] = {Hello: [WELCOME], Beat: [BeatBack(7, 1)], SayText: [Got(1), DONE]}
"""What a daemon answers to each message."""


class ScriptedDaemon:
    """A UDP socket that answers by message class, as `answer` says, and records all messages."""

    def __init__(self, answer: Callable[[Message, int], Sequence[Message]]) -> None:
        self.answer, self.heard = answer, list[Message]()
        self.secret = SECRET
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.02)
        self.port: int = self.socket.getsockname()[1]
        self._is_open = True
        self._reply_to = 0
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def close(self) -> None:
        self._is_open = False
        self._thread.join()
        self.socket.close()

    def _listen(self) -> None:
        while True:
            try:
                packet = self.socket.recv(4096)
            except TimeoutError:
                if not self._is_open:
                    return
                continue
            for message in decode(packet, Route.DEVICE_TO_DAEMON):
                self.heard.append(message)
                if isinstance(message, Hello):
                    self._reply_to = message.reply_port
                for each in self.answer(message, self.count(type(message))):
                    if isinstance(each, Welcome) and isinstance(message, Hello):
                        each = prove_welcome(self.secret, each, message)
                    elif not isinstance(each, Refused):
                        each = for_session(each, 7)
                    self.socket.sendto(encode(each), ("127.0.0.1", self._reply_to))

    def count(self, kind: type[Message]) -> int:
        """How many messages of a class have come."""
        return sum(isinstance(message, kind) for message in self.heard)

    def of(self, kind: type[Message]) -> list[Message]:
        """The messages of a class that have come."""
        return [message for message in self.heard if isinstance(message, kind)]


@contextmanager
def a_daemon(
    folder: Path, answer: Callable[[Message, int], Sequence[Message]]
) -> Iterator[tuple[ScriptedDaemon, ConfigFolder]]:
    """A daemon that has written its endpoint to a folder."""
    daemon, config = ScriptedDaemon(answer), ConfigFolder(folder)
    try:
        config.keep_device_key(DeviceKey(daemon.port, SECRET))
        config.write_endpoint(Endpoint(1, daemon.port, os.getpid(), "1.0"))
        yield daemon, config
    finally:
        daemon.close()


def answering(*last: Message) -> Callable[[Message, int], Sequence[Message]]:
    """A daemon that answers a sentence so."""
    answers: dict[type[Message], Sequence[Message]] = {**ANSWERS, SayText: [Got(1), *last]}
    return lambda message, _: answers.get(type(message), [])


def said(folder: Path, *last: Message) -> PressOutcome:
    with a_daemon(folder, answering(*last)) as (_, config):
        return say_to_daemon("give me a bass", config)


def test_a_sentence_is_sent_done_acknowledged_and_the_session_ended(tmp_path: Path) -> None:
    with a_daemon(tmp_path, answering(Told(1, 0, "A bit sparser, as you keep it."), DONE)) as (daemon, config):
        assert say_to_daemon("give me a bass", config) == PressOutcome(
            True, False, "A bit sparser, as you keep it. funk bass on track 5, scene 1: 23 ms."
        )
    assert daemon.of(SayText) == [SayText(7, 1, "give me a bass")]
    assert daemon.of(DeviceGot) == [DeviceGot(7, 1)]
    assert daemon.heard[-1] == Bye(7)
    (hello,) = daemon.of(Hello)
    assert isinstance(hello, Hello)
    assert (hello.live_version, hello.set_name, hello.wire_version) == ("", "", WIRE_VERSION)
    assert is_hello_proven(SECRET, hello)


def test_each_call_is_another_session_so_that_no_answer_of_an_earlier_one_is_repeated(tmp_path: Path) -> None:
    with a_daemon(tmp_path, answering(DONE)) as (daemon, config):
        say_to_daemon("undo", config)
        say_to_daemon("undo", config)
    names = {hello.instance for hello in daemon.of(Hello) if isinstance(hello, Hello)}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(1, 1, 2.0, 1, "a bass", "Walking or pedal?"), PressOutcome(True, True, "Walking or pedal?")),
        (Answer(1, 1, 2.0, 0, "hello", "Say for example …"), PressOutcome(True, False, "Say for example …")),
        (Failed(1, 1, Refusal.NO_LIVE, "Live is away."), PressOutcome(False, False, "Live is away.")),
        (
            Heard(1, 1, 0, 9.0, 120.0, 1.0, 4, 4, 1.0, "A minor", 0.8, 0, "A minor, 120 BPM."),
            PressOutcome(True, False, "A minor, 120 BPM."),
        ),
        (
            Done(1, 1, 9.6, 9.0, 0.6, 0, -1, -1, "BassaRoo muted"),
            PressOutcome(True, False, "BassaRoo muted: 10 ms."),
        ),
    ],
)
def test_what_comes_of_it_is_one_thing_to_read(tmp_path: Path, answer: Message, expected: PressOutcome) -> None:
    assert said(tmp_path, answer) == expected


def test_what_only_a_device_can_do_is_told(tmp_path: Path) -> None:
    listening = (Please(7, 1, "listen", 40), Answer(1, 1, 2.0, 0, "listen", "Listening to four bars."))
    assert said(tmp_path, *listening) == PressOutcome(False, False, NEEDS_DEVICE)


def test_what_is_lost_is_said_again_and_what_is_others_is_passed_over(tmp_path: Path) -> None:
    def lossy(message: Message, count: int) -> Sequence[Message]:
        return ANSWERS.get(type(message), []) if count > 1 else [Done(9, 2, 1.0, 1.0, 0.0, 0, 0, 0, "another's")]

    with a_daemon(tmp_path, lossy) as (daemon, config):
        assert say_to_daemon("give me a bass", config).sentence.startswith("funk bass")
    assert daemon.count(SayText) == daemon.count(Hello) == 2


def test_what_takes_long_is_waited_for_as_long_as_the_daemon_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musearoo.bridge.links.press_client.BEAT_EVERY", 0.1)

    begins = answering(Progress(1, 0.1, "Taking it apart …"))

    def slow(message: Message, count: int) -> Sequence[Message]:
        return [DONE] if isinstance(message, Beat) and count > 8 else begins(message, count)

    with a_daemon(tmp_path, slow) as (daemon, config):
        assert say_to_daemon("split it", config, silent_after=0.5).ok
    assert daemon.count(SayText) == 1


def test_without_a_daemon_it_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="start it with musearoo run"):
        say_to_daemon("undo", ConfigFolder(tmp_path))


def test_a_daemon_that_died_is_no_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musearoo.bridge.links.press_client.GREETED_WITHIN", 0.3)
    with a_daemon(tmp_path, lambda *_: []) as (_, config), pytest.raises(ConfigError, match=NOT_RUNNING):
        say_to_daemon("undo", config)


def test_a_daemon_that_ends_or_restarts_is_reported(tmp_path: Path) -> None:
    """Another one knows nothing of the session and answers nothing."""

    def is_gone(message: Message, _: int) -> Sequence[Message]:
        return [WELCOME] if isinstance(message, Hello) else []

    with a_daemon(tmp_path, is_gone) as (daemon, config):
        with pytest.raises(ConfigError) as error:
            say_to_daemon("undo", config, silent_after=0.3)
        assert str(error.value) == GONE
    assert daemon.heard[-1] == Bye(7)


def test_a_program_without_the_secret_gets_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It took the daemon's port, and welcomes whoever comes."""
    monkeypatch.setattr("musearoo.bridge.links.press_client.GREETED_WITHIN", 0.3)
    with a_daemon(tmp_path, answering(DONE)) as (other, config):
        other.secret = "guessed"
        with pytest.raises(ConfigError, match=NOT_RUNNING):
            say_to_daemon("undo", config)
    assert {type(message) for message in other.heard} == {Hello}


def test_a_daemon_of_another_version_says_so_itself(tmp_path: Path) -> None:
    other = "This MuseAroo device speaks version 7 and the daemon version 8."
    with (
        a_daemon(tmp_path, lambda *_: [Refused(Refusal.WRONG_VERSION, other)]) as (_, config),
        pytest.raises(ConfigError, match="the daemon version 8"),
    ):
        say_to_daemon("undo", config)


def test_a_speech_is_too_long_for_a_sentence(tmp_path: Path) -> None:
    with a_daemon(tmp_path, answering(DONE)) as (daemon, config), pytest.raises(ConfigError, match="at most 300 bytes"):
        say_to_daemon("bass " * 61, config)
    assert daemon.count(SayText) == 0
