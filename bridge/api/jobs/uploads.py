"""Uploaded files: received in one piece or in several, checked, and kept once a user, whatever their names.

Bytes go to the disk as they come. An upload in several pieces is a draft and a small file about it, which outlive the
server; what is not finished within a day is removed.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.admission import LOCAL_USER
from musearoo.bridge.api.access.quotas import Quotas, require_upload_room
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, ConflictError, NotFoundError
from musearoo.bridge.audio.folders import clean_title
from musearoo.bridge.settings.home_files import make_private_folder, private_opener, sync_file, sync_folder, write_whole
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError, StoreError
from musearoo.bridge.store.files import add_file, find_same_file, read_file, remove_file
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.records import File

KIND: Final = "upload"
DRAFTS: Final = ".drafts"
UNFINISHED_FOR: Final = 86_400.0
"""Seconds that an unfinished upload is kept after its last byte."""
MOST_UNFINISHED: Final = 32
"""Unfinished uploads of one user."""
SPARE: Final = 512 * 2**20
"""Bytes that must stay free on the disk."""
PIECE: Final = 1024 * 1024
"""Bytes that are collected before a thread writes them: less would cost more threads, more would cost memory."""
HEAD: Final = 16
LONGEST_SUFFIX: Final = 5
LENGTH_OF_ID: Final = 32

SIGNATURES: Final = (
    (b"MThd", ".mid"),
    (b"RIFF", ".wav"),
    (b"RF64", ".wav"),
    (b"fLaC", ".flac"),
    (b"OggS", ".ogg"),
    (b"FORM", ".aiff"),
    (b"ID3", ".mp3"),
    (b"\xff\xfb", ".mp3"),
    (b"\xff\xf3", ".mp3"),
)
"""How files of a kind begin, for those whose names do not say what they are."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An unfinished upload: `bytes` is the size of the whole, None where it is not known before its end."""

    id: str
    user: str
    name: str
    bytes: int | None
    sha256: str | None = None


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
        self._drafts = folder / DRAFTS
        self._database = database
        self._clock = clock
        self._quotas = quotas
        self.largest = largest
        self._receiving: dict[str, object] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._creating = asyncio.Lock()
        """One after the other: of many that come at once, each sees those before it."""

    # --- in one piece ------------------------------------------------------------------------------------------------

    async def receive(self, chunks: AsyncIterator[bytes], who: Who, name: str, declared: int | None) -> File:
        """Return the file of a body; nothing of it stays where it does not come whole. Raises ApiError."""
        await self._require_room(who, declared or 0)
        draft = Draft(id=self._new_id(), user=who.user, name=name, bytes=declared)
        path = self._path(draft.id)
        hasher = hashlib.sha256()
        try:
            await asyncio.to_thread(make_private_folder, self._drafts)
            await self._append(path, chunks, 0, self.largest, hasher.update, lambda: None)
            return await self._finish(draft, path, hasher.hexdigest())
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    @contextlib.asynccontextmanager
    async def passing(self, chunks: AsyncIterator[bytes], who: Who, declared: int | None) -> AsyncIterator[Path]:
        """Receive a body into a file that is deleted again: nothing of it is kept. Raises ApiError."""
        await self._require_room(who, declared or 0)
        path = self._path(self._new_id())
        try:
            await asyncio.to_thread(make_private_folder, self._drafts)
            await self._append(path, chunks, 0, self.largest, lambda _: None, lambda: None)
            yield path
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    # --- in several pieces -------------------------------------------------------------------------------------------

    async def create(self, who: Who, name: str, size: int, sha256: str | None) -> Draft:
        """Begin an upload in several pieces. Raises ApiError where it is too large, or there are too many."""
        if size > self.largest:
            raise ApiError(413, "too_large", f"A file may have {self.largest:,} bytes at most: send less.", "bytes")
        async with self._creating:
            mine = [draft for draft in await asyncio.to_thread(self._list_drafts) if draft.user == who.user]
            await self._require_room(who, size + sum(draft.bytes or 0 for draft in mine))
            if len(mine) >= MOST_UNFINISHED:
                sentence = f"You have {MOST_UNFINISHED} unfinished uploads: finish or delete some."
                raise ApiError(429, "too_many_uploads", sentence, retry_after=60.0)
            draft = Draft(id=self._new_id(), user=who.user, name=name, bytes=size, sha256=sha256)
            await asyncio.to_thread(self._begin, draft)
        return draft

    async def look(self, id: str, user: str) -> tuple[Draft, int]:
        """Return an upload and how many bytes of it are here, all of them once it is finished. Raises NotFoundError."""
        draft = await asyncio.to_thread(self._read_draft, id)
        if draft is not None and draft.user == user:
            size = await asyncio.to_thread(_size_of, self._path(id))
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
            path = self._path(id)
            if there < size:
                there = await self._append(path, chunks, offset, size, lambda _: None, require_mine, lock)
            async with lock:
                require_mine()
                if there == size and await asyncio.to_thread(path.exists):
                    await self._finish_pieces(draft, path)
            return draft, there
        finally:
            if self._receiving.get(id) is mine:
                self._receiving.pop(id, None)
                self._locks.pop(id, None)

    async def _finish_pieces(self, draft: Draft, path: Path) -> None:
        """Check an upload that is whole, and put it on the list."""
        digest = await asyncio.to_thread(_digest, path)
        if draft.sha256 not in (None, digest):
            await asyncio.to_thread(self._remove_draft, draft.id)
            sentence = "The file that came is not the one with that SHA-256: send it again."
            raise ApiError(422, "wrong_digest", sentence, "sha256")
        await self._finish(draft, path, digest, is_known=True)
        await asyncio.to_thread(self._remove_draft, draft.id)

    async def drop(self, id: str, user: str) -> None:
        """Delete an upload, finished or not. Raises NotFoundError."""
        draft = await asyncio.to_thread(self._read_draft, id)
        if draft is not None and draft.user == user:
            self._receiving.pop(id, None)
            self._locks.pop(id, None)
            await asyncio.to_thread(self._remove_draft, id)
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

        file = await self._database.read(work) if _is_id(id) else None
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

    async def sweep(self) -> None:
        """Delete uploads that nobody went on with for a day."""
        await asyncio.to_thread(self._sweep)

    # --- the disk ----------------------------------------------------------------------------------------------------

    async def _append(
        self,
        path: Path,
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
                    await asyncio.to_thread(_write_at, path, offset, piece, note)
                    offset += len(piece)

        try:
            async for chunk in chunks:
                waiting += chunk
                if offset + len(waiting) > most:
                    waiting.clear()
                    raise ApiError(413, "too_large", f"The file may have {most:,} bytes at most: send less.")
                if len(waiting) >= PIECE:
                    await flush()
        finally:
            await flush()
        return offset

    async def _finish(self, draft: Draft, path: Path, digest: str, *, is_known: bool = False) -> File:
        """Move a whole draft to its place, and put it on the list; one that the user has already is not kept twice.

        `is_known`: the client knows the upload by its id, as one in several pieces. Raises ApiError.
        """
        size = await asyncio.to_thread(_size_of, path)
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
        name = clean_name(draft.name, await asyncio.to_thread(_guess_suffix, path))
        # A folder of its own: whoever deletes the same content at this moment deletes another file.
        place = self._folder / draft.user / draft.id / name

        def move() -> None:
            with _disk_errors():
                make_private_folder(place.parent)
                sync_file(path)
                path.replace(place)
                sync_folder(place.parent)

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

        await asyncio.to_thread(move)
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
        free = await asyncio.to_thread(_free_bytes, self._folder)
        if size + SPARE > free:
            raise ApiError(507, "disk_full", "The server's disk is too full for this: try a shorter file, or later.")

    def _new_id(self) -> str:
        return new_id(self._clock(), secrets.token_bytes(RANDOM_BYTES))

    def _path(self, id: str) -> Path:
        return self._drafts / f"{id}.part"

    def _facts(self, id: str) -> Path:
        return self._drafts / f"{id}.json"

    def _begin(self, draft: Draft) -> None:
        with _disk_errors():
            make_private_folder(self._drafts)
            os.close(private_opener(str(self._path(draft.id)), os.O_WRONLY | os.O_CREAT))
            write_whole(self._facts(draft.id), msgspec.json.encode(draft), durable=False)

    def _read_draft(self, id: str) -> Draft | None:
        if not _is_id(id):
            return None
        try:
            return msgspec.json.decode(self._facts(id).read_bytes(), type=Draft)
        except (OSError, msgspec.DecodeError):
            return None

    def _list_drafts(self) -> list[Draft]:
        found = (self._read_draft(path.stem) for path in self._drafts.glob("*.json"))
        return [draft for draft in found if draft is not None]

    def _remove_draft(self, id: str) -> None:
        # In this order: bytes without facts are swept, and facts without bytes would count for ever.
        self._facts(id).unlink(missing_ok=True)
        self._path(id).unlink(missing_ok=True)

    def _sweep(self) -> None:
        bound = self._clock() - UNFINISHED_FOR
        for path in self._drafts.glob("*.part"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < bound:
                    self._remove_draft(path.stem)
        for facts in self._drafts.glob("*.json"):
            # Of an upload that was moved to its place right before the server died.
            if not self._path(facts.stem).exists():
                facts.unlink(missing_ok=True)


def _is_id(id: str) -> bool:
    """Whether a text can be an id: what else a client writes never becomes a path."""
    return len(id) == LENGTH_OF_ID and id.isascii() and id.isalnum()


def _write_at(path: Path, offset: int, piece: bytes, note: Callable[[bytes], None]) -> None:
    with _disk_errors(), open(path, "r+b" if path.exists() else "w+b", opener=private_opener) as file:
        file.seek(offset)
        file.write(piece)
    note(piece)


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn errors of the disk into problems."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ApiError(507, "disk_full", "The server's disk is full: nothing more was kept; try later.") from error
        raise ApiError(503, "disk", "The server cannot write to its disk: try again later.", retry_after=30) from error


def _size_of(path: Path) -> int | None:
    """Return the bytes of a file, None where it is gone."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(path: Path) -> None:
    """Delete a file, and its folder if that is empty then."""
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.parent.rmdir()


def _free_bytes(folder: Path) -> int:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free


def _guess_suffix(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    return next((suffix for begins, suffix in SIGNATURES if head.startswith(begins)), "")


def clean_name(name: str, suffix: str = "") -> str:
    """Return a name for a file, valid everywhere; its content decides whether it is MIDI.

    >>> clean_name("../../etc/My <loop>.wav"), clean_name("a.wav", ".mid"), clean_name("", ".flac")
    ('My loop.wav', 'a.mid', 'Upload.flac')
    """
    plain = clean_title(name.replace("\\", "/").rpartition("/")[2] or "Upload")
    stem, dot, ending = plain.rpartition(".")
    if not (dot and stem.strip() and ending.isalnum() and len(ending) <= LONGEST_SUFFIX):
        return f"{plain}{suffix}"
    if suffix == ".mid" or (suffix and ending.lower() in ("mid", "midi")):
        return f"{stem.strip()}{suffix}"
    return f"{stem.strip()}.{ending}"
