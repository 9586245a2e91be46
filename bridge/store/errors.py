"""The store's errors: what the databases' drivers raise, as one sentence that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import exc

from musearoo.engines.errors import UserFacingError, cut


class StoreError(UserFacingError):
    """The store cannot do it: the message says why, and what to do."""


class UnavailableError(StoreError):
    """The database cannot be reached or opened. Nothing was changed; it may work later."""


class BusyError(StoreError):
    """The database is locked or overloaded. Nothing was changed; try again."""


class DiskFullError(StoreError):
    """The disk is full. Nothing was changed."""


class CorruptError(StoreError):
    """The database's file is damaged, or is none."""


class OutdatedError(StoreError):
    """The database's tables have another revision than this program's."""


class ConflictError(StoreError):
    """Somebody else was first: the row exists, or has changed since it was read."""


class MissingError(StoreError):
    """There is no such row, or what it belongs to is gone."""


class RefusedError(StoreError):
    """A value that the database cannot keep, such as a text with a NUL character."""


_DRIVER_ERRORS: Final = (exc.SQLAlchemyError, sqlite3.Error)
"""SQLAlchemy wraps all errors of drivers except those of our own pragmas when a connection is opened."""

_PYTHON_ERRORS: Final = (UnicodeError, OverflowError)
"""Raised for a text that has NUL or no UTF-8, and for a number beyond 64 bits or a time beyond the calendar."""

_SQLITE: Final[dict[int, type[StoreError]]] = {
    sqlite3.SQLITE_BUSY: BusyError,
    sqlite3.SQLITE_LOCKED: BusyError,
    sqlite3.SQLITE_INTERRUPT: BusyError,
    sqlite3.SQLITE_FULL: DiskFullError,
    sqlite3.SQLITE_CORRUPT: CorruptError,
    sqlite3.SQLITE_NOTADB: CorruptError,
    sqlite3.SQLITE_IOERR: UnavailableError,
    sqlite3.SQLITE_CANTOPEN: UnavailableError,
    sqlite3.SQLITE_READONLY: UnavailableError,
    sqlite3.SQLITE_PERM: UnavailableError,
    sqlite3.SQLITE_AUTH: UnavailableError,
    sqlite3.SQLITE_PROTOCOL: BusyError,
    sqlite3.SQLITE_TOOBIG: RefusedError,
    sqlite3.SQLITE_CONSTRAINT: RefusedError,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: ConflictError,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: ConflictError,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: MissingError,
}
"""By SQLite's extended result code, or else by the primary one in its low byte."""

_POSTGRESQL: Final[dict[str, type[StoreError]]] = {
    "08": UnavailableError,  # the connection is broken
    "28": UnavailableError,  # wrong user or password
    "3D": UnavailableError,  # no such database
    "57P": UnavailableError,  # it shuts down or starts
    "25P03": UnavailableError,  # it ended a transaction that stood still, as after a sleep of the machine
    "53300": UnavailableError,  # too many connections
    "25006": UnavailableError,  # read only
    "42501": UnavailableError,  # no rights
    "57014": BusyError,  # a statement took too long
    "55P03": BusyError,  # a lock was not given in time
    "40": BusyError,  # a deadlock
    "53100": DiskFullError,
    "53": BusyError,  # out of memory, or of another resource
    "XX": CorruptError,
    "42P01": OutdatedError,  # no such table
    "42703": OutdatedError,  # no such column
    "23505": ConflictError,
    "23503": MissingError,
    "23": RefusedError,
    "22": RefusedError,
}
"""By the beginning of the SQLSTATE, the longest first."""

_SENTENCES: Final[dict[type[StoreError], str]] = {
    UnavailableError: "{where} cannot be used ({why}): see that it runs and may be read and written, then try again.",
    BusyError: "{where} is locked by another program or overloaded ({why}): try again in a moment.",
    DiskFullError: "The disk of {where} is full ({why}): nothing was changed; free some space, then try again.",
    CorruptError: "{where} is damaged, or no database ({why}): restore a backup (musearoo db restore FILE).",
    OutdatedError: "{where} has other tables than this MuseAroo ({why}): stop MuseAroo and run musearoo db upgrade.",
    ConflictError: "This exists already, or somebody else changed it first: read it again, then repeat your change.",
    MissingError: "What this belongs to is not there any more: read the list again.",
    RefusedError: "The store cannot keep this value ({why}): change it, then try again.",
}


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn errors of a driver into a StoreError. Bugs of ours, such as wrong SQL, pass unchanged.

    `where`: the database as the user knows it, without its password.
    """
    try:
        yield
    except _DRIVER_ERRORS as error:
        kind = _classify(error)
        if kind is None:
            raise
        raise kind(_SENTENCES[kind].format(where=where, why=_reason(error))) from error
    except _PYTHON_ERRORS as error:
        raise RefusedError(_SENTENCES[RefusedError].format(why=_reason(error))) from error


def _classify(error: Exception) -> type[StoreError] | None:
    original = error.orig if isinstance(error, exc.StatementError) else error
    if isinstance(original, _PYTHON_ERRORS):
        return RefusedError
    if isinstance(original, sqlite3.Error):
        # Errors of Python's own, such as of a closed connection, have no code.
        code = getattr(original, "sqlite_errorcode", None)
        if code is None:
            return UnavailableError if isinstance(original, sqlite3.OperationalError) else None
        return _SQLITE.get(code) or _SQLITE.get(code & 0xFF)
    if isinstance(error, exc.TimeoutError):
        return BusyError
    state = getattr(original, "sqlstate", None) or ""
    for length in (5, 3, 2):
        if found := _POSTGRESQL.get(state[:length]):
            return found
    # A connection that broke, or was never made, has no SQLSTATE.
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        return UnavailableError
    # So has an address with an option that there is none of: no statement was begun yet.
    if isinstance(error, exc.ProgrammingError) and not state and error.statement is None:
        return UnavailableError
    # And so has a text with NUL, which psycopg refuses itself.
    return RefusedError if isinstance(error, exc.DataError) else None


def _reason(error: Exception) -> str:
    """Return the first line of what the driver says; the statement and its values stay out of it."""
    original = error.orig if isinstance(error, exc.StatementError) else error
    lines = [line.strip() for line in str(original).splitlines() if line.strip()]
    return cut(lines[0]).removeprefix("ERROR:").strip().rstrip(".") if lines else type(original).__name__
