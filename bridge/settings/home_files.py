"""Files in MuseAroo's folder: private from their first byte, written whole, read within bounds.

Everything in that folder belongs to the user alone (0600, its folders 0700), whatever the umask. What is read may have
been written by anything, so only regular files up to a size are opened. Files that the user asked for elsewhere are
written whole by the same means, with the rights that the umask gives.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from filelock import FileLock

from musearoo.engines.regular_files import LARGEST_TEXT as LARGEST_TEXT
from musearoo.engines.regular_files import read_bounded as read_bounded
from musearoo.engines.regular_files import read_text as read_text

OWNER_ONLY: Final = 0o600
OWNERS_FOLDER: Final = 0o700
OTHERS: Final = 0o077
"""The rights of everybody but the owner."""

DRAFT: Final = ".draft"
"""How the hidden name of a file ends that is still being written."""

ABANDONED: Final = 600.0
"""Seconds after which a draft is taken for one of a process that has died."""

NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.EACCES)
"""How file systems say that a folder cannot be synced."""


def make_private_folder(folder: Path) -> None:
    """Make a folder with its parents; those that are new are the owner's alone. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        # Another process may make it at this moment.
        with contextlib.suppress(FileExistsError):
            each.mkdir(mode=OWNERS_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def private_opener(path: str, flags: int) -> int:
    """Open a file for its owner alone if it is new: the `opener` of Python's `open`."""
    return os.open(path, flags | getattr(os, "O_BINARY", 0), OWNER_ONLY)


def private_lock(path: Path) -> FileLock:
    """A lock between processes whose file is the owner's alone; any thread may release it."""
    return FileLock(path, mode=OWNER_ONLY, thread_local=False)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a private file that others see whole or not at all. Raises OSError, and leaves the old file then.

    `durable`: also after a loss of power, at the price of waiting for the disk. A cache needs none of it.
    """
    with _drafts({path: content}, OWNER_ONLY, durable) as drafts:
        drafts[path].replace(path)
    if durable:
        sync_folder(path.parent)


def write_for_user(files: Mapping[Path, bytes]) -> None:
    """Write files where the user wants them: all of them are on the disk before the first takes an old one's place.

    They have the rights of the umask, or those of the file that was there. A link stays one, and what is no regular
    file, such as a pipe, is written into. Raises OSError, and leaves the old files then, and no draft.
    """
    streams = {path: content for path, content in files.items() if path.exists() and not path.is_file()}
    whole = {Path(os.path.realpath(path)): content for path, content in files.items() if path not in streams}
    for path in whole:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    with _drafts(whole, None, durable=True) as drafts:
        for path, content in streams.items():
            with path.open("wb") as stream:
                stream.write(content)
        for path, draft in drafts.items():
            draft.replace(path)
    for folder in {path.parent for path in whole}:
        sync_folder(folder)


def sync_file(path: Path) -> None:
    """Wait until a file's content is on the disk. Raises OSError."""
    # Windows syncs only what could be written to.
    descriptor = os.open(path, (os.O_RDWR if os.name == "nt" else os.O_RDONLY) | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk, where the system can be asked for it. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def tidy(home: Path) -> int:
    """Take from others what rights they have in MuseAroo's folder; return in how many places.

    Links are neither followed nor changed, nor files that have another name elsewhere, nor what another user owns.
    Drafts that a process left behind go.
    """
    home = home.resolve()
    if os.name != "posix" or _is_shared(home):
        return 0
    tightened = int(_tighten(home))
    for folder, folders, files in os.walk(home):
        for path in (Path(folder, name) for name in (*folders, *files)):
            if path.name.startswith(".") and path.name.endswith(DRAFT) and _is_abandoned(path):
                path.unlink(missing_ok=True)
            else:
                tightened += _tighten(path)
    return tightened


def _is_shared(home: Path) -> bool:
    """Whether a folder holds more than MuseAroo's files: the user's own home, or one such as /tmp."""
    facts = home.stat()
    return bool(facts.st_mode & stat.S_ISVTX) or os.path.samestat(facts, Path.home().stat())


def _tighten(path: Path) -> bool:
    # What goes meanwhile needs no rights, and some file systems know none.
    with contextlib.suppress(OSError):
        facts = path.lstat()
        is_folder = stat.S_ISDIR(facts.st_mode)
        is_ours = facts.st_uid == os.geteuid() and (is_folder or (stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1))
        if is_ours and facts.st_mode & OTHERS:
            path.chmod(stat.S_IMODE(facts.st_mode) & OWNERS_FOLDER)
            return True
    return False


def _is_abandoned(path: Path) -> bool:
    with contextlib.suppress(OSError):
        facts = path.lstat()
        return stat.S_ISREG(facts.st_mode) and time.time() - facts.st_mtime > ABANDONED
    return False


@contextlib.contextmanager
def _drafts(files: Mapping[Path, bytes], mode: int | None, durable: bool) -> Iterator[dict[Path, Path]]:
    """Drafts of files beside them, written whole; those that nobody moved to their place go. Raises OSError.

    `mode`: their rights, None for those of the umask or of the file that is there.
    """
    drafts = {path: path.with_name(f".{secrets.token_hex(8)}{DRAFT}") for path in files}
    try:
        for path, draft in drafts.items():
            _write_draft(draft, files[path], mode, durable)
            if mode is None and path.exists():
                draft.chmod(stat.S_IMODE(path.stat().st_mode))
        yield drafts
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _write_draft(draft: Path, content: bytes, mode: int | None, durable: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(draft, flags, 0o666 if mode is None else mode), "wb") as stream:
        stream.write(content)
        if durable:
            stream.flush()
            os.fsync(stream.fileno())
