"""A database, opened: one transaction a call, in threads of the store's own."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine

from musearoo.bridge.store.address import parse_address
from musearoo.bridge.store.engine import CONNECTIONS, READERS, make_engine, make_file, read_only, require_file
from musearoo.bridge.store.errors import BusyError, OutdatedError, explained
from musearoo.bridge.store.revision import Age, find_age, make_tables, read_revision

Result = TypeVar("Result")
Work = Callable[[Connection], Result]
"""What is done in one transaction. It may be called from any thread, and only uses its connection."""


class Observe(Protocol):
    """Takes note of a transaction: read or write, its seconds with waiting, and whether it failed."""

    def __call__(self, operation: str, seconds: float, *, failed: bool) -> None:
        """Take note."""


def _observe_nothing(operation: str, seconds: float, *, failed: bool) -> None:
    """The observer of those who do not count."""


QUEUED: Final = 1_000
"""Most transactions that wait for a thread."""
LONGEST_WAIT: Final = 5.0
"""Seconds after which a waiting transaction is given up, as behind others that each waited for a lock."""


class Database:
    """A database whose tables may have any revision; `open_database` gives one that can be worked with."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.where = str(self.file or _show(url))
        """The database in the user's words, without its password."""
        self.engine = make_engine(url)
        self._reading = read_only(self.engine)
        self._writer = ThreadPoolExecutor(1 if self.is_sqlite else CONNECTIONS, "store")
        self._readers = ThreadPoolExecutor(READERS, "store reader") if self.is_sqlite else self._writer
        self._waiting = 0
        self.observe: Observe = _observe_nothing
        """Called with each transaction, for the metrics."""

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite, and else PostgreSQL."""
        return self.url.drivername == "sqlite"

    @property
    def file(self) -> Path | None:
        """SQLite's file."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    async def run(self, work: Work[Result]) -> Result:
        """Perform one transaction that writes; what it returned is in the database.

        Raises StoreError, and whatever `work` raises: nothing was changed then, unless the connection broke at the very
        commit.
        """
        return await self._queue(self._writer, self.engine, work)

    async def read(self, work: Work[Result]) -> Result:
        """Perform one transaction that only reads, beside one that writes. Raises StoreError."""
        return await self._queue(self._readers, self._reading, work)

    def run_now(self, work: Work[Result]) -> Result:
        """Perform one transaction in the calling thread, as a command does. Raises StoreError."""
        with explained(self.where), self.engine.begin() as connection:
            return work(connection)

    def read_now(self, work: Work[Result]) -> Result:
        """Perform one transaction that only reads, in the calling thread. Raises StoreError."""
        with explained(self.where), self._reading.begin() as connection:
            return work(connection)

    def truncate_log(self) -> None:
        """Write SQLite's log into its file and empty it: it may still have what was deleted. Raises StoreError."""
        with explained(self.where), contextlib.closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Wait for the transactions under way and close all connections."""
        for threads in {self._writer, self._readers}:
            threads.shutdown(wait=True)
        self.engine.dispose()

    async def _queue(self, threads: ThreadPoolExecutor, engine: Engine, work: Work[Result]) -> Result:
        if self._waiting >= QUEUED:
            raise BusyError(f"{self.where} has {self._waiting:,} requests waiting: try again in a moment.")
        self._waiting += 1
        began, failed = time.monotonic(), True
        try:
            loop = asyncio.get_running_loop()
            perform = partial(self._perform, engine, work, began + LONGEST_WAIT)
            # In the task's context, which knows the request that this is done for.
            done = await loop.run_in_executor(threads, contextvars.copy_context().run, perform)
            failed = False
            return done
        finally:
            self._waiting -= 1
            operation = "write" if engine is self.engine else "read"
            self.observe(operation, time.monotonic() - began, failed=failed)

    def _perform(self, engine: Engine, work: Work[Result], latest: float) -> Result:
        if time.monotonic() > latest:
            raise BusyError(f"{self.where} is locked by another program or overloaded: try again in a moment.")
        with explained(self.where), engine.begin() as connection:
            return work(connection)


def connect(address: str) -> Database:
    """Return a database, whatever its tables are; nothing is opened or made yet. Raises StoreError."""
    database = Database(parse_address(address))
    if database.file is not None and database.file.exists():
        require_file(database.file)
    return database


def open_database(address: str, *, make: bool) -> Database:
    """Return a database whose tables are this program's. Migrations are left to `musearoo db upgrade`.

    `make`: a SQLite file that is missing or empty is made. Raises StoreError; OutdatedError for older or newer tables.
    """
    database = connect(address)
    try:
        if database.file is not None:
            if make:
                make_file(database.file)
            require_file(database.file)
        age = database.read_now(find_age)
        if age is Age.EMPTY and make and database.is_sqlite:
            age = database.run_now(_make_unless_made)
        if age is not Age.NEWEST:
            raise explain_age(database, age)
    except BaseException:
        database.close()
        raise
    return database


def explain_age(database: Database, age: Age) -> OutdatedError:
    """Return the error for a database whose tables are not this program's."""
    match age:
        case Age.EMPTY:
            return OutdatedError(f"{database.where} has no tables yet: run musearoo db upgrade.")
        case Age.OLDER:
            revision = database.read_now(read_revision)
            return OutdatedError(
                f"{database.where} has the tables of an older MuseAroo ({revision}): run musearoo db upgrade."
            )
        case Age.NEWER:
            revision = database.read_now(read_revision)
            return OutdatedError(f"{database.where} has the tables of a newer MuseAroo ({revision}): install that one.")
        case _:
            return OutdatedError(f"{database.where} belongs to another program: name another with --database.")


def _show(url: URL) -> str:
    """Return PostgreSQL's address without passwords: of libpq's options in it, only host and port."""
    options = {name: value for name, value in url.query.items() if name in ("host", "port")}
    return url.set(drivername="postgresql", query=options).render_as_string(hide_password=True)


def _make_unless_made(connection: Connection) -> Age:
    """Make the tables; another process may have done so since."""
    if find_age(connection) is Age.EMPTY:
        make_tables(connection)
    return find_age(connection)
