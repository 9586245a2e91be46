"""Files in MuseAroo's own folder: private from their first byte, written whole, read within bounds.

Everything in that folder belongs to the user alone (0600, its folders 0700), whatever the umask. What is read may have
been written by anything, so only regular files up to a size are opened.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from bridge.bounded_text import cut_text

OWNER_ONLY: Final = 0o600
OWNERS_FOLDER: Final = 0o700

LARGEST_TEXT: Final = 4 << 20
"""Bytes of a text file that a person wrote or that tells settings; the longest of ours has 0.1 MB."""


def make_private_folder(folder: Path) -> None:
    """Make a folder with its parents; those that are new are the owner's alone. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        # Another process may make it at this moment.
        with contextlib.suppress(FileExistsError):
            each.mkdir(mode=OWNERS_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a private file that others see whole or not at all. Raises OSError, and leaves the old file then.

    `durable`: also after a loss of power, at the price of waiting for the disk. A cache needs none of it.
    """
    draft = path.with_name(f".{cut_text(path.name, 100, mark='')}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def read_bounded(path: Path, most: int = LARGEST_TEXT) -> bytes:
    """Return a regular file's content. Raises OSError where it is none, has more than `most` bytes, or cannot be read.

    Never waits: a pipe that nobody writes to is refused, not read.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as stream:
        facts = os.fstat(descriptor)
        if stat.S_ISDIR(facts.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return content


def _sync_folder(folder: Path) -> None:
    """Have the folder's own entry reach the disk; not every system can be asked for it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
