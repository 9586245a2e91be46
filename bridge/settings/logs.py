"""The log: a rotating file, written by its own thread so that a slow disk never delays a request.

The file is private to its owner, and at no level contains the user's words: sentences, prompts, names of tracks or
clips. Messages that quote them are shown to the user but not logged; of an error that may quote them, only its class
and traceback are. Each record is one line, followed by an indented traceback, whatever its values contain; or one line
of JSON, where the settings say so. Lines about a request have its id, in the daemon, its children and Live's Log.txt.
"""

import contextlib
import copy
import logging
import logging.handlers
import os
import queue
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Final, Literal, cast

from musearoo.bridge.settings.home_files import private_opener
from musearoo.bridge.text.escaping import escape_line

LOG = logging.getLogger("musearoo")

LARGEST_FILE = 1_000_000
"""Bytes of one log file; three older ones are kept."""

MOST_WAITING: Final = 10_000
"""Most records that wait for the disk; each has some 2 kB."""

FORMAT_VARIABLE: Final = "MUSEAROO_LOG_FORMAT"
"""The environment variable by which child processes log in the format of the daemon."""

Format = Literal["text", "json"]

REQUEST: Final[ContextVar[str]] = ContextVar("request", default="")
"""The id of the request that this thread or task works for, or "": of a press, its device and number (`device-1:3`)."""

DETAILS: Final = "details"
"""The key in `extra` of a traceback that another process has formatted."""

_TELLS_OF_CODE: Final = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, IndexError),
    *(MemoryError, NameError, RuntimeError, TypeError),
)
"""Built-in errors whose text names only code, sizes and types. The text of any other may quote the user."""


@contextlib.contextmanager
def about_request(request: str) -> Iterator[None]:
    """Log lines with the id of a request within a `with` block. "" leaves it as it is."""
    if not request:
        yield
        return
    before = REQUEST.set(request)
    try:
        yield
    finally:
        REQUEST.reset(before)


def format_fault(error: BaseException) -> str:
    """Return the traceback of an error and its causes, without text that may quote the user."""
    parts: list[str] = []
    seen: set[int] = set()
    next_error: BaseException | None = error
    while next_error is not None and id(next_error) not in seen:
        seen.add(id(next_error))
        parts.append("".join(traceback.format_tb(next_error.__traceback__)) + _name_error(next_error))
        next_error = next_error.__cause__ or (None if next_error.__suppress_context__ else next_error.__context__)
    return "\nafter which came\n".join(f"Traceback (most recent call last):\n{part}" for part in reversed(parts))


def without_path(sentence: str, path: Path | str) -> str:
    """Return a sentence without the path of a user's file, whose name is often that of a clip.

    >>> without_path("/sets/Love song.wav has no sound: consolidate it.", "/sets/Love song.wav")
    'A .wav file has no sound: consolidate it.'
    """
    suffix = Path(path).suffix.lower()
    shown = f"A {suffix} file" if suffix[1:].isalnum() else "A file"
    for name in (str(path), os.path.realpath(path), Path(path).name):
        sentence = sentence.replace(name, shown) if name else sentence
    return sentence


def print_fault(error: BaseException) -> None:
    """Print such a traceback to the log of a child process."""
    if os.environ.get(FORMAT_VARIABLE) == "json":
        about = (type(error), error, error.__traceback__)
        record = LOG.makeRecord(LOG.name, logging.ERROR, fn="", lno=0, msg="A fault", args=(), exc_info=about)
        print(_JsonLines().format(record), file=sys.stderr)
    else:
        print(format_fault(error), file=sys.stderr)


def _name_error(error: BaseException) -> str:
    kind = type(error).__qualname__
    if isinstance(error, OSError):
        # Without the file's name, which may be that of a clip.
        return f"{kind}: {error.strerror}" if error.strerror else kind
    is_safe = isinstance(error, _TELLS_OF_CODE) and type(error).__module__ == "builtins"
    return f"{kind}: {error}" if is_safe else f"{kind} (its text is not logged)"


class FileName(str):
    """The path of a user's file as a log record's argument: a command's terminal shows it, the log does not."""

    __slots__ = ()


def _traceback_of(record: logging.LogRecord) -> list[str]:
    error = record.exc_info[1] if record.exc_info else None
    details: str = format_fault(error) if error is not None else getattr(record, DETAILS, "")
    return [escape_line(line) for line in details.strip("\n").split("\n")] if details else []


class _Escaping(logging.Formatter):
    """Format a record's message and its request as one line, with its traceback indented below."""

    def format(self, record: logging.LogRecord) -> str:
        request = f" [{request}]" if (request := REQUEST.get()) else ""
        return "\n    ".join((escape_line(record.getMessage() + request), *_traceback_of(record)))


class _JsonLines(logging.Formatter):
    """Format a record as one JSON object: time (UTC), level, message, and request and traceback where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        import msgspec.json  # here, because children that log nothing need it not

        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": escape_line(record.getMessage()),
        }
        if request := REQUEST.get():
            line["request"] = escape_line(request)
        if traceback := _traceback_of(record):
            line["traceback"] = "\n".join(traceback)
        return msgspec.json.encode(line).decode()


class _ForTheLog(logging.handlers.QueueHandler):
    """Send records to the log's thread as text, without the names of users' files."""

    queue: queue.SimpleQueue[logging.LogRecord]

    def enqueue(self, record: logging.LogRecord) -> None:
        # Bounded, so that a slow disk does not fill the memory: the newest records are dropped.
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
            # The rest of the buffer does not fit on the disk either.
            self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        if not self._has_warned:
            self._has_warned = True
            warning = escape_line(
                f"musearoo: the log {self.baseFilename} cannot be written ({error}); going on without."
            )
            print(warning, file=sys.stderr)


class _Listener(logging.handlers.QueueListener):
    """A listener that closes its file after the last record."""

    def stop(self) -> None:
        super().stop()
        for handler in self.handlers:
            handler.close()


def open_log(path: Path, level: str, log_format: Format = "text") -> logging.handlers.QueueListener:
    """Start logging into `path`; the caller stops the returned listener at the end, which flushes it.

    Child processes that start from now on log in the same format.

    A file that cannot be opened is reported on stderr; the daemon runs on without a log.
    """
    # Opened at the first record, in the listener's thread, where handleError catches errors.
    handler = _PatientFileHandler(path, maxBytes=LARGEST_FILE, backupCount=3, encoding="utf-8", delay=True)
    as_text = log_format == "text"
    line = "%(asctime)s.%(msecs)03d %(levelname)-7s %(message)s" if as_text else "%(message)s"
    handler.setFormatter(logging.Formatter(line, "%Y-%m-%d %H:%M:%S"))
    os.environ[FORMAT_VARIABLE] = log_format
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    sender = _ForTheLog(records)
    # It formats the record before it is queued: what reaches the file's handler is text.
    sender.setFormatter(_Escaping() if as_text else _JsonLines())
    LOG.setLevel(level.upper())
    LOG.propagate = False
    LOG.handlers = [sender]
    listener = _Listener(records, handler)
    listener.start()
    return listener


if logging.lastResort is not None:
    # Without an open log, warnings go to stderr: a command's terminal, or a child process's log.
    logging.lastResort.setFormatter(_JsonLines() if os.environ.get(FORMAT_VARIABLE) == "json" else _Escaping())
