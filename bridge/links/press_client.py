"""A client that presses once at the running daemon, as a device would: `musearoo say --do`, `ambient --out clip`.

Lost packets are repeated, as on the device's link; the daemon ignores duplicates.
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from musearoo.bridge.core.session import TERMINAL
from musearoo.bridge.protocol import (
    LONGEST_DATAGRAM,
    WIRE_VERSION,
    Answer,
    Beat,
    BringBack,
    Bye,
    Cancel,
    DeviceGot,
    Done,
    Failed,
    Got,
    Heard,
    Hello,
    Imagine,
    KeepVersion,
    Please,
    Refused,
    SayText,
    Told,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import is_welcome_proven, prove_hello
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder

Pressed = Imagine | SayText | KeepVersion | BringBack

PRESS: Final = 1
"""The number of the session's only press."""
REPEAT_AFTER: Final = 0.25
"""Seconds after which an unacknowledged message is sent again."""
BEAT_EVERY: Final = 1.0
SILENT_AFTER: Final = 5.0
"""Seconds without any message after which the daemon counts as gone; it answers each beat."""
GREETED_WITHIN: Final = 3.0
"""Seconds to wait for a welcome: a running daemon needs some milliseconds."""

NOT_RUNNING: Final = "MuseAroo is not running: start it with musearoo run, and say it again."
GONE: Final = (
    "MuseAroo does not answer any more: see whether it still runs (musearoo doctor), and look what stands in Live."
)
NEEDS_DEVICE: Final = "That is done by the device itself: press it there, or say it to the device."


@dataclass(frozen=True, slots=True)
class PressOutcome:
    """The outcome of a press: whether it was done or answered, whether it is a question, and the text to show."""

    ok: bool
    asks: bool
    sentence: str


def say_to_daemon(text: str, folder: ConfigFolder, silent_after: float = SILENT_AFTER) -> PressOutcome:
    """Send a sentence to this folder's running daemon, and wait until it is done. Raises as `press_at_daemon` does."""
    return press_at_daemon(lambda session: SayText(session, PRESS, text), folder, silent_after)


def press_at_daemon(
    build: Callable[[int], Pressed], folder: ConfigFolder, silent_after: float = SILENT_AFTER
) -> PressOutcome:
    """Send one press to this folder's running daemon, and wait until it is done. `build` makes it for a session's
    number; its press is PRESS.

    Raises ConfigError with one sentence if no daemon runs or it goes away, and for a text that is too long. An
    interrupt cancels the request.
    """
    key = folder.read_device_key()
    if key is None or folder.read_endpoint() is None:
        raise ConfigError(NOT_RUNNING)
    with _Line(key.port) as line:
        session = line.greet(key.secret)
        try:
            request = build(session)
            encode(request)
        except WireError as error:
            raise ConfigError(f"That is too long to be sent ({error}).") from error
        try:
            return line.press(request, silent_after)
        except KeyboardInterrupt:
            line.send(Cancel(session, PRESS))
            raise
        finally:
            line.send(Bye(session))


@dataclass(slots=True)
class _Line:
    """A socket to the daemon on this machine."""

    port: int
    _socket: socket.socket = field(init=False)

    def __enter__(self) -> _Line:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def reply_port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def send(self, message: Message) -> None:
        self._socket.sendto(encode(message), ("127.0.0.1", self.port))

    def receive(self) -> list[Message]:
        """Return the messages that have arrived, after a moment at most."""
        self._socket.settimeout(REPEAT_AFTER / 5.0)
        try:
            return list(decode(self._socket.recv(2 * LONGEST_DATAGRAM), Route.DAEMON_TO_DEVICE))
        except (TimeoutError, ConnectionError):  # Windows reports a closed port as a ConnectionError
            return []

    def greet(self, secret: str) -> int:
        """Open a session and return its number; raises ConfigError if no daemon with the secret answers."""
        hello = Hello(f"{TERMINAL}{secrets.token_hex(8)}", self.reply_port, WIRE_VERSION, "", "", 0, number=0)
        started, sent = time.monotonic(), 0.0
        while (now := time.monotonic()) - started < GREETED_WITHIN:
            if now - sent > REPEAT_AFTER:
                hello = replace(hello, number=hello.number + 1)
                self.send(prove_hello(secret, hello))
                sent = now
            for message in self.receive():
                match message:
                    case Welcome(session=session) if is_welcome_proven(secret, message, hello.instance):
                        return session
                    case Refused(sentence=sentence):
                        raise ConfigError(sentence)
        raise ConfigError(NOT_RUNNING)

    def press(self, request: Pressed, silent_after: float) -> PressOutcome:
        """Send a press and return its outcome; raises ConfigError if the daemon falls silent or is restarted."""
        notices: list[str] = []
        is_got = needs_device = False
        last_message_at, sent, beaten = time.monotonic(), 0.0, 0.0
        while (now := time.monotonic()) - last_message_at < silent_after:
            if not is_got and now - sent > REPEAT_AFTER:
                self.send(request)
                sent = now
            if now - beaten > BEAT_EVERY:
                self.send(Beat(request.session))
                beaten = now
            for message in self.receive():
                if getattr(message, "session", request.session) != request.session:
                    continue
                last_message_at = time.monotonic()
                match message:
                    case Got(press=request.press):
                        is_got = True
                    case Told(press=request.press, sentence=sentence):
                        notices.append(sentence)
                    case Please(press=request.press):
                        needs_device = True
                    case Refused(sentence=sentence):
                        raise ConfigError(sentence)
                    case Done() | Heard() | Answer() | Failed() if message.press == request.press:
                        self.send(DeviceGot(request.session, message.number))
                        if needs_device:
                            return PressOutcome(False, False, NEEDS_DEVICE)
                        return _outcome_of(message, notices)
        raise ConfigError(GONE)


def _outcome_of(answer: Done | Heard | Answer | Failed, notices: list[str]) -> PressOutcome:
    match answer:
        case Failed(sentence=sentence):
            return PressOutcome(False, False, sentence)
        case Answer(sentence=sentence, asks=asks):
            return PressOutcome(True, bool(asks), sentence)
        case Heard(sentence=sentence):
            return PressOutcome(True, False, sentence)
        case Done():
            where = f" on track {answer.track + 1}, scene {answer.scene + 1}" if answer.track >= 0 else ""
            done = f"{answer.name}{where}: {answer.milliseconds:.0f} ms."
            return PressOutcome(True, False, " ".join([*notices, done]))
