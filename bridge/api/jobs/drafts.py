"""Unfinished uploads on the disk: the bytes that have come, and for one in several pieces a small file about it.

Both outlive the server.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.settings.home_files import make_private_folder, private_opener, sync_file, sync_folder, write_whole

DRAFTS: Final = ".drafts"
LENGTH_OF_ID: Final = 32


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An unfinished upload: `bytes` is the size of the whole, None where it is not known before its end."""

    id: str
    user: str
    name: str
    bytes: int | None
    sha256: str | None = None


class DraftFolder:
    """The folder of the drafts. All methods but `path_of` use the disk: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, id: str) -> Path:
        """Return the file of a draft's bytes."""
        return self._folder / f"{id}.part"

    def make(self) -> None:
        """Make the folder. Raises ApiError."""
        with _disk_errors():
            make_private_folder(self._folder)

    def add(self, draft: Draft) -> None:
        """Begin a draft that comes in pieces. Raises ApiError."""
        self.make()
        with _disk_errors():
            os.close(private_opener(str(self.path_of(draft.id)), os.O_WRONLY | os.O_CREAT))
            write_whole(self._facts(draft.id), msgspec.json.encode(draft), durable=False)

    def read(self, id: str) -> Draft | None:
        """Return a draft that comes in pieces, None where there is none."""
        if not is_id(id):
            return None
        try:
            return msgspec.json.decode(self._facts(id).read_bytes(), type=Draft)
        except (OSError, msgspec.DecodeError):
            return None

    def of_user(self, user: str) -> list[Draft]:
        """Return the drafts of a user that come in pieces."""
        found = (self.read(path.stem) for path in self._folder.glob("*.json"))
        return [draft for draft in found if draft is not None and draft.user == user]

    def size_of(self, id: str) -> int | None:
        """Return how many bytes of a draft are here, None where it is gone."""
        try:
            return self.path_of(id).stat().st_size
        except FileNotFoundError:
            return None

    def write(self, id: str, offset: int, piece: bytes, note: Callable[[bytes], None]) -> None:
        """Write a piece of a draft, and call `note` with it. Raises ApiError."""
        path = self.path_of(id)
        with _disk_errors(), open(path, "r+b" if path.exists() else "w+b", opener=private_opener) as file:
            file.seek(offset)
            file.write(piece)
        note(piece)

    def digest_of(self, id: str) -> str:
        """Return the SHA-256 of a draft's bytes."""
        with self.path_of(id).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def move(self, id: str, place: Path) -> None:
        """Give a whole draft its place among the files that are kept. Raises ApiError."""
        path = self.path_of(id)
        with _disk_errors():
            make_private_folder(place.parent)
            sync_file(path)
            path.replace(place)
            sync_folder(place.parent)

    def remove(self, id: str) -> None:
        """Delete a draft, as far as it is there."""
        # In this order: bytes without facts are swept, and facts without bytes would count for ever.
        self._facts(id).unlink(missing_ok=True)
        self.path_of(id).unlink(missing_ok=True)

    def sweep(self, bound: float) -> None:
        """Delete drafts whose last byte came before a time."""
        for path in self._folder.glob("*.part"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < bound:
                    self.remove(path.stem)
        for facts in self._folder.glob("*.json"):
            # Of an upload that was moved to its place right before the server died.
            if not self.path_of(facts.stem).exists():
                facts.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Return how many bytes the disk has room for."""
        there = next(each for each in (self._folder, *self._folder.parents) if each.exists())
        return shutil.disk_usage(there).free

    def _facts(self, id: str) -> Path:
        return self._folder / f"{id}.json"


def is_id(id: str) -> bool:
    """Whether a text can be an id: what else a client writes never becomes a path."""
    return len(id) == LENGTH_OF_ID and id.isascii() and id.isalnum()


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn errors of the disk into problems."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ApiError(507, "disk_full", "The server's disk is full: nothing more was kept; try later.") from error
        raise ApiError(503, "disk", "The server cannot write to its disk: try again later.", retry_after=30) from error
