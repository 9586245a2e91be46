"""Uploaded files: received in one piece or in several, checked, and kept once a user, whatever their names.

Bytes go to the disk as they come. What is not finished within a day is removed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.admission import LOCAL_USER
from musearoo.bridge.api.access.quotas import Quotas, require_upload_room
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.jobs.drafts import DRAFTS, Draft, DraftFolder, is_id
from musearoo.bridge.api.jobs.file_names import clean_name, guess_suffix
from musearoo.bridge.api.problems.errors import ApiError, ConflictError, NotFoundError
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError, StoreError
from musearoo.bridge.store.files import add_file, find_same_file, read_file, remove_file
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.records import File

KIND: Final = "upload"
UNFINISHED_FOR: Final = 86_400.0
"""Seconds that an unfinished upload is kept after its last byte."""
MOST_UNFINISHED: Final = 32
"""Unfinished uploads of one user."""
SPARE: Final = 512 * 2**20
"""Bytes that must stay free on the disk."""
PIECE: Final = 1024 * 1024
"""Bytes that are collected before a thread writes them: less would cost more threads, more would cost memory."""
LONGEST_PAUSE: Final = 0.25
"""Seconds between two pieces of a body once the server stops: what sends no more than that is cut off."""


class Uploads:
    """The uploaded files of all users. `largest`: the most bytes of one file."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        largest: int,
        quotas: Quotas,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._drafts = DraftFolder(folder / DRAFTS)
        self._database = database
        self._clock = clock
        self._quotas = quotas
        self.largest = largest
        self._receiving: dict[str, object] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._creating = asyncio.Lock()
        """One after the other: of many that come at once, each sees those before it."""
        self._pauses: set[asyncio.Timeout] = set()
        """The waits for the next bytes of bodies."""
        self._is_stopping = False

    # --- in one piece ------------------------------------------------------------------------------------------------

    async def receive(self, chunks: AsyncIterator[bytes], who: Who, name: str, declared: int | None) -> File:
        """Return the file of a body; nothing of it stays where it does not come whole. Raises ApiError."""
        await self._require_room(who, declared or 0)
        draft = Draft(id=self._new_id(), user=who.user, name=name, bytes=declared)
        hasher = hashlib.sha256()
        try:
            await asyncio.to_thread(self._drafts.make)
            await self._append(draft.id, chunks, 0, self.largest, hasher.update, lambda: None)
            return await self._finish(draft, hasher.hexdigest())
        finally:
            await asyncio.to_thread(self._drafts.remove, draft.id)

    @contextlib.asynccontextmanager
    async def passing(self, chunks: AsyncIterator[bytes], who: Who, declared: int | None) -> AsyncIterator[Path]:
        """Receive a body into a file that is deleted again: nothing of it is kept. Raises ApiError."""
        await self._require_room(who, declared or 0)
        id = self._new_id()
        try:
            await asyncio.to_thread(self._drafts.make)
            await self._append(id, chunks, 0, self.largest, lambda _: None, lambda: None)
            yield self._drafts.path_of(id)
        finally:
            await asyncio.to_thread(self._drafts.remove, id)

    # --- in several pieces -------------------------------------------------------------------------------------------

    async def create(self, who: Who, name: str, size: int, sha256: str | None) -> Draft:
        """Begin an upload in several pieces. Raises ApiError where it is too large, or there are too many."""
        if size > self.largest:
            raise ApiError(413, "too_large", f"A file may have {self.largest:,} bytes at most: send less.", "bytes")
        async with self._creating:
            mine = await asyncio.to_thread(self._drafts.of_user, who.user)
            await self._require_room(who, size + sum(draft.bytes or 0 for draft in mine))
            if len(mine) >= MOST_UNFINISHED:
                sentence = f"You have {MOST_UNFINISHED} unfinished uploads: finish or delete some."
                raise ApiError(429, "too_many_uploads", sentence, retry_after=60.0)
            draft = Draft(id=self._new_id(), user=who.user, name=name, bytes=size, sha256=sha256)
            await asyncio.to_thread(self._drafts.add, draft)
        return draft

    async def look(self, id: str, user: str) -> tuple[Draft, int]:
        """Return an upload and how many bytes of it are here, all of them once it is finished. Raises NotFoundError."""
        draft = await asyncio.to_thread(self._drafts.read, id)
        if draft is not None and draft.user == user:
            size = await asyncio.to_thread(self._drafts.size_of, id)
            if size is not None:
                return draft, size
            # It was finished, or deleted, in this moment.
        file = await self.find(id, user)
        return Draft(id=id, user=user, name=file.name, bytes=file.bytes, sha256=file.sha256), file.bytes

    async def append(self, id: str, user: str, offset: int, chunks: AsyncIterator[bytes]) -> tuple[Draft, int]:
        """Add a piece that begins at `offset`; what has come before a connection breaks stays. Raises ApiError.

        A new piece takes over from one that is still open: its connection may be dead, and nobody knows it yet.
        """
        await self.look(id, user)
        mine = self._receiving[id] = object()
        lock = self._locks.setdefault(id, asyncio.Lock())

        def require_mine() -> None:
            if self._receiving.get(id) is not mine:
                raise ConflictError("Another connection has taken this upload over.")

        try:
            async with lock:
                require_mine()
                draft, there = await self.look(id, user)
                size = draft.bytes or 0
                if offset != there:
                    sentence = f"{there} bytes of this upload are here: go on from there, not from {offset}."
                    raise ApiError(409, "wrong_offset", sentence, headers={"upload-offset": str(there)})
            if there < size:
                there = await self._append(id, chunks, offset, size, lambda _: None, require_mine, lock)
            async with lock:
                require_mine()
                if there == size and await asyncio.to_thread(self._drafts.size_of, id) is not None:
                    await self._finish_pieces(draft)
            return draft, there
        finally:
            if self._receiving.get(id) is mine:
                self._receiving.pop(id, None)
                self._locks.pop(id, None)

    async def _finish_pieces(self, draft: Draft) -> None:
        """Check an upload that is whole, and put it on the list."""
        digest = await asyncio.to_thread(self._drafts.digest_of, draft.id)
        if draft.sha256 not in (None, digest):
            await asyncio.to_thread(self._drafts.remove, draft.id)
            sentence = "The file that came is not the one with that SHA-256: send it again."
            raise ApiError(422, "wrong_digest", sentence, "sha256")
        await self._finish(draft, digest, is_known=True)
        await asyncio.to_thread(self._drafts.remove, draft.id)

    async def drop(self, id: str, user: str) -> None:
        """Delete an upload, finished or not. Raises NotFoundError."""
        draft = await asyncio.to_thread(self._drafts.read, id)
        if draft is not None and draft.user == user:
            self._receiving.pop(id, None)
            self._locks.pop(id, None)
            await asyncio.to_thread(self._drafts.remove, id)
            return
        await self.find(id, user)
        await self._delete(id)

    async def _delete(self, id: str) -> None:
        """Take a file off the list, and delete it unless another row has it."""
        path = await self._database.run(partial(remove_file, file=id))
        if path is not None:
            await asyncio.to_thread(_remove, Path(path))

    # --- finished ones -----------------------------------------------------------------------------------------------

    async def find(self, id: str, user: str) -> File:
        """Return a user's finished upload. Raises NotFoundError."""

        def work(connection: Connection) -> File | None:
            with contextlib.suppress(MissingError):
                file = read_file(connection, id)
                if file.user == user and file.kind == KIND:
                    return file
            return None

        file = await self._database.read(work) if is_id(id) else None
        if file is None:
            raise NotFoundError("There is no such upload, or it is not yours.")
        return file

    @contextlib.asynccontextmanager
    async def kept_for(self, file: File, session: str) -> AsyncIterator[None]:
        """Keep an uploaded file while it is placed in a session's set, and if it was, as long as the session.

        Raises MissingError where it has been deleted.
        """
        used = msgspec.structs.replace(file, id=self._new_id(), session=session, kind="clip", made=self._clock())

        def work(connection: Connection) -> None:
            # It may have been deleted since it was found.
            read_file(connection, file.id)
            add_file(connection, used)

        await self._database.run(work)
        try:
            yield
        except Exception:
            with contextlib.suppress(StoreError):
                await self._delete(used.id)
            raise

    # --- shared ------------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Cut off bodies that send nothing: the server stops. Those that send go on while it waits for them."""
        self._is_stopping = True
        for pause in self._pauses:
            pause.reschedule(asyncio.get_running_loop().time() + LONGEST_PAUSE)

    async def sweep(self) -> None:
        """Delete uploads that nobody went on with for a day."""
        await asyncio.to_thread(self._drafts.sweep, self._clock() - UNFINISHED_FOR)

    async def _append(
        self,
        id: str,
        chunks: AsyncIterator[bytes],
        offset: int,
        most: int,
        note: Callable[[bytes], None],
        require: Callable[[], None],
        lock: asyncio.Lock | None = None,
    ) -> int:
        """Write what comes behind what is there, and return how much there is then. Raises ApiError.

        What has come is written, too, where the rest does not.
        """
        waiting = bytearray()

        async def flush() -> None:
            nonlocal offset
            piece = bytes(waiting)
            waiting.clear()
            async with lock or contextlib.nullcontext():
                require()
                if piece or not offset:
                    await asyncio.to_thread(self._drafts.write, id, offset, piece, note)
                    offset += len(piece)

        try:
            async for chunk in self._until_stop(chunks):
                waiting += chunk
                if offset + len(waiting) > most:
                    waiting.clear()
                    raise ApiError(413, "too_large", f"The file may have {most:,} bytes at most: send less.")
                if len(waiting) >= PIECE:
                    await flush()
        finally:
            await flush()
        return offset

    async def _until_stop(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Pass on what comes. Raises ApiError once the server stops and nothing comes."""
        while True:
            try:
                async with asyncio.timeout(LONGEST_PAUSE if self._is_stopping else None) as pause:
                    self._pauses.add(pause)
                    try:
                        chunk = await anext(chunks)
                    finally:
                        self._pauses.discard(pause)
            except StopAsyncIteration:
                return
            except TimeoutError:
                sentence = "The server stops: send the rest of it in a moment."
                raise ApiError(503, "stopping", sentence, retry_after=1.0) from None
            yield chunk

    async def _finish(self, draft: Draft, digest: str, *, is_known: bool = False) -> File:
        """Move a whole draft to its place, and put it on the list; one that the user has already is not kept twice.

        `is_known`: the client knows the upload by its id, as one in several pieces. Raises ApiError.
        """
        size = await asyncio.to_thread(self._drafts.size_of, draft.id)
        if size is None:
            raise NotFoundError("That upload was deleted meanwhile.")
        if not size:
            raise ApiError(422, "empty", "The file is empty: send its bytes as the body.")

        def find_same(connection: Connection) -> File | None:
            same = find_same_file(connection, user=draft.user, sha256=digest, kind=KIND)
            if same is None or not Path(same.path).exists():
                return None
            if not is_known:
                return same
            again = msgspec.structs.replace(same, id=draft.id, name=clean_name(draft.name), made=self._clock())
            # In the transaction that has found the other one: whoever deletes that now leaves the file.
            add_file(connection, again)
            return again

        same = await self._database.run(find_same)
        if same is not None:
            return same
        name = clean_name(draft.name, await asyncio.to_thread(guess_suffix, self._drafts.path_of(draft.id)))
        # A folder of its own: whoever deletes the same content at this moment deletes another file.
        place = self._folder / draft.user / draft.id / name
        file = File(
            id=draft.id,
            user=draft.user,
            kind=KIND,
            name=name,
            path=str(place),
            bytes=size,
            sha256=digest,
            made=self._clock(),
        )

        def add(connection: Connection) -> None:
            if draft.user != LOCAL_USER:
                # Others of the user's may have come meanwhile, and a body need not say its length.
                require_upload_room(connection, draft.user, size, self._quotas)
            add_file(connection, file)

        await asyncio.to_thread(self._drafts.move, draft.id, place)
        try:
            await self._database.run(add)
        except Exception:
            await asyncio.to_thread(_remove, place)
            raise
        return file

    async def _require_room(self, who: Who, size: int) -> None:
        if not who.is_local:
            room = partial(require_upload_room, user=who.user, more=size, quotas=self._quotas)
            await self._database.read(room)
        free = await asyncio.to_thread(self._drafts.free_bytes)
        if size + SPARE > free:
            raise ApiError(507, "disk_full", "The server's disk is too full for this: try a shorter file, or later.")

    def _new_id(self) -> str:
        return new_id(self._clock(), secrets.token_bytes(RANDOM_BYTES))


def _remove(path: Path) -> None:
    """Delete a file, and its folder if that is empty then."""
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.parent.rmdir()
