"""The set of a session with one of its own, as composers and the store have it: versions, changes, checkpoints.

Two servers on one database may have the same session open: the store takes one of two changes to the same version.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.messages import Command, Made, Returned, SetNeeded, SetSource, TakeRow, View
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import ApiError, ClosedError, ConflictError
from musearoo.bridge.api.sessions.audience import Audience, Encoded
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import ConflictError as StoreConflictError
from musearoo.bridge.store.errors import StoreError
from musearoo.bridge.store.records import Document, Session, Step, Take
from musearoo.bridge.store.sessions import keep_document, keep_memory, read_document, read_session
from musearoo.bridge.store.steps import append_step, list_steps_after, mark_undone

Kind = TypeVar("Kind")
CountTake = Callable[[str, float, Mapping[str, float]], None]
"""Counts a take: its engine, the seconds that the engine took, and its measures."""

CHECKPOINT_EVERY: Final = 50
"""Steps after which the whole set is stored again, so that few steps are replayed when it is opened."""
NO_MESSAGES: Final = b"\x90"
"""An empty list, in msgpack."""
MOST_REPLAYED: Final = 10_000


class VersionedSet:
    """The set of one session, and who listens to it. For the event loop's thread, and for one change at a time."""

    def __init__(
        self, database: Database, pool: ComposerPool, record: Session, tastes: Tastes, count_take: CountTake
    ) -> None:
        self._database = database
        self._pool = pool
        self._tastes = tastes
        self._count_take = count_take
        self.record = record
        self.audience = Audience()
        self.version = record.version
        self._checkpoint = record.checkpoint
        # Names the state of the set that composers may have.
        self._basis = new_basis()
        self.memory = b""
        """What RooAroo remembers, as far as it is known here."""

    async def ask(self, command: Callable[[dict[str, Any]], Command], kind: type[Kind], by: str = "") -> Kind:
        """Return the reply to a command on the set, which goes along where the composer does not have it."""
        on_set = {
            "number": self._pool.next_number(),
            "session": self.record.id,
            "version": self.version,
            "basis": self._basis,
            "has_audience": len(self.audience) > 0,
            "by": by,
            "source": None if self._pool.has_set(self.record.id) else await self.source(),
        }
        reply = await self._pool.perform(command(on_set), self.record.id)
        if isinstance(reply, SetNeeded):
            reply = await self._pool.perform(command({**on_set, "source": await self.source()}), self.record.id)
        if not isinstance(reply, kind):
            raise TypeError(f"a command on a set was answered by {type(reply).__name__}")
        return reply

    async def commit(self, made: Made, request_id: str, do: str, who: Who, undone: Step | None) -> bool:
        """Store a change, and tell it; returns False where another server was first, and it is to be made again.

        Once it has begun it is done, whoever has gone meanwhile.
        """
        if not made.forward:
            return True
        storing = asyncio.create_task(self._store(made, request_id, do, who, undone))
        is_cancelled = False
        while not storing.done():
            try:
                await asyncio.wait([storing])
            except asyncio.CancelledError:
                is_cancelled = True
        is_stored = storing.result()
        if is_stored and made.event:
            # After the answer, which the caller sends in this turn of the loop.
            asyncio.get_running_loop().call_soon(self.audience.tell, Encoded(made.event))
        if is_cancelled and not is_stored:
            raise asyncio.CancelledError
        return is_stored

    async def _store(self, made: Made, request_id: str, do: str, who: Who, undone: Step | None) -> bool:
        """Store a change, and note it; returns False where another server was first."""
        now, version = time.time(), self.version + 1
        step = Step(
            session=self.record.id,
            version=version,
            user=who.user,
            request=do,
            request_id=request_id,
            label=made.label,
            made=now,
            forward=made.forward,
            backward=made.backward,
        )
        takes = [_record_of(row, self.record.id, who.user) for row in made.takes]

        def work(connection: Connection) -> None:
            append_step(connection, step, takes)
            if undone is not None:
                mark_undone(connection, self.record.id, undone.version, version if do == "undo" else None)

        try:
            await self._database.run(work)
        except StoreConflictError:
            await self.catch_up()
            return False
        except BaseException:
            # Composers have a set that the store does not.
            self._forget_composers()
            raise
        self.version, self._basis = version, request_id
        for take, row in zip(takes, made.takes, strict=True):
            self._count_take(take.engine, take.milliseconds / 1000.0, row.measures)
        try:
            await self._tastes.keep(made.tastes, who)
            if version - self._checkpoint >= CHECKPOINT_EVERY:
                await self._keep_checkpoint()
        except (ApiError, StoreError) as error:
            # The change itself is stored: the next one tries again.
            LOG.warning("What follows from a change could not be stored: %s", error)
        return True

    def _forget_composers(self) -> None:
        self._basis = new_basis()
        self._pool.forget(self.record.id)

    async def catch_up(self) -> None:
        """Read the version that another server may have brought the session to. Raises ApiError if it closed it."""
        record = await self._database.read(partial(read_session, session=self.record.id))
        if record.closed is not None:
            raise ClosedError
        if record.version != self.version:
            self.record, self.version, self._checkpoint = record, record.version, record.checkpoint
            self._forget_composers()

    async def require_version(self, version: int | None) -> None:
        """Raise ConflictError unless the set is at a version; None is any."""
        if version is None:
            return
        await self.catch_up()
        if version != self.version:
            raise ConflictError(
                f"The set is at version {self.version}, and this was asked for at {version}: see what has changed, "
                "then ask again."
            )

    async def source(self) -> SetSource:
        """Return the set as it is stored: its document, and the steps after it up to this version."""

        def work(connection: Connection) -> tuple[Document, Sequence[Step]]:
            document = read_document(connection, self.record.id)
            return document, list_steps_after(connection, self.record.id, document.checkpoint, limit=MOST_REPLAYED)

        document, steps = await self._database.read(work)
        packed = tuple(step.forward for step in steps if step.version <= self.version)
        return SetSource(document.document or NO_MESSAGES, packed, self.version, self.memory or document.memory or b"")

    async def keep_memory(self) -> None:
        """Store what RooAroo remembers of the session, if a composer has it."""
        if self._pool.has_set(self.record.id):
            reply = await self.ask(lambda on_set: View(**on_set, encoding="memory"), Returned)
            self.memory = reply.value
            await self._database.run(partial(keep_memory, session=self.record.id, memory=reply.value))

    async def _keep_checkpoint(self) -> None:
        """Store the whole set at this version."""
        reply = await self.ask(lambda on_set: View(**on_set, encoding="packed"), Returned)
        version = self.version
        await self._database.run(
            partial(keep_document, session=self.record.id, checkpoint=version, document=reply.value)
        )
        self._checkpoint = version
        await self.keep_memory()


def new_basis() -> str:
    """Return a name for a state of a set that no composer has."""
    return secrets.token_hex(8)


def _record_of(row: TakeRow, session: str, user: str) -> Take:
    """Return a take as the store keeps it; the store gives it its number and its step."""
    fields = dict(row.fields)
    place = {name: fields.pop(name) for name in ("clip", "track", "scene")}
    fields["request_id"] = fields.pop("request")
    return Take(
        **fields,
        session=session,
        user=user,
        place=place,
        notes=row.notes,
        notes_hash=hashlib.blake2b(row.notes, digest_size=16).hexdigest(),
    )
