"""Messages that a surface schedules on the 100 ms display tick."""

from __future__ import annotations

import traceback
from typing import Any, Callable, NamedTuple


class Message(NamedTuple):
    """A callback waiting for a display tick."""

    due_tick: int
    callback: Callable[..., Any]
    arguments: tuple[Any, ...]


class TickTasks:
    """The scheduled messages of one surface.

    A delay of 0 or 1 runs at the next tick, and so does a negative one. A callback that raises is logged and, since it
    reschedules itself, never runs again.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._tick = 0
        self._messages: list[Message] = []

    def schedule(self, delay_in_ticks: int, callback: Callable[..., Any], parameter: Any) -> None:
        """Run a callback after a number of ticks, with the parameter if it is true: as in Live, 0 counts as none."""
        arguments = (parameter,) if parameter else ()
        self._messages.append(Message(self._tick + max(1, delay_in_ticks), callback, arguments))

    def advance(self) -> None:
        """Run the messages that are due at this tick; messages scheduled meanwhile wait for the next."""
        self._tick += 1
        due = [message for message in self._messages if message.due_tick <= self._tick]
        self._messages = [message for message in self._messages if message.due_tick > self._tick]
        for message in due:
            try:
                message.callback(*message.arguments)
            except Exception:
                for line in traceback.format_exc().rstrip().splitlines():
                    self._log("RemoteScriptError: " + line)

    def clear(self) -> None:
        """Discard all messages."""
        self._messages = []
