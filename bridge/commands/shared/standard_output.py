"""Complete and honest standard output: closed pipes, full disks and unprintable characters become clear failures."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.text.escaping import escape_line

READER_LEFT: Final = (errno.EPIPE, errno.EINVAL)
"""Errors of a pipe whose reader has closed it; the second is Windows'."""


@contextmanager
def whole_output() -> Iterator[None]:
    """Make sure that everything printed in this context is written, or fail clearly.

    Characters that the output's encoding lacks (Windows gives files and pipes an 8-bit code page) become question
    marks. If the reader has closed the pipe, as in `musearoo styles | head -1`, the command ends quietly with status 1.
    Raises CommandError if the output cannot be written, such as on a full disk.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        broken = None if error.filename else _find_fault(sys.stdout)
        if broken is None:
            raise
        # Unwritten output would fail again when Python exits.
        _drain(sys.stdout)
        if broken.errno in READER_LEFT:
            raise SystemExit(1) from error
        raise CommandError(f"The result cannot be written: {broken.strerror or broken}.") from error


def tell(*lines: str, to_stderr: bool = False) -> None:
    """Print lines as they are; control characters become visible escapes."""
    for line in lines:
        print(escape_line(line), file=sys.stderr if to_stderr else sys.stdout, flush=True)


def _find_fault(stream: TextIO | None) -> OSError | None:
    """Return why an output no longer accepts data, or None if it does and the error was another's."""
    try:
        if stream is not None:
            # A flush alone may not fail, because Python discards a write that was too large.
            stream.write("\n")
            stream.flush()
    except OSError as error:
        return error
    return None


def _drain(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
