"""A stand-in for the Max for Live device: its UDP protocol in Python, for benchmarks, tests and the terminal.

It behaves as the device: hello until a welcome, each authenticated by the secret in MuseAroo's folder; a press repeated
until it is acknowledged; every numbered message acknowledged; hello again when a ping was not answered. It runs in the
caller's thread.
"""

import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    AmbienceState,
    Answer,
    Arm,
    Beat,
    Bye,
    DeviceGot,
    Done,
    Facts,
    Failed,
    Got,
    Heard,
    Hello,
    Level,
    MidiState,
    Please,
    Progress,
    Talk,
    Told,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import is_welcome_proven, prove_hello
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.settings.config_files import ConfigFolder, DeviceKey
from musearoo.tools.studio.device_presses import DevicePresses, Ending, Press

REPEAT_AFTER = 0.5
"""Seconds without an answer after which a hello or a press is repeated."""

BEAT_EVERY = 1.0
"""Seconds between pings."""

ANSWERED_WITHIN = 0.3
"""Seconds that a daemon may take to answer a ping; then a hello follows, because it may have been replaced."""

SIGN_EVERY = 0.5
"""Seconds between messages that Talk is still held."""

STILL_HELD = 2
"""The value of such a message."""

MESSAGES_KEPT = 1000
"""The number of past messages of the daemon to keep."""


class NoAnswerError(Exception):
    """The timeout expired."""


class DeviceStandIn(DevicePresses):
    """One device instance, for the daemon that runs from the folder `home`; a `deaf` one never acknowledges.

    `live_version`, `set_name` and `sample_rate` are the values that a real device reads from Live.
    """

    def __init__(
        self,
        instance: str,
        *,
        home: Path,
        live_version: str = "12.3.6",
        set_name: str = "",
        sample_rate: int = 48_000,
        wire_version: int = WIRE_VERSION,
        deaf: bool = False,
    ) -> None:
        super().__init__()
        self.deaf = deaf
        self.welcome: Welcome | None = None
        self.facts: Facts | None = None
        self.midi: MidiState | None = None
        self.ambience: AmbienceState | None = None
        self.received: deque[Message] = deque(maxlen=MESSAGES_KEPT)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._folder = ConfigFolder(home)
        self._hello = Hello(instance, self.reply_port, wire_version, live_version, set_name, sample_rate, number=0)
        self._key = DeviceKey(0, "")
        self._last_beat = 0.0
        self._greeted_at = 0.0
        self._heard_at = 0.0
        self._held: Press | None = None
        self._last_sign = 0.0
        self._is_armed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def reply_port(self) -> int:
        """The UDP port on which this device listens."""
        port: int = self._socket.getsockname()[1]
        return port

    def close(self) -> None:
        """Close the microphone, send a goodbye and close the sockets."""
        if self.session and self._is_armed:
            self.arm(False)
        if self.session:
            self.send(Bye(self.session))
        self._socket.close()
        self._sender.close()

    def send(self, message: Message) -> None:
        """Send one message, from a different port than the listening one, as Max does."""
        self._sender.sendto(encode(message), ("127.0.0.1", self._key.port))

    def greet(self, within: float = 5.0) -> Welcome:
        """Send hello until a welcome arrives. Raises NoAnswerError on timeout."""
        self.welcome = None
        self._greet()
        self.wait_until(lambda: self.welcome is not None, within, "welcome")
        return self.welcome  # type: ignore[return-value]

    def talk(self, *, signs: bool = True) -> Press:
        """Hold Talk, with periodic messages until it is released or the daemon takes over. `signs` False: never any."""
        press = self._press(Talk(self.session, len(self.presses) + 1, 1))
        self._held, self._last_sign = (press if signs else None), press.sent_at
        return press

    def let_go(self, talk: Press) -> None:
        """Release Talk."""
        if self._held is talk:
            self._held = None
        self.send(Talk(self.session, talk.request.press, 0))

    def arm(self, on: bool = True) -> None:
        """Set the Arm toggle, which keeps the microphone open."""
        self._is_armed = on
        self.send(Arm(self.session, int(on)))

    def wait_for(self, press: Press, within: float = 5.0) -> Ending:
        """Return the answer to a press. Raises NoAnswerError on timeout."""
        self.wait_until(lambda: press.answer is not None, within, f"answer to press {press.request.press}")
        return press.answer  # type: ignore[return-value]

    def wait_until(self, condition: Callable[[], bool], within: float, what: str) -> None:
        """Receive and repeat until `condition` is true. Raises NoAnswerError, which names `what`, on timeout."""
        deadline = time.perf_counter() + within
        while not condition():
            left = deadline - time.perf_counter()
            if left <= 0:
                raise NoAnswerError(f"no {what} within {within:g} s")
            self._socket.settimeout(min(left, 0.05))
            try:
                packet, _ = self._socket.recvfrom(2048)
            except TimeoutError:
                pass
            except ConnectionError:
                # Windows reports a closed port of the daemon here; it will reopen, or the wait times out.
                time.sleep(0.01)
            else:
                for message in decode(packet, Route.DAEMON_TO_DEVICE):
                    self._receive(message)
            self._repeat()

    def idle(self, seconds: float) -> None:
        """Let time pass as an unused device does."""
        until = time.perf_counter() + seconds
        self.wait_until(lambda: time.perf_counter() >= until, seconds + 1.0, "end of the wait")

    def _receive(self, message: Message) -> None:
        if isinstance(message, Welcome):
            if not is_welcome_proven(self._key.secret, message, self._hello.instance):
                return
            self._adopt(message)
        elif getattr(message, "session", self.session) != self.session:
            return
        now = self._heard_at = time.perf_counter()
        self.received.append(message)
        match message:
            case Facts():
                self.facts = message
            case MidiState():
                self.midi = message
            case AmbienceState():
                self.ambience = message
            case Got(press) if press in self.presses:
                self.presses[press].got_at = self.presses[press].got_at or now
            case Told(press) if press in self.presses:
                self.presses[press].told.append(message)
            case Progress(press) if press in self.presses:
                self.presses[press].progress.append(message)
                self._release(self.presses[press])
            case Level(press) if press in self.presses:
                self.presses[press].levels.append(message)
            case Please(press=press) if press in self.presses:
                self.presses[press].pleases.append(message)
            case Done(number, press) | Heard(number, press) | Answer(number, press) | Failed(number, press):
                if not self.deaf:
                    self.send(DeviceGot(self.session, number))
                if press in self.presses and self.presses[press].answer is None:
                    self.presses[press].answer, self.presses[press].answered_at = message, now
                    self._release(self.presses[press])

    def _release(self, press: Press) -> None:
        """Handle the end of listening for a Talk, held or not."""
        if self._held is press:
            self._held = None

    def _adopt(self, welcome: Welcome) -> None:
        self.welcome = welcome
        if welcome.session != self.session:
            # A restarted daemon: unanswered requests are sent again with the same number.
            self.session = welcome.session
            for press in self.presses.values():
                if press.answer is None:
                    press.got_at = None
                    press.sent_at = 0.0

    def _repeat(self) -> None:
        now = time.perf_counter()
        if self.welcome is None or self.session == 0:
            if now - self._greeted_at > REPEAT_AFTER:
                self._greet()
            return
        if now - self._last_beat > BEAT_EVERY:
            self._last_beat = now
            self.send(Beat(self.session))
            if self._is_armed:
                self.send(Arm(self.session, 1))
        if max(self._heard_at, self._greeted_at) < self._last_beat < now - ANSWERED_WITHIN:
            self._greet()
        if self._held is not None and now - self._last_sign > SIGN_EVERY:
            self._last_sign = now
            self.send(Talk(self.session, self._held.request.press, STILL_HELD))
        for press in self.presses.values():
            if press.answer is None and press.got_at is None and now - press.sent_at > REPEAT_AFTER:
                if press.sent_at:
                    self._greet()
                request = press.request
                press.request = type(request)(self.session, *(getattr(request, name) for name, _ in request.specs[1:]))
                press.sent_at = now
                self.send(press.request)

    def _greet(self) -> None:
        self._greeted_at = time.perf_counter()
        key = self._folder.read_device_key()
        if key is not None:
            self._key = key
            self._hello = replace(self._hello, number=self._hello.number + 1)
            self.send(prove_hello(key.secret, self._hello))
