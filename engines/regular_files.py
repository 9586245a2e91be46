"""Read a small file whole. Only regular files are opened, so that nothing waits and no file fills the memory."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

LARGEST_TEXT: Final = 4 << 20
"""Bytes of a text file that a person wrote or that tells settings; the longest of ours has 0.1 MB."""


def read_bounded(path: Path, most: int = LARGEST_TEXT) -> bytes:
    """Return a regular file's content. Raises OSError where it is none, has more than `most` bytes, or cannot be read.

    Never waits: a pipe that nobody writes to is refused, not read.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    with open(path, "rb", opener=lambda name, _flags: os.open(name, flags)) as stream:
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        # The size is asked for first, and not trusted: a file may grow, and some of the system's own tell none.
        content = b"" if facts.st_size > most else stream.read(most + 1)
    if facts.st_size > most or len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return content


def read_text(path: Path, most: int = LARGEST_TEXT) -> str:
    """Return the text of a regular file in UTF-8. Raises OSError as `read_bounded`, and where it is no such text."""
    try:
        return read_bounded(path, most).decode("utf-8")
    except UnicodeDecodeError as error:
        raise OSError(errno.EILSEQ, f"it is no text in UTF-8 (byte {error.start:,})", str(path)) from error
