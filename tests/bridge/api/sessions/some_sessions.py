"""Open sessions for tests: on a real store, with a real composer that works in the test's own process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast

import msgspec

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.composer import Composer
from musearoo.bridge.api.composers.messages import Command, Refused, Reply
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import RefusedError
from musearoo.bridge.api.sessions.own import OwnSession
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.sets.packets import pack
from musearoo.bridge.api.sets.performing import new_set
from musearoo.bridge.api.types.answers import Outcome, SetChanges
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.records import Session
from musearoo.bridge.store.sessions import add_session, read_session
from musearoo.bridge.store.takes import read_take

ADA = Who("ada", "ada", frozenset(("read", "make")))
SESSION = "session"


class HerePool:
    """A composer in this process, with the interface of the pool."""

    def __init__(self, home: Path) -> None:
        self._composer = Composer(home)
        self._sets: set[str] = set()
        self.done: list[Command] = []

    def next_number(self) -> int:
        return len(self.done) + 1

    def has_set(self, session: str) -> bool:
        return session in self._sets

    def forget(self, session: str) -> None:
        self._sets.discard(session)

    @contextlib.contextmanager
    def admitted(self) -> Iterator[None]:
        yield

    async def perform(self, command: Command, session: str = "") -> Reply:
        self._sets.add(session)
        reply = self._composer.answer(command)
        self.done.append(command)
        if isinstance(reply, Refused):
            raise RefusedError(Refusal(reply.code), reply.sentence, reply.field)
        return reply


class Opened:
    """Ada's session, opened as by a server of its own."""

    _numbers = count(1)

    def __init__(self, store: Database, home: Path) -> None:
        self.store = store
        self.pool = HerePool(home)
        record = store.read_now(partial(read_session, session=SESSION))
        pool = cast(ComposerPool, self.pool)
        self.counted: list[tuple[str, Mapping[str, float]]] = []
        self.session = OwnSession(store, pool, record, Tastes(store, home), self._count)

    def _count(self, engine: str, _seconds: float, measures: Mapping[str, float]) -> None:
        self.counted.append((engine, measures))

    async def ask(self, request: AnyRequest) -> Outcome:
        """What comes of a request of Ada's."""
        body = await self.session.perform(request, f"request{next(self._numbers)}", ADA, "msgpack")
        return msgspec.msgpack.decode(body, type=Outcome)

    async def turn(self, take: str, **params: Any) -> Outcome:
        """What comes of turning a take."""
        record = await self.store.read(partial(read_take, take=take))
        body = await self.session.turn(record, params, True, f"request{next(self._numbers)}", ADA, "msgpack")
        return msgspec.msgpack.decode(body, type=Outcome)

    async def look(self) -> SetChanges:
        """The whole set."""
        return msgspec.msgpack.decode((await self.session.view("msgpack")).body, type=SetChanges)


def make_session(store: Database) -> None:
    """Add Ada's session with an empty set."""
    record = Session(id=SESSION, owner="ada", name="Test", kind="own", made=1.0, changed=1.0)
    store.run_now(partial(add_session, session=record, document=pack(new_set("Test"))))
