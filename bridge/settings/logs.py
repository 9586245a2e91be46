"""The log: a rotating file, written by its own thread so that a slow disk never delays a request.

It is its owner's alone, and carries nothing that the user said, wrote or named: no sentence, prompt, track or clip, at
any level. What tells of those is shown to the user and not logged, and of an error that may quote them its class and
its traceback are. Each record is one line, and a traceback indented lines below it, whatever stands in a value.
"""

import copy
import logging
import logging.handlers
import os
import queue
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import Final, cast

from musearoo.bridge.settings.home_files import private_opener
from musearoo.bridge.text.escaping import escape_line

LOG = logging.getLogger("musearoo")

LARGEST_FILE = 1_000_000
"""Bytes of one log file; three older ones are kept beside it."""

MOST_WAITING: Final = 10_000
"""Records that wait for the disk at most; each has some 2 kB."""

DETAILS: Final = "details"
"""The key of `extra` under which a traceback comes that another process has formatted."""

_TELLS_OF_CODE: Final = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, IndexError),
    *(MemoryError, NameError, RuntimeError, TypeError),
)
"""Errors of Python's own that name code, sizes and types. The text of any other may quote what it is about."""


def format_fault(error: BaseException) -> str:
    """The traceback of an error and of those that led to it, without what they may quote of the user."""
    parts: list[str] = []
    seen: set[int] = set()
    next_error: BaseException | None = error
    while next_error is not None and id(next_error) not in seen:
        seen.add(id(next_error))
        parts.append("".join(traceback.format_tb(next_error.__traceback__)) + _name_error(next_error))
        next_error = next_error.__cause__ or (None if next_error.__suppress_context__ else next_error.__context__)
    return "\nafter which came\n".join(f"Traceback (most recent call last):\n{part}" for part in reversed(parts))


def without_path(sentence: str, path: Path | str) -> str:
    """A sentence about a file of the user's without its name, which is often that of a clip.

    >>> without_path("/sets/Love song.wav has no sound: consolidate it.", "/sets/Love song.wav")
    'A .wav file has no sound: consolidate it.'
    """
    suffix = Path(path).suffix.lower()
    shown = f"A {suffix} file" if suffix[1:].isalnum() else "A file"
    for name in (str(path), os.path.realpath(path), Path(path).name):
        sentence = sentence.replace(name, shown) if name else sentence
    return sentence


def print_fault(error: BaseException) -> None:
    """Print such a traceback into the log of a child process."""
    print(format_fault(error), file=sys.stderr)


def _name_error(error: BaseException) -> str:
    kind = type(error).__qualname__
    if isinstance(error, OSError):
        # Without the file's name, which may be that of a clip.
        return f"{kind}: {error.strerror}" if error.strerror else kind
    is_safe = isinstance(error, _TELLS_OF_CODE) and type(error).__module__ == "builtins"
    return f"{kind}: {error}" if is_safe else f"{kind} (its text is not logged)"


class FileName(str):
    """The path of a user's file as an argument of a record: the terminal of a command shows it, the log does not."""

    __slots__ = ()


class _Escaping(logging.Formatter):
    """A record's message in one line, and its traceback indented below."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        details = format_fault(error) if error is not None else getattr(record, DETAILS, "")
        below = details.strip("\n").split("\n") if details else []
        return "\n    ".join(map(escape_line, (record.getMessage(), *below)))


class _ForTheLog(logging.handlers.QueueHandler):
    """Sends records to the log's thread as text, without the names of users' files."""

    queue: queue.SimpleQueue[logging.LogRecord]

    def enqueue(self, record: logging.LogRecord) -> None:
        # Behind a slow disk what waits would fill the memory: the newest is lost then.
        if self.queue.qsize() < MOST_WAITING:
            self.queue.put_nowait(record)

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        if isinstance(record.args, tuple):
            record = copy.copy(record)
            record.args = tuple(
                without_path(arg, arg) if isinstance(arg, FileName) else arg for arg in record.args or ()
            )
        prepared: logging.LogRecord = super().prepare(record)
        return prepared


class _PatientFileHandler(logging.handlers.RotatingFileHandler):
    """A file handler that reports a write failure once on stderr, and goes on."""

    _has_warned = False

    def _open(self) -> TextIOWrapper:
        return cast(TextIOWrapper, open(self.baseFilename, self.mode, encoding=self.encoding, opener=private_opener))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - logging's own signature
        self._tell(sys.exc_info()[1])

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:
            # What was still in the buffer does not fit on the disk either.
            self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        if not self._has_warned:
            self._has_warned = True
            warning = escape_line(
                f"musearoo: the log {self.baseFilename} cannot be written ({error}); going on without."
            )
            print(warning, file=sys.stderr)


class _Listener(logging.handlers.QueueListener):
    """Closes its file when it has written what was left."""

    def stop(self) -> None:
        super().stop()
        for handler in self.handlers:
            handler.close()


def open_log(path: Path, level: str) -> logging.handlers.QueueListener:
    """Start logging into `path`; the caller stops the returned listener at the end, which flushes it.

    A file that cannot be opened is told on stderr; the daemon runs on without a log.
    """
    # Opened at the first record, in the listener's thread, where handleError catches what goes wrong.
    handler = _PatientFileHandler(path, maxBytes=LARGEST_FILE, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    sender = _ForTheLog(records)
    # It formats the record before it is queued: what reaches the file's handler is text.
    sender.setFormatter(_Escaping())
    LOG.setLevel(level.upper())
    LOG.propagate = False
    LOG.handlers = [sender]
    listener = _Listener(records, handler)
    listener.start()
    return listener


if logging.lastResort is not None:
    # Where no log is open, warnings go to the terminal of a command, or into that of a child process.
    logging.lastResort.setFormatter(_Escaping())
