"""Files in MuseAroo's folder: private from their first byte, written whole, read within bounds.

Everything in that folder belongs to the user alone (0600, its folders 0700), whatever the umask. Any program may have
written a file there, so only regular files up to a size are opened. Files that the user asked for elsewhere are also
written whole, with the rights that the umask gives.
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
"""The permission bits of everybody except the owner."""

DRAFT: Final = ".draft"
"""Suffix of the hidden name of a file that is still being written."""

ABANDONED: Final = 600.0
"""Seconds after which a draft counts as left by a process that has died."""

NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.EACCES)
"""Errors of file systems that cannot sync a folder."""


def make_private_folder(folder: Path) -> None:
    """Create a folder and its parents, private to the owner if they are new. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        # Another process may create it at this moment.
        with contextlib.suppress(FileExistsError):
            each.mkdir(mode=OWNERS_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def private_opener(path: str, flags: int) -> int:
    """Open a file for its owner alone if it is new: the `opener` of Python's `open`."""
    return os.open(path, flags | getattr(os, "O_BINARY", 0), OWNER_ONLY)


def private_lock(path: Path) -> FileLock:
    """Return a lock between processes, whose file is private to the owner; any thread may release it."""
    return FileLock(path, mode=OWNER_ONLY, thread_local=False)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a private file that others see whole or not at all. Raises OSError, and leaves the old file then.

    `durable`: also after a loss of power, at the cost of waiting for the disk. A cache does not need it.
    """
    with _drafts({path: content}, OWNER_ONLY, durable) as drafts:
        drafts[path].replace(path)
    if durable:
        sync_folder(path.parent)


def write_for_user(files: Mapping[Path, bytes]) -> None:
    """Write files where the user wants them: all are complete on disk before the first one replaces an old file.

    They get the rights of the umask, or of the file that they replace. A link stays a link, and special files such as
    pipes are written into. On an OSError the old files remain, and no drafts.
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
    # Windows syncs only files that are open for writing.
    descriptor = os.open(path, (os.O_RDWR if os.name == "nt" else os.O_RDONLY) | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk, if the system supports that. Raises OSError."""
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
    """Remove others' rights in MuseAroo's folder and abandoned drafts; return the number of changed places.

    Links are neither followed nor changed. Files with another hard link, and those of other users, stay as they are.
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
    """Whether a folder has other files than MuseAroo's: the user's home, or a folder such as /tmp."""
    facts = home.stat()
    return bool(facts.st_mode & stat.S_ISVTX) or os.path.samestat(facts, Path.home().stat())


def _tighten(path: Path) -> bool:
    # Files may vanish meanwhile, and some file systems have no permissions.
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
    """Write drafts next to files; those that were not moved into place are removed at the end. Raises OSError.

    `mode`: their rights, None for those of the umask or of the existing file.
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
