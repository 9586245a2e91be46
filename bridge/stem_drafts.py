"""The hidden folders in which stems grow until they are done, one a split, within the folder that they are for."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

PREFIX: Final = ".musearoo-"

LOCK: Final = "lock"


class Draft:
    """A folder of its own within the folder that stems go to, both made now; raises OSError where they cannot be.

    It is locked as long as this process lives and has not removed it: what can be locked has been left behind by a
    process that died, and goes when the next draft is made beside it.
    """

    def __init__(self, beside: Path) -> None:
        beside.mkdir(parents=True, exist_ok=True)
        remove_orphans(beside)
        self.beside = beside
        self.folder = beside / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = _lock_of(self.folder)
        self.folder.mkdir()
        # Where the disk knows no locks, nothing is taken for an orphan either.
        with contextlib.suppress(OSError, NotImplementedError):
            self._lock.acquire(timeout=0)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Takes the folder away with all that is in it; a second call does nothing."""
        # Windows removes no file that is open, such as the lock.
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_orphans(folder: Path) -> None:
    """Removes drafts in a folder whose process has ended."""
    for draft in folder.glob(f"{PREFIX}*"):
        lock = _lock_of(draft)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError, NotImplementedError):
            continue
        lock.release()
        shutil.rmtree(draft, ignore_errors=True)


def _lock_of(draft: Path) -> FileLock:
    # It may be released by another thread than the one that took it.
    return FileLock(draft / LOCK, thread_local=False)
