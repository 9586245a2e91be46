"""Read small files whole. Only regular files up to a size limit are opened, so reading never blocks or fills memory."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

LARGEST_TEXT: Final = 4 << 20
"""Bytes of a text or settings file written by a person; our longest has 0.1 MB."""


def read_bounded(path: Path, most: int = LARGEST_TEXT) -> bytes:
    """Return a regular file's content. Raises OSError if it is not one, exceeds `most` bytes, or cannot be read.

    Never blocks: a pipe without a writer is refused, not read.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    with open(path, "rb", opener=lambda name, _flags: os.open(name, flags)) as stream:
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        # Check the size first but do not trust it: files may grow, and some system files report none.
        content = b"" if facts.st_size > most else stream.read(most + 1)
    if facts.st_size > most or len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return content


def read_text(path: Path, most: int = LARGEST_TEXT) -> str:
    """Return the text of a UTF-8 file. Raises OSError like `read_bounded`, and for invalid UTF-8."""
    try:
        return read_bounded(path, most).decode("utf-8")
    except UnicodeDecodeError as error:
        raise OSError(errno.EILSEQ, f"it is no text in UTF-8 (byte {error.start:,})", str(path)) from error
