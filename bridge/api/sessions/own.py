"""A session with a set of its own: each request is composed from its set, and stored before it is answered.

Changes of one session happen one after the other. Two servers on one database may have the same session open: the
store takes one of two changes to the same version, and the other one is made again on what has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.messages import (
    Apply,
    Command,
    Interpret,
    Interpreted,
    Made,
    MadeByJob,
    Perform,
    Place,
    Replay,
    Returned,
    SetNeeded,
    SetSource,
    TakeRow,
    View,
)
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import ApiError, ClosedError, ConflictError, RefusedError, TakesLongerError
from musearoo.bridge.api.sessions.audience import Audience, Encoded
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.sessions.turning import turn_take
from musearoo.bridge.api.types.answers import Encoding, Outcome, SetChanges
from musearoo.bridge.api.types.requests import LONG, AnyRequest, Redo, Say, Undo
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import ConflictError as StoreConflictError
from musearoo.bridge.store.errors import StoreError
from musearoo.bridge.store.records import Document, Session, Step, Take
from musearoo.bridge.store.sessions import keep_document, keep_memory, read_document, read_session
from musearoo.bridge.store.steps import append_step, find_redoable, find_undoable, list_steps_after, mark_undone

Kind = TypeVar("Kind")
CountTake = Callable[[str, float, Mapping[str, float]], None]
"""Counts a take: its engine, the seconds that the engine took, and its measures."""

CHECKPOINT_EVERY: Final = 50
"""Steps after which the whole set is stored again, so that few steps are replayed when it is opened."""
MOST_DIFFERENCES: Final = 200
"""Steps that a client may be behind; beyond that it gets the whole set."""
NO_MESSAGES: Final = b"\x90"
"""An empty list, in msgpack."""
MOST_REPLAYED: Final = 10_000
TRIES: Final = 4
"""Times that a change is made again because another server was first."""


class Viewed(NamedTuple):
    """A view of a set, and the version that it shows."""

    version: int
    body: bytes


class OwnSession:
    """An open session with a set of its own. For the event loop's thread only."""

    def __init__(
        self,
        database: Database,
        pool: ComposerPool,
        record: Session,
        tastes: Tastes,
        count_take: CountTake,
    ) -> None:
        self._tastes = tastes
        self._count_take = count_take
        self._database = database
        self._pool = pool
        self.record = record
        self.audience = Audience()
        self._version = record.version
        self._checkpoint = record.checkpoint
        self._changing = asyncio.Lock()
        # Names the state of the set that composers may have.
        self._basis = new_basis()
        self._memory = b""
        self.used_at = time.monotonic()

    @property
    def id(self) -> str:
        """The session's id."""
        return self.record.id

    @property
    def version(self) -> int:
        """The version of its set."""
        return self._version

    @property
    def is_busy(self) -> bool:
        """Whether it is being changed."""
        return self._changing.locked()

    async def perform(
        self, request: AnyRequest, request_id: str, who: Who, encoding: Encoding, said: str = ""
    ) -> bytes:
        """Perform a request, store what it has changed, and return the Outcome in an encoding.

        `said` is RooAroo's sentence, where a sentence asked for it. Raises ApiError where it is refused, and StoreError
        where it cannot be stored: the set is as before then. Raises TakesLongerError for what becomes a job. A cancel
        that comes when it is being stored is too late: the Outcome is returned.
        """
        self.used_at = time.monotonic()
        with self._pool.admitted():
            async with self._changing:
                if isinstance(request, Say):
                    return await self._say(request, request_id, who, encoding)
                return await self._perform(request, request_id, who, encoding, said)

    async def turn(
        self, take: Take, params: Mapping[str, Any], is_final: bool, request_id: str, who: Who, encoding: Encoding
    ) -> bytes:
        """Play a take again with other parameters; until it is final nothing is written. Raises as `perform` does."""
        request, clip = turn_take(take, params)
        self.used_at = time.monotonic()
        with self._pool.admitted():
            if is_final:
                async with self._changing:
                    return await self._perform(request, request_id, who, encoding, clip=clip)
            packed = msgspec.msgpack.encode(request)
            made = await self._on_set(
                lambda on_set: Perform(
                    **on_set, encoding=encoding, request=packed, request_id=request_id, is_preview=True, clip=clip
                ),
                Made,
            )
        return made.body

    async def write(self, made: MadeByJob, request: AnyRequest, request_id: str, who: Who) -> bytes:
        """Write into the set what a job has made, and return the Outcome in msgpack. Raises as `perform` does."""
        do, packed = str(type(request).__struct_config__.tag), msgspec.msgpack.encode(request)

        async def make(_: Step | None) -> Made:
            return await self._on_set(
                lambda on_set: Apply(
                    **on_set, encoding="msgpack", made=made, request=packed, request_id=request_id, do=do
                ),
                Made,
                who.name,
            )

        async with self._changing:
            return await self._change(make, request_id, do, who, request.version)

    async def place(
        self, path: str, name: str, scene: int, apply: tuple[str, ...], request_id: str, who: Who
    ) -> Outcome:
        """Add an uploaded file to the set as a clip, analysed. `scene` is its index, -1 for the selected one."""

        async def make(_: Step | None) -> Made:
            return await self._on_set(
                lambda on_set: Place(
                    **on_set,
                    encoding="msgpack",
                    path=path,
                    name=name,
                    scene=scene,
                    apply=apply,
                    request_id=request_id,
                ),
                Made,
                who.name,
            )

        self.used_at = time.monotonic()
        with self._pool.admitted():
            async with self._changing:
                body = await self._change(make, request_id, "analyze", who)
        return msgspec.msgpack.decode(body, type=Outcome)

    async def require_version(self, version: int | None) -> None:
        """Raise ConflictError unless the set is at a version; None is any."""
        async with self._changing:
            await self._require_version(version)

    async def source(self) -> SetSource:
        """Return the set as it is stored now."""
        async with self._changing:
            await self._catch_up()
            return await self._source()

    async def view(self, encoding: Literal["json", "msgpack", "midi"]) -> Viewed:
        """Return the whole view of the set, or its music as a MIDI file."""
        self.used_at = time.monotonic()
        with self._pool.admitted():
            async with self._changing:
                await self._catch_up()
                reply = await self._on_set(lambda on_set: View(**on_set, encoding=encoding), Returned)
                return Viewed(self._version, reply.value)

    async def changes_since(self, version: int | None) -> SetChanges:
        """Return what has changed in the set since a version; the whole set for None, or for a version long ago."""
        with self._pool.admitted():
            async with self._changing:
                await self._catch_up()
                if version == self._version:
                    return SetChanges(version=version)
                since: tuple[bytes, ...] | None = None
                if version is not None and self._version - MOST_DIFFERENCES <= version <= self._version:
                    steps = await self._database.read(partial(list_steps_after, session=self.id, version=version))
                    since = tuple(step.forward for step in steps)
                reply = await self._on_set(lambda on_set: View(**on_set, encoding="msgpack", since=since), Returned)
        return msgspec.msgpack.decode(reply.value, type=SetChanges)

    async def keep_memory(self) -> None:
        """Store what RooAroo remembers of the session, if a composer has it."""
        if self._pool.has_set(self.id):
            reply = await self._on_set(lambda on_set: View(**on_set, encoding="memory"), Returned)
            self._memory = reply.value
            await self._database.run(partial(keep_memory, session=self.id, memory=reply.value))

    def close(self) -> None:
        """Let go of what an open session has outside of itself: nothing."""

    # --- sentences ---------------------------------------------------------------------------------------------------

    async def _say(self, request: Say, request_id: str, who: Who, encoding: Encoding) -> bytes:
        """Understand a sentence, and perform what it asks for."""
        await self._require_version(request.version)
        await self._catch_up()
        tastes = await self._tastes.read(who)
        reply = await self._on_set(
            lambda on_set: Interpret(**on_set, encoding=encoding, text=request.text, tastes=tastes, now=time.time()),
            Interpreted,
        )
        self._memory = reply.memory
        await self._tastes.keep(reply.tastes, who)
        if reply.request:
            asked = msgspec.msgpack.decode(reply.request, type=AnyRequest)
            asked = msgspec.structs.replace(asked, version=request.version)
            return await self._perform(asked, request_id, who, encoding, reply.sentence)
        if reply.is_lost:
            raise ApiError(422, "not_understood", reply.sentence, "text")
        outcome = Outcome(request=request_id, do="say", sentence=reply.sentence, milliseconds=0.0, asks=reply.asks)
        return msgspec.json.encode(outcome) if encoding == "json" else msgspec.msgpack.encode(outcome)

    # --- composing and storing: while `_changing` is held ------------------------------------------------------------

    async def _perform(
        self, request: AnyRequest, request_id: str, who: Who, encoding: Encoding, said: str = "", clip: int = 0
    ) -> bytes:
        """Perform a request that is admitted and no sentence. `clip`: the one in whose slot it is performed."""
        if isinstance(request, LONG):
            raise TakesLongerError(request, said)

        async def make(step: Step | None) -> Made:
            return await self._compose(request, request_id, who, encoding, said, clip, step)

        find = partial(self._find_step, request) if isinstance(request, Undo | Redo) else None
        do = str(type(request).__struct_config__.tag)
        return await self._change(make, request_id, do, who, request.version, find)

    async def _change(
        self,
        make: Callable[[Step | None], Awaitable[Made]],
        request_id: str,
        do: str,
        who: Who,
        version: int | None = None,
        find: Callable[[], Awaitable[Step]] | None = None,
    ) -> bytes:
        """Make a change and store it, again while another server is first; returns the Outcome.

        `version` is the only one at which it may be made, None for any; `find` returns the step that `make` needs.
        """
        for _ in range(TRIES):
            await self._require_version(version)
            before = self._version
            step = await find() if find is not None else None
            try:
                made = await make(step)
            except RefusedError:
                # What another server has changed may allow it.
                await self._catch_up()
                if self._version == before:
                    raise
                continue
            if await self._commit(made, request_id, do, who, step):
                return made.body
        raise _busy()

    async def _require_version(self, version: int | None) -> None:
        if version is None:
            return
        await self._catch_up()
        if version != self._version:
            raise ConflictError(
                f"The set is at version {self._version}, and this was asked for at {version}: see what has changed, "
                "then ask again."
            )

    async def _compose(
        self,
        request: AnyRequest,
        request_id: str,
        who: Who,
        encoding: Encoding,
        said: str,
        clip: int,
        step: Step | None,
    ) -> Made:
        """Return what a request makes of the set. `step`: what Undo and Redo are about."""
        if step is None:
            packed = msgspec.msgpack.encode(request)
            return await self._on_set(
                lambda on_set: Perform(
                    **on_set, encoding=encoding, request=packed, request_id=request_id, said=said, clip=clip
                ),
                Made,
                who.name,
            )
        is_undo = isinstance(request, Undo)
        tastes = b""
        if is_undo:
            tastes = await self._tastes.read(who)
        return await self._on_set(
            lambda on_set: Replay(
                **on_set,
                encoding=encoding,
                messages=step.backward if is_undo else step.forward,
                request_id=request_id,
                do="undo" if is_undo else "redo",
                sentence=f"{'Undone' if is_undo else 'Again'}: {step.label}",
                undone=step.request_id if is_undo else "",
                tastes=tastes,
            ),
            Made,
            who.name,
        )

    async def _find_step(self, request: Undo | Redo) -> Step:
        """Return the step that is to be taken back or done again."""
        is_undo = isinstance(request, Undo)
        find = find_undoable if is_undo else find_redoable
        step: Step | None = await self._database.read(partial(find, session=self.id))
        if step is None:
            raise ConflictError("There is nothing to undo." if is_undo else "There is nothing to do again.")
        return step

    async def _on_set(self, command: Callable[[dict[str, Any]], Command], kind: type[Kind], by: str = "") -> Kind:
        """Return the reply to a command on the set, which goes along where the composer does not have it."""
        on_set = {
            "number": self._pool.next_number(),
            "session": self.id,
            "version": self._version,
            "basis": self._basis,
            "has_audience": len(self.audience) > 0,
            "by": by,
            "source": None if self._pool.has_set(self.id) else await self._source(),
        }
        reply = await self._pool.perform(command(on_set), self.id)
        if isinstance(reply, SetNeeded):
            reply = await self._pool.perform(command({**on_set, "source": await self._source()}), self.id)
        if not isinstance(reply, kind):
            raise TypeError(f"a command on a set was answered by {type(reply).__name__}")
        return reply

    async def _commit(self, made: Made, request_id: str, do: str, who: Who, undone: Step | None) -> bool:
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
        now, version = time.time(), self._version + 1
        step = Step(
            session=self.id,
            version=version,
            user=who.user,
            request=do,
            request_id=request_id,
            label=made.label,
            made=now,
            forward=made.forward,
            backward=made.backward,
        )
        takes = [_record_of(row, self.id, who.user) for row in made.takes]

        def work(connection: Connection) -> None:
            append_step(connection, step, takes)
            if undone is not None:
                mark_undone(connection, self.id, undone.version, version if do == "undo" else None)

        try:
            await self._database.run(work)
        except StoreConflictError:
            await self._catch_up()
            return False
        except BaseException:
            # Composers have a set that the store does not.
            self._forget_composers()
            raise
        self._version, self._basis = version, request_id
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
        self._pool.forget(self.id)

    async def _catch_up(self) -> None:
        """Read the version that another server may have brought the session to. Raises ApiError if it closed it."""
        record = await self._database.read(partial(read_session, session=self.id))
        if record.closed is not None:
            raise ClosedError
        if record.version != self._version:
            self.record, self._version, self._checkpoint = record, record.version, record.checkpoint
            self._forget_composers()

    async def _source(self) -> SetSource:
        """Return the set as it is stored: its document, and the steps after it up to this version."""

        def work(connection: Connection) -> tuple[Document, Sequence[Step]]:
            document = read_document(connection, self.id)
            return document, list_steps_after(connection, self.id, document.checkpoint, limit=MOST_REPLAYED)

        document, steps = await self._database.read(work)
        packed = tuple(step.forward for step in steps if step.version <= self._version)
        return SetSource(
            document.document or NO_MESSAGES, packed, self._version, self._memory or document.memory or b""
        )

    async def _keep_checkpoint(self) -> None:
        """Store the whole set at this version."""
        reply = await self._on_set(lambda on_set: View(**on_set, encoding="packed"), Returned)
        version = self._version
        await self._database.run(partial(keep_document, session=self.id, checkpoint=version, document=reply.value))
        self._checkpoint = version
        await self.keep_memory()


def new_basis() -> str:
    """Return a name for a state of a set that no composer has."""
    return secrets.token_hex(8)


def _busy() -> ApiError:
    sentence = "Others change this session all the time: try again in a moment."
    return ApiError(503, "busy", sentence, retry_after=1)


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
