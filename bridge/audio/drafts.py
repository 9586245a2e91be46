"""Hidden draft folders, one per job, in which files are written until they are complete; and checks of disk space."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from filelock import FileLock, Timeout

from musearoo.bridge.audio.folders import SoundKind
from musearoo.bridge.settings.home_files import OTHERS, make_private_folder, private_lock, private_opener
from musearoo.engines.errors import EngineError

PREFIX: Final = ".musearoo-"

LOCK: Final = "lock"

COPIED_BYTES: Final = 1 << 20

YOUNG: Final = 10.0
"""Seconds: a draft with a younger lock file may not be locked yet."""

_COMING_AND_GOING: Final = threading.RLock()
"""Held while a draft of this process is created or removed with its parents, which other drafts may be about to use.

Reentrant, for Python may remove a forgotten draft at any moment, even while its thread creates another.
"""

SPARE_BYTES: Final = 64_000_000
"""Bytes that must stay free: operating systems misbehave on a full disk."""


class Draft:
    """A draft folder in the output folder; both are created now, or OSError is raised.

    Within `home`, MuseAroo's folder, they and files of `create_file` are private to the owner; elsewhere the umask
    decides.
    This process locks it until it removes it, at the latest when nothing refers to the draft any more, as after Ctrl-C.
    So a draft that can be locked was left behind by a process that died, and is removed when the next draft is created
    next to it.
    """

    def __init__(self, beside: Path, home: Path) -> None:
        self.beside = beside
        self.folder = beside / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        lock = _lock_of(self.folder)
        with _COMING_AND_GOING:
            made = [folder for folder in (beside, *beside.parents) if not folder.exists()]
            # Before anything is made, so that an interrupt at any moment leaves nothing behind.
            self._removal = weakref.finalize(self, _remove, self.folder, lock, made)
            is_private = beside.resolve().is_relative_to(home.resolve())
            make = make_private_folder if is_private else _make_folder
            make(beside)
            remove_orphans(beside)
            # The parents again, because another process's draft may remove them at this moment.
            make(self.folder)
            # On a disk without locks, no draft counts as an orphan either.
            with contextlib.suppress(OSError, NotImplementedError):
                lock.acquire(timeout=0)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the folder with its content, and parent folders that were made for it if they are empty.

        A second call does nothing.
        """
        self._removal()


def remove_orphans(folder: Path) -> None:
    """Remove drafts in a folder whose process has ended."""
    # Identified by the lock, so that no similar folder of the user's is removed.
    for held in folder.glob(f"{PREFIX}*/{LOCK}"):
        draft = held.parent
        lock = _lock_of(draft)
        try:
            if time.time() - held.stat().st_mtime < YOUNG:
                continue
            lock.acquire(timeout=0)
        except (Timeout, OSError, NotImplementedError):
            continue
        lock.release()
        shutil.rmtree(draft, ignore_errors=True)


def create_file(path: Path) -> BinaryIO:
    """Create a file for writing, private to the owner if its folder is. Raises OSError."""
    return open(path, "wb", opener=_open_as_folder)


def copy_file(source: Path, target: Path, tick: Callable[[], None]) -> None:
    """Copy a file; `tick` is called about once a megabyte, and an exception of it ends the copy. Raises OSError."""
    with source.open("rb") as sound, create_file(target) as copy:
        while data := sound.read(COPIED_BYTES):
            tick()
            copy.write(data)


def require_space(folder: Path, size: int, kind: SoundKind) -> None:
    """Raise EngineError, saying how much is missing, unless the disk of a folder has room for `size` bytes."""
    free = shutil.disk_usage(folder).free - SPARE_BYTES
    if size > free:
        raise EngineError(
            f"The {kind.name} take {size / 1e6:,.0f} MB, of which {(size - free) / 1e6:,.0f} MB are missing on the "
            f"disk of {folder.parent}: free some space, or {kind.smaller}."
        )


def explain_disk(error: OSError, folder: Path, kind: SoundKind) -> EngineError:
    """Explain a disk error in one sentence, for sounds of a kind written to a folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EngineError(
            f"The disk of {folder} is full, so the {kind.name} could not be written: free some space and try again."
        )
    if error.errno == errno.EFBIG:
        return EngineError(f"The disk of {folder} takes no file as large as these {kind.name}: {kind.smaller}.")
    reason = error.strerror or str(error)
    return EngineError(f"The {kind.name} cannot be written to {folder} ({reason}): mend its rights or its disk.")


def _remove(folder: Path, lock: FileLock, made: list[Path]) -> None:
    with _COMING_AND_GOING:
        # Windows removes no file that is open, such as the lock.
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            for parent in made:
                parent.rmdir()


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _open_as_folder(path: str, flags: int) -> int:
    is_open = os.stat(os.path.dirname(path)).st_mode & OTHERS
    return os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666) if is_open else private_opener(path, flags)


def _lock_of(draft: Path) -> FileLock:
    return private_lock(draft / LOCK)
