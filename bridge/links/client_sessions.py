"""A device's session of a client of the daemon: presses, their answers, and what is told in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from musearoo.bridge.core.session import Answered
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Answer,
    Bye,
    Cancel,
    Done,
    Failed,
    Heard,
    Hello,
)
from musearoo.bridge.protocol.types import Message
from musearoo.engines.errors import UserFacingError

NO_PORT: Final = 1024
"""The reply port of a hello on a stream: answers come by the stream."""

GONE: Final = "MuseAroo has gone before it answered: look what stands in Live, and ask again if it is not there."
CLOSED: Final = "This session was closed before the answer came: look what stands in Live."

OnEvent = Callable[[Message], None]
"""Gets what is told of a press before its answer: Got, Progress, Told, Level, Please."""


class DaemonGoneError(UserFacingError):
    """The daemon is not there, or has gone: one sentence, with what to do."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press under way. Awaiting `answered` gives its answer, or raises DaemonGoneError."""

    number: int
    answered: asyncio.Future[Answered]
    on_event: OnEvent | None


class DeviceSession:
    """One session, which outlives the connection: after a restart of the daemon it is opened again.

    `send` sends a message to the daemon; it raises DaemonGoneError where that is not there. `on_news` gets what is told
    of no press. For the event loop's thread only.
    """

    def __init__(
        self,
        instance: str,
        live_version: str,
        set_name: str,
        sample_rate: int,
        send: Callable[[Message], None],
        on_closed: Callable[[DeviceSession], None],
    ) -> None:
        self._hello = Hello(instance, NO_PORT, WIRE_VERSION, live_version, set_name, sample_rate, number=1)
        self._send = send
        self._on_closed = on_closed
        self._presses: dict[int, Press] = {}
        self._made = 0
        self.number = 0
        """The daemon's number of the session, 0 while it is not open there."""
        self.problem = ""
        """Why the daemon does not have it, or ""."""
        self.on_news: OnEvent | None = None

    @property
    def instance(self) -> str:
        """The name of the session, by which the daemon knows it."""
        return self._hello.instance

    @property
    def under_way(self) -> tuple[int, ...]:
        """The numbers of the presses that have no answer yet."""
        return tuple(self._presses)

    async def press(self, request: Message, on_event: OnEvent | None = None) -> Done | Heard | Answer | Failed:
        """Send a request of a device, and return its answer. Its session and press numbers are set here.

        Raises DaemonGoneError without a daemon or where it goes meanwhile, and WireError for a value out of bounds.
        Cancelling the call cancels the request, unless it is on its way into Live already.
        """
        press = self.begin(request, on_event)
        try:
            return await press.answered
        except asyncio.CancelledError:
            self.cancel(press.number)
            raise

    def begin(self, request: Message, on_event: OnEvent | None = None) -> Press:
        """Send a request of a device, and return it under way; raises as `press` does."""
        self._require_open()
        number = self._made + 1
        numbered: Any = request
        self._send(replace(numbered, session=self.number, press=number))
        self._made = number
        press = Press(number, asyncio.get_running_loop().create_future(), on_event)
        self._presses[number] = press
        return press

    def cancel(self, press: int) -> None:
        """Cancel a press that is under way; nothing if it has ended, or the daemon has gone."""
        if press in self._presses and self.number:
            self._send(Cancel(self.number, press))

    def tell(self, message: Message) -> None:
        """Send a message of a device that is no press, such as AutoSplit; its session number is set here."""
        self._require_open()
        numbered: Any = message
        self._send(replace(numbered, session=self.number))

    def close(self) -> None:
        """End the session. What is on its way into Live is written all the same."""
        if self.number:
            self._send(Bye(self.number))
        self._on_closed(self)
        self.lose(CLOSED)
        self.problem = CLOSED

    # --- what the client does ---

    def hello(self, number: int) -> Hello:
        """Return the message that opens it."""
        return replace(self._hello, number=number)

    def receive(self, message: Message) -> None:
        """Take a message of the daemon for this session."""
        press = self._presses.get(getattr(message, "press", 0))
        if isinstance(message, Done | Heard | Answer | Failed):
            if press is not None:
                del self._presses[press.number]
                if not press.answered.done():
                    press.answered.set_result(message)
        elif press is None:
            if self.on_news is not None:
                self.on_news(message)
        elif press.on_event is not None:
            press.on_event(message)

    def lose(self, sentence: str) -> None:
        """Fail the presses under way: the daemon has gone."""
        self.number = 0
        presses, self._presses = self._presses, {}
        for press in presses.values():
            if not press.answered.done():
                press.answered.set_exception(DaemonGoneError(sentence))
                # An exception that nobody looks at must not be reported at the end.
                press.answered.exception()

    def _require_open(self) -> None:
        if not self.number:
            raise DaemonGoneError(self.problem or GONE)
