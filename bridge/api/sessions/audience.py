"""The clients of a session: a bounded queue each. Results are kept, progress is coalesced, the slow are let go."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

import msgspec

from musearoo.bridge.api.types.events import AnyEvent
from musearoo.bridge.api.types.frames import EventName

MOST_QUEUED: Final = 256
"""Events that wait for one client; one that is further behind is closed, and asks for what it missed."""
MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """An event in msgpack, or a whole frame. Events `about` the same thing replace each other while they wait.

    `is_last`: the connection ends after it. `kind`: which event it is; a composer encodes those of the set.
    """

    body: bytes
    about: str = ""
    is_frame: bool = False
    is_last: bool = False
    kind: str = "set"

    @classmethod
    def of(cls, event: AnyEvent, about: str = "", is_last: bool = False) -> Encoded:
        """Return an event, encoded."""
        return cls(msgspec.msgpack.encode(event), about, is_last=is_last, kind=str(type(event).__struct_config__.tag))


@dataclass(slots=True, eq=False)
class Listener:
    """One client's queue. `is_lost`: it was too slow, and what it missed is gone.

    `events`: the kinds of events that it is told of; None for all.
    """

    name: str
    user: str
    events: tuple[EventName, ...] | None = None
    is_lost: bool = False
    _queue: deque[Encoded] = field(default_factory=deque)
    _bytes: int = 0
    _filled: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, event: Encoded) -> None:
        """Queue an event."""
        if self.is_lost:
            return
        if event.about:
            for place, waiting in enumerate(self._queue):
                if waiting.about == event.about:
                    self._bytes += len(event.body) - len(waiting.body)
                    self._queue[place] = event
                    return
        self._queue.append(event)
        self._bytes += len(event.body)
        if len(self._queue) > MOST_QUEUED or self._bytes > MOST_BYTES:
            self.is_lost = True
            self._queue.clear()
        self._filled.set()

    @property
    def backlog(self) -> int:
        """The bytes that wait."""
        return self._bytes

    async def get(self) -> list[Encoded]:
        """Return the events that wait, once there are some; none for a client that is lost."""
        await self._filled.wait()
        self._filled.clear()
        events = list(self._queue)
        self._queue.clear()
        self._bytes = 0
        return events


class Audience:
    """The listeners of one session."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the users who listen, each once."""
        return tuple(sorted({listener.name for listener in self._listeners}))

    def join(self, name: str, user: str, events: tuple[EventName, ...] | None = None) -> Listener:
        """Add a listener, for some kinds of events or for all."""
        listener = Listener(name, user, events)
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Remove a listener."""
        self._listeners.discard(listener)

    def tell(self, event: Encoded) -> None:
        """Queue an event for everyone who wants its kind; the last one comes to all."""
        for listener in self._listeners:
            if event.is_last or listener.events is None or event.kind in listener.events:
                listener.put(event)

    def dismiss(self, user: str, last: Encoded) -> None:
        """Queue a last event for all connections of one user."""
        for listener in self._listeners:
            if listener.user == user:
                listener.put(last)
