"""SQLAlchemy's engines for both databases: how a connection is opened, and how a transaction begins."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event

from musearoo.bridge.settings.home_files import make_private_folder, private_opener
from musearoo.bridge.store.errors import UnavailableError
from musearoo.bridge.store.types import encode_json

PATIENCE: Final = 2.0
"""Seconds that a transaction waits for a lock."""
LONGEST_STATEMENT: Final = 30.0
"""Seconds after which PostgreSQL gives up a statement."""
CONNECTING: Final = 5
"""Seconds in which PostgreSQL must answer a new connection; twice that for one that falls silent."""
CONNECTIONS: Final = 4
"""Most connections of a process to PostgreSQL."""
READERS: Final = 2
"""Connections that read SQLite besides the one that writes."""

_READ_ONLY: Final = "musearoo_read_only"
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={int(PATIENCE * 1000)}",
    "PRAGMA journal_mode=WAL",
    # A killed process loses nothing; a loss of power may lose the last commits, but never damages the file.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    # What a user deletes is overwritten.
    "PRAGMA secure_delete=ON",
)
_SETTINGS: Final = (
    f"SET lock_timeout={int(PATIENCE * 1000)};"
    f"SET statement_timeout={int(LONGEST_STATEMENT * 1000)};"
    f"SET idle_in_transaction_session_timeout={int(LONGEST_STATEMENT * 1000)};"
    "SET timezone='UTC'"
)


def make_engine(url: URL) -> Engine:
    """Return an engine for an address of `parse_address`. It connects when it is first used."""
    return _make_sqlite(url) if url.drivername == "sqlite" else _make_postgresql(url)


def read_only(engine: Engine) -> Engine:
    """Return the engine, with the same connections, for transactions that only read."""
    return engine.execution_options(**{_READ_ONLY: True})


def make_file(path: Path) -> None:
    """Make a missing SQLite file, empty and for its owner alone, and its folder. Raises UnavailableError."""
    try:
        make_private_folder(path.parent)
        os.close(private_opener(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    except OSError as error:
        why = error.strerror or error
        raise UnavailableError(
            f"{path} cannot be made ({why}): mend its folder's rights or free some space."
        ) from error


def require_file(path: Path) -> None:
    """Raises UnavailableError unless a path is a regular file; opening a pipe would wait forever."""
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError as error:
        raise UnavailableError(f"There is no database {path}: run musearoo db upgrade to make it.") from error
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({error.strerror or error}): mend its rights.") from error
    if not is_file:
        raise UnavailableError(f"{path} is no file: name another with --database sqlite:///FILE.")


def _make_sqlite(url: URL) -> Engine:
    # Opened for reading and writing, never made: a file that was moved away must not come back empty.
    file = Path(str(url.database)).absolute().as_uri() + "?mode=rw"
    # Threads share connections one after the other, so that a second transaction finds one open.
    engine = create_engine(
        url,
        pool_size=1 + READERS,
        max_overflow=0,
        pool_timeout=2 * PATIENCE,
        creator=lambda: sqlite3.connect(file, uri=True, check_same_thread=False, timeout=PATIENCE),
    )

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # sqlite3 begins no transactions of its own then.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            _execute(connection, pragma)

    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(_READ_ONLY)
        # A writer that began as a reader could not wait for another one: it would have to start again.
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _execute(connection: sqlite3.Connection, pragma: str) -> None:
    """Set a pragma, also while others do so: SQLite itself does not wait for them where a new file gets its log."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute(pragma)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(0.01)
        else:
            return


def _make_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=2 * PATIENCE,
        # A connection that died with a restarted server is replaced before the transaction begins.
        pool_pre_ping=True,
        json_serializer=encode_json,
        json_deserializer=msgspec.json.decode,
        connect_args={
            "connect_timeout": CONNECTING,
            "tcp_user_timeout": 2 * CONNECTING * 1000,
            "keepalives_idle": CONNECTING,
            "application_name": "musearoo",
        },
    )

    def prepare(connection: Any, _record: object) -> None:
        # Outside of a transaction: a rollback would take the settings back.
        connection.autocommit = True
        connection.execute(_SETTINGS)
        connection.autocommit = False

    event.listen(engine, "connect", prepare)
    return engine
