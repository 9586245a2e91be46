"""The server's hub without its sockets, in this process: how much of an answer is composers, store, and the rest."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from musearoo.bridge.api.access.admission import LOCAL_USER, add_local_user
from musearoo.bridge.api.access.who import SCOPES, Who
from musearoo.bridge.api.composers.messages import Command, Reply
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.sessions.hub import Hub, make_id
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.types.requests import Generate
from musearoo.bridge.api.types.sessions import NewSession
from musearoo.bridge.store.database import open_database
from musearoo.tools.bench.api.requests import ENGINES, set_of

WHO: Final = Who(LOCAL_USER, LOCAL_USER, frozenset(SCOPES), is_local=True)


@dataclass(frozen=True, slots=True)
class Inside:
    """Milliseconds of one request in the hub: in all, in the pool of composers, in the store's transactions."""

    total: float
    pool: float
    store: float
    composed: float
    """What the composer itself says of it."""


class HubInside:
    """A hub with one composer and a store of its own. Leaving the context ends both."""

    def __init__(self, home: Path) -> None:
        self._loop = _new_loop()
        self._database = open_database(f"sqlite:///{home / 'inside.db'}", make=True)
        self._database.run_now(lambda connection: add_local_user(connection, time.time()))
        self._database.observe = self._observe
        self._pool = _TimedPool(home, 1)
        self._store_seconds = 0.0
        self._hub = Hub(self._database, self._pool, Tastes(self._database, home), lambda *_: None)
        self._sessions = [self._loop.run_until_complete(self._hub.create(NewSession(), WHO)).id for _ in ENGINES]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._close())
        self._database.close()
        self._loop.close()

    def play(self, number: int, request: Generate) -> Inside:
        """Return what the request of a number takes."""
        self._pool.seconds = self._store_seconds = 0.0
        began = time.perf_counter()
        body = self._loop.run_until_complete(self._perform(self._sessions[set_of(number)], request))
        total = time.perf_counter() - began
        composed = msgspec.msgpack.decode(body)["milliseconds"]
        return Inside(total * 1000, self._pool.seconds * 1000, self._store_seconds * 1000, composed)

    async def _close(self) -> None:
        # In the loop, whose readers the pool has.
        self._pool.close()

    async def _perform(self, session: str, request: Generate) -> bytes:
        opened = await self._hub.open(session, WHO, "editor")
        return await opened.perform(request, make_id(), WHO, "msgpack")

    def _observe(self, operation: str, seconds: float, *, failed: bool) -> None:  # noqa: ARG002
        self._store_seconds += seconds


class _TimedPool(ComposerPool):
    """The pool of composers, measured."""

    seconds = 0.0

    async def perform(self, command: Command, session: str = "") -> Reply:
        began = time.perf_counter()
        try:
            return await super().perform(command, session)
        finally:
            self.seconds += time.perf_counter() - began


def _new_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop of the kind that the server runs in."""
    if sys.platform != "win32":
        try:
            import uvloop
        except ImportError:
            return asyncio.new_event_loop()
        return uvloop.new_event_loop()
    return asyncio.new_event_loop()
