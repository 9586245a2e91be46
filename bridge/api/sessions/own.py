"""A session with a set of its own: each request is composed from its set, and stored before it is answered.

Changes of one session happen one after the other. One that another server was faster with is made again on what has
changed: see `versioned_set`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.messages import (
    Apply,
    Detail,
    Interpret,
    Interpreted,
    Made,
    MadeByJob,
    Perform,
    Place,
    Replay,
    Returned,
    SetSource,
    View,
)
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import ApiError, ConflictError, RefusedError, TakesLongerError
from musearoo.bridge.api.sessions.audience import Audience
from musearoo.bridge.api.sessions.edits import FoundClip, Target, find_target
from musearoo.bridge.api.sessions.feed import list_missed
from musearoo.bridge.api.sessions.takes import list_clips
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.sessions.turning import turn_take
from musearoo.bridge.api.sessions.versioned_set import CountTake, VersionedSet
from musearoo.bridge.api.types.answers import Encoding, Outcome, SetChanges
from musearoo.bridge.api.types.clips import ClipDetail
from musearoo.bridge.api.types.requests import LONG, ONLY_LIVE_PLAYS, Act, AnyRequest, Edit, Redo, Say, Song, Undo
from musearoo.bridge.api.types.takes import StepState
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.records import Session, Step, Take
from musearoo.bridge.store.steps import find_redoable, find_undoable, list_steps_after

Kind = TypeVar("Kind")
MOST_DIFFERENCES: Final = 200
"""Steps that a client may be behind; beyond that it gets the whole set."""
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
        self._database = database
        self._pool = pool
        self._set = VersionedSet(database, pool, record, tastes, count_take)
        self._changing = asyncio.Lock()
        self.used_at = time.monotonic()

    @property
    def record(self) -> Session:
        """The session as it was last read from the store."""
        return self._set.record

    @property
    def audience(self) -> Audience:
        """Who listens to it."""
        return self._set.audience

    @property
    def id(self) -> str:
        """The session's id."""
        return self.record.id

    @property
    def version(self) -> int:
        """The version of its set."""
        return self._set.version

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
        song: dict[str, int] = {}
        if isinstance(request, Song):
            song = await self._database.read(partial(list_clips, session=self.id, request_id=take.request_id))
        self.used_at = time.monotonic()
        with self._pool.admitted():
            if is_final:
                async with self._changing:
                    return await self._perform(request, request_id, who, encoding, clip=clip, song=song)
            packed = msgspec.msgpack.encode(request)
            made = await self._set.ask(
                lambda on_set: Perform(
                    **on_set,
                    encoding=encoding,
                    request=packed,
                    request_id=request_id,
                    is_preview=True,
                    clip=clip,
                    song=song,
                ),
                Made,
            )
        return made.body

    async def write(self, made: MadeByJob, request: AnyRequest, request_id: str, who: Who) -> bytes:
        """Write into the set what a job has made, and return the Outcome in msgpack. Raises as `perform` does."""
        do, packed = str(type(request).__struct_config__.tag), msgspec.msgpack.encode(request)

        async def make(_: Step | None) -> Made:
            return await self._set.ask(
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
            return await self._set.ask(
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
            await self._set.require_version(version)

    async def source(self) -> SetSource:
        """Return the set as it is stored now."""
        async with self._changing:
            await self._set.catch_up()
            return await self._set.source()

    async def view(self, encoding: Literal["json", "msgpack", "midi"]) -> Viewed:
        """Return the whole view of the set, or its music as a MIDI file."""
        self.used_at = time.monotonic()
        with self._pool.admitted():
            async with self._changing:
                await self._set.catch_up()
                reply = await self._set.ask(lambda on_set: View(**on_set, encoding=encoding), Returned)
                return Viewed(self._set.version, reply.value)

    async def look_into(self, clip: int, encoding: Literal["msgpack", "path"]) -> Any:
        """Return what is in a clip, a ClipDetail, or the path of its file. Raises RefusedError for one that is gone."""
        self.used_at = time.monotonic()
        with self._pool.admitted():
            async with self._changing:
                await self._set.catch_up()
                reply = await self._set.ask(lambda on_set: Detail(**on_set, encoding=encoding, clip=clip), Returned)
                return reply.value

    async def changes_since(self, version: int | None) -> SetChanges:
        """Return what has changed in the set since a version; the whole set for None, or for a version long ago."""
        with self._pool.admitted():
            async with self._changing:
                await self._set.catch_up()
                if version == self._set.version:
                    return SetChanges(version=version)
                since: tuple[bytes, ...] | None = None
                if version is not None and self._set.version - MOST_DIFFERENCES <= version <= self._set.version:
                    steps = await self._database.read(partial(list_steps_after, session=self.id, version=version))
                    since = tuple(step.forward for step in steps)
                reply = await self._set.ask(lambda on_set: View(**on_set, encoding="msgpack", since=since), Returned)
        return msgspec.msgpack.decode(reply.value, type=SetChanges)

    async def feed_since(self, since: int, until: int) -> tuple[StepState, ...]:
        """Return who has changed the set after one version and up to another, and how."""
        return await self._database.read(partial(list_missed, session=self.id, since=since, until=until))

    async def keep_memory(self) -> None:
        """Store what RooAroo remembers of the session, if a composer has it."""
        await self._set.keep_memory()

    def close(self) -> None:
        """Let go of what an open session has outside of itself: nothing."""

    # --- sentences ---------------------------------------------------------------------------------------------------

    async def _say(self, request: Say, request_id: str, who: Who, encoding: Encoding) -> bytes:
        """Understand a sentence, and perform what it asks for."""
        await self._set.require_version(request.version)
        await self._set.catch_up()
        tastes = await self._tastes.read(who)
        reply = await self._set.ask(
            lambda on_set: Interpret(**on_set, encoding=encoding, text=request.text, tastes=tastes, now=time.time()),
            Interpreted,
        )
        self._set.memory = reply.memory
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
        self,
        request: AnyRequest,
        request_id: str,
        who: Who,
        encoding: Encoding,
        said: str = "",
        clip: int = 0,
        song: Mapping[str, int] = MappingProxyType({}),
    ) -> bytes:
        """Perform a request that is admitted and no sentence.

        `clip`: the one in whose slot it is performed; `song`: those in which a song is played again.
        """
        if isinstance(request, LONG):
            raise TakesLongerError(request, said)
        if isinstance(request, Act) and request.intent in ONLY_LIVE_PLAYS:
            sentence = "Nothing plays in a set of its own: hear a take, or open a session on Live and launch it there."
            raise RefusedError(Refusal.UNSUPPORTED, sentence)

        async def make(step: Step | None) -> Made:
            if step is not None:
                return await self._replay(request, request_id, who, encoding, step)
            packed = msgspec.msgpack.encode(request)
            target = Target(clip, {})
            if isinstance(request, Edit):
                target = await find_target(request, self.id, self._database, self._find_clip, _clip_of)
            return await self._set.ask(
                lambda on_set: Perform(
                    **on_set,
                    encoding=encoding,
                    request=packed,
                    request_id=request_id,
                    said=said,
                    clip=target.clip,
                    song=dict(song),
                    parent=target.parent,
                ),
                Made,
                who.name,
            )

        find = partial(self._find_step, request) if isinstance(request, Undo | Redo) else None
        do = str(type(request).__struct_config__.tag)
        return await self._change(make, request_id, do, who, request.version, find)

    async def _find_clip(self, clip: int, slot: tuple[int, int]) -> FoundClip:
        """Return a clip of the set, by its id or by its slot."""
        reply = await self._set.ask(lambda on_set: Detail(**on_set, encoding="msgpack", clip=clip, slot=slot), Returned)
        found = msgspec.msgpack.decode(reply.value, type=ClipDetail)
        return FoundClip(found.id, found.notes)

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
            await self._set.require_version(version)
            before = self._set.version
            step = await find() if find is not None else None
            try:
                made = await make(step)
            except RefusedError:
                # What another server has changed may allow it.
                await self._set.catch_up()
                if self._set.version == before:
                    raise
                continue
            if await self._set.commit(made, request_id, do, who, step):
                return made.body
        raise _busy()

    async def _replay(self, request: AnyRequest, request_id: str, who: Who, encoding: Encoding, step: Step) -> Made:
        """Return what Undo or Redo makes of the set. `step`: the one that it is about."""
        is_undo = isinstance(request, Undo)
        tastes = b""
        if is_undo:
            tastes = await self._tastes.read(who)
        return await self._set.ask(
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


def _clip_of(take: Take) -> int:
    """Return the clip that a take was written into, which keeps its id."""
    return int(take.place["clip"]) if take.place is not None else 0


def _busy() -> ApiError:
    sentence = "Others change this session all the time: try again in a moment."
    return ApiError(503, "busy", sentence, retry_after=1)
