"""The log: a rotating file, written by a thread of its own so that a slow disk never holds up a press."""

import logging
import logging.handlers
import queue
import sys
from pathlib import Path

LOG = logging.getLogger("musearoo")

LARGEST_FILE = 1_000_000
"""Bytes of one log file; three older ones are kept beside it."""


class _PatientFileHandler(logging.handlers.RotatingFileHandler):
    """Says once on stderr that the log cannot be written, and goes on."""

    _told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - logging's own signature
        self._tell(sys.exc_info()[1])

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:
            # What was still in the buffer does not fit on the disk either.
            self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        if not self._told:
            self._told = True
            print(
                f"musearoo: the log {self.baseFilename} cannot be written ({error}); going on without.", file=sys.stderr
            )


class _Listener(logging.handlers.QueueListener):
    """Closes its file when it has written what was left."""

    def stop(self) -> None:
        super().stop()
        for handler in self.handlers:
            handler.close()


def open_log(path: Path, level: str) -> logging.handlers.QueueListener:
    """Starts logging into `path`; the caller stops the listener at the end, which writes what is left.

    A file that cannot be opened is told on stderr; the daemon runs on without a log.
    """
    # Opened at the first record, in the listener's thread, where handleError catches what goes wrong.
    handler = _PatientFileHandler(path, maxBytes=LARGEST_FILE, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    LOG.setLevel(level.upper())
    LOG.propagate = False
    LOG.handlers = [logging.handlers.QueueHandler(records)]
    listener = _Listener(records, handler)
    listener.start()
    return listener
