"""The level on disk: a bounded folder of files, for any number of threads and processes.

A file appears whole or not at all. The time of its last use is that of its modification, which outlasts a process.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Final

from musearoo.bridge.cache.contract import (
    SWEPT_TO,
    Bounds,
    Content,
    Entry,
    Statistics,
    Tally,
    list_evicted,
    require_name,
)
from musearoo.bridge.settings.home_files import ABANDONED, DRAFT, make_private_folder, read_bounded, write_whole
from musearoo.bridge.settings.logs import LOG

SWEPT_EVERY: Final = 86_400.0
"""Seconds after which a process that writes sweeps again, however little it has written."""

LARGEST: Final = 64 << 20
"""Most bytes of a sealed entry that is read: an analysis of an hour takes some, a build of the recogniser 2 MB."""

MAGIC: Final = b"roo\x01"
DIGEST: Final = 16
SEAL: Final = len(MAGIC) + DIGEST
"""Bytes before a sealed entry: what wrote it, and the digest of its name and content."""


class CacheFolder:
    """The files of a private folder whose names end with `suffix`: others are neither read, counted nor removed.

    `counts_reads`: whether the use of a file is also its reading by other programs, as its file system records it.
    """

    def __init__(
        self,
        folder: Path,
        bounds: Bounds,
        suffix: str = "",
        *,
        counts_reads: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.bounds = bounds
        self._suffix = suffix
        self._counts_reads = counts_reads
        self._clock = clock
        self._tally = Tally()
        self._lock = Lock()
        self._swept: float | None = None
        self._entries = self._size = self._written = 0

    def find(self, name: str) -> Path | None:
        """Return the path of a file and mark it as used, or None if there is none."""
        path = self.path(name)
        is_there = self.mark(path)
        (self._tally.hits if is_there else self._tally.misses).add()
        return path if is_there else None

    def keep(self, name: str, content: bytes) -> Path:
        """Write a file, replacing an older one, make room if necessary, and return its path. Raises OSError."""
        path = self.path(name)
        make_private_folder(self.folder)
        write_whole(path, content, durable=False)
        self.mark(path)
        with self._lock:
            # A file that was replaced counts twice until the next sweep, which counts again.
            self._entries += 1
            self._size += len(content)
            self._written += len(content)
        if self._is_due():
            self.sweep()
        return path

    def path(self, name: str) -> Path:
        """Return the path of an entry, existing or not; raises ValueError for what is no name."""
        return self.folder / f"{require_name(name)}{self._suffix}"

    def mark(self, path: Path) -> bool:
        """Mark a file of the folder as used; returns whether it is there."""
        now = int(self._clock() * 1e9)
        try:
            # Whoever counts reads knows a file by its modification, which stays.
            os.utime(path, ns=(now, path.stat().st_mtime_ns if self._counts_reads else now))
        except OSError:
            return False
        return True

    def remove(self, name: str) -> None:
        """Remove an entry, if it is there."""
        self._unlink(self.path(name))

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the entries that begin so, sorted."""
        names = (entry.place.name.removesuffix(self._suffix) for entry in self._list())
        return tuple(sorted(name for name in names if name.startswith(prefix)))

    def sweep(self) -> None:
        """Remove what the bounds do not allow, and drafts of processes that have died."""
        with self._lock:
            entries, now = self._list(), self._clock()
            evicted = [entry for entry in list_evicted(entries, self.bounds, now) if self._unlink(entry.place)]
            self._set_totals(len(entries) - len(evicted), sum(e.size for e in entries) - sum(e.size for e in evicted))
            self._swept = now
        self._tally.evictions.add(len(evicted))
        for draft in self.folder.glob(f".*{DRAFT}"):
            with contextlib.suppress(OSError):
                if now - draft.lstat().st_mtime > ABANDONED:
                    draft.unlink()

    def clear(self) -> None:
        """Remove all entries."""
        for entry in self._list():
            self._unlink(entry.place)
        self.measure()

    def measure(self) -> Statistics:
        """Count what is there, and return the statistics."""
        with self._lock:
            entries = self._list()
            self._set_totals(len(entries), sum(entry.size for entry in entries))
        return self.statistics()

    def statistics(self) -> Statistics:
        """Return the statistics: what there is, as of the last sweep or measure and by this process's writes since."""
        return self._tally.statistics(self._entries, self._size)

    def _set_totals(self, entries: int, size: int) -> None:
        self._entries, self._size, self._written = entries, size, 0

    def _is_due(self) -> bool:
        """Whether to sweep: there is too much, or other processes may have written as much as this one has."""
        return (
            self._swept is None
            or self._clock() - self._swept > SWEPT_EVERY
            or self.bounds.exceeded_by(self._size, self._entries)
            or self._written > (1 - SWEPT_TO) * self.bounds.most_bytes
        )

    def _list(self) -> list[Entry[Path]]:
        """Return the files, the longest unused first."""
        entries = []
        for path in self.folder.glob(f"*{self._suffix}"):
            # Another process may remove it at this moment.
            with contextlib.suppress(OSError):
                facts = path.lstat()
                if stat.S_ISREG(facts.st_mode) and not path.name.startswith("."):
                    used = max(facts.st_atime, facts.st_mtime) if self._counts_reads else facts.st_mtime
                    entries.append(Entry(used, facts.st_size, path))
        return sorted(entries)

    def _unlink(self, path: Path) -> bool:
        # Windows removes no open file.
        with contextlib.suppress(OSError):
            path.unlink()
            return True
        return False


class DiskLevel(CacheFolder):
    """Entries in sealed files. One that was damaged, renamed or written by something else is removed, and missing.

    `is_mapped`: whether entries are mapped into memory instead of read, for large tables.
    """

    def __init__(
        self,
        folder: Path,
        bounds: Bounds,
        suffix: str = "",
        *,
        is_mapped: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(folder, bounds, suffix, clock=clock)
        self._open = _map_file if is_mapped else read_bounded

    def read(self, name: str) -> Content | None:
        """Return an entry and mark it as used, or None."""
        path = self.path(name)
        content = None
        try:
            content = _unseal(name, self._open(path, LARGEST))
        except FileNotFoundError:
            pass
        except OSError as error:
            LOG.warning("A cached %s%s cannot be read and is made again: %s", name, self._suffix, error.strerror)
            self._unlink(path)
        (self._tally.misses if content is None else self._tally.hits).add()
        if content is not None:
            self.mark(path)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry, unless it is larger than the bounds."""
        self.path(name)
        if self.bounds.exceeded_by(len(content) + SEAL, 1) or len(content) + SEAL > LARGEST:
            self.remove(name)
            return
        try:
            self.keep(name, MAGIC + _digest(name, content) + content)
        except OSError as error:
            LOG.warning("A %s cannot be kept in %s: %s", self._suffix or "file", self.folder, error.strerror or error)


def _digest(name: str, content: Content) -> bytes:
    state = blake2b(name.encode() + b"\0", digest_size=DIGEST)
    state.update(content)
    return state.digest()


def _unseal(name: str, sealed: Content) -> Content:
    """Return the content of a sealed entry; raises OSError if it is another's, or damaged."""
    content = sealed[SEAL:]
    if sealed[:SEAL] != MAGIC + _digest(name, content):
        raise OSError(errno.EINVAL, "it was damaged, or something else wrote it")
    return content


def _map_file(path: Path, most: int) -> memoryview:
    """Return a regular file's content, mapped into memory as long as it is used. Raises OSError."""
    import mmap

    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode) or not 0 < facts.st_size <= most:
        raise OSError(errno.EINVAL, "it is no regular file of a size that was written")
    with path.open("rb") as stream:
        return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
