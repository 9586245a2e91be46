"""Where versions are kept: blobs by name, written whole or not at all. A folder here; S3 has the same interface."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from musearoo.bridge.settings.home_files import (
    ABANDONED,
    DRAFT,
    OWNER_ONLY,
    make_private_folder,
    sync_file,
    sync_folder,
    write_whole,
)
from musearoo.engines.errors import UserFacingError

COPIED: Final = 1 << 20
"""Bytes that are copied at a time."""


class VersionsError(UserFacingError):
    """A version cannot be kept, found or brought back: the message says which, why, and what to do."""


class MissingBlobError(VersionsError):
    """There is no blob of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is missing from the versions: musearoo repo fsck tells what is lost with it.")
        self.name = name


@dataclass(frozen=True, slots=True)
class BlobFacts:
    """A blob's name, its size in bytes, and when it was written or last needed, in Unix seconds."""

    name: str
    size: int
    touched: float


class BlobStore(Protocol):
    """Blobs by names such as `objects/ab/cdef`. A name stands for its content: what is there is never replaced."""

    def has(self, name: str) -> bool:
        """Whether there is a blob of this name."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Store a blob, whole or not at all; it survives a loss of power. Raises OSError."""
        ...

    def take_in(self, name: str, draft: Path) -> None:
        """Store a finished file as a blob; the file is gone afterwards. Raises OSError."""
        ...

    def read(self, name: str) -> bytes:
        """Return a blob. Raises MissingBlobError and OSError."""
        ...

    def fetch(self, name: str, path: Path) -> None:
        """Write a blob to a new file. Raises MissingBlobError and OSError."""
        ...

    def touch(self, name: str) -> None:
        """Note that a blob is needed again, so that a sweep under way leaves it. Raises MissingBlobError."""
        ...

    def list(self, prefix: str = "") -> Iterator[BlobFacts]:
        """Yield the blobs whose names begin so, in no order."""
        ...

    def remove(self, name: str) -> None:
        """Remove a blob, if it is there. Raises OSError."""
        ...


class FolderBlobs:
    """Blobs as files in a folder, private to its owner: a file that was renamed into its place is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        """See BlobStore."""
        return self._path(name).is_file()

    def put(self, name: str, content: bytes) -> None:
        """See BlobStore."""
        path = self._path(name)
        with contextlib.suppress(MissingBlobError):
            self.touch(name)
            return
        make_private_folder(path.parent)
        write_whole(path, content)

    def take_in(self, name: str, draft: Path) -> None:
        """See BlobStore."""
        path = self._path(name)
        with contextlib.suppress(MissingBlobError):
            self.touch(name)
            draft.unlink()
            return
        make_private_folder(path.parent)
        sync_file(draft)
        draft.replace(path)
        sync_folder(path.parent)

    def read(self, name: str) -> bytes:
        """See BlobStore."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise MissingBlobError(name) from None

    def fetch(self, name: str, path: Path) -> None:
        """See BlobStore."""
        try:
            with self._path(name).open("rb") as source, path.open("xb") as target:
                shutil.copyfileobj(source, target, COPIED)
        except FileNotFoundError:
            raise MissingBlobError(name) from None

    def touch(self, name: str) -> None:
        """See BlobStore."""
        try:
            os.utime(self._path(name))
        except FileNotFoundError:
            raise MissingBlobError(name) from None

    def list(self, prefix: str = "") -> Iterator[BlobFacts]:
        """See BlobStore."""
        top = self.folder / prefix.rpartition("/")[0]
        for folder, _, files in os.walk(top):
            for file in files:
                path = Path(folder, file)
                name = path.relative_to(self.folder).as_posix()
                if file.startswith(".") or not name.startswith(prefix):
                    continue
                # Another process may sweep at this moment.
                with contextlib.suppress(FileNotFoundError):
                    facts = path.stat()
                    yield BlobFacts(name, facts.st_size, facts.st_mtime)

    def remove(self, name: str) -> None:
        """See BlobStore."""
        self._path(name).unlink(missing_ok=True)

    def draft(self) -> Path:
        """Return the path of a new private file on this disk, for `take_in`. Raises OSError."""
        make_private_folder(self.folder)
        path = self.folder / f".{secrets.token_hex(8)}{DRAFT}"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), OWNER_ONLY))
        return path

    def remove_drafts(self) -> int:
        """Remove what processes that have died left half written; returns how many files."""
        removed = 0
        for folder, _, files in os.walk(self.folder):
            for path in (Path(folder, file) for file in files if file.endswith(DRAFT)):
                with contextlib.suppress(FileNotFoundError):
                    if time.time() - path.stat().st_mtime > ABANDONED:
                        path.unlink()
                        removed += 1
        return removed

    def _path(self, name: str) -> Path:
        return self.folder / name
