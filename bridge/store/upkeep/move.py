"""Move a store to another database: all rows, table by table, into empty tables."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from musearoo.bridge.store.database import Database, explain_age
from musearoo.bridge.store.engine import make_file, read_only, require_file
from musearoo.bridge.store.errors import ConflictError, CorruptError, explained
from musearoo.bridge.store.revision import Age, find_age, make_tables
from musearoo.bridge.store.tables import metadata

BATCH: Final = 200
"""Rows that are in memory at once: a document may have megabytes."""


def move_store(source: Database, target: Database) -> dict[str, int]:
    """Copy all rows into an empty database, whose tables are made if need be; returns how many each table has.

    The source stays as it is; what is written there meanwhile is not copied. All is copied or nothing. Raises
    StoreError: OutdatedError for tables of another revision, ConflictError for a target that is not empty.
    """
    require_newest(source)
    if target.file is not None:
        make_file(target.file)
        require_file(target.file)
    with explained(target.where), target.engine.begin() as into:
        age = find_age(into)
        if age is Age.EMPTY:
            make_tables(into)
        elif age is not Age.NEWEST:
            raise explain_age(target, age)
        if sum(count_rows(into).values()):
            raise ConflictError(f"{target.where} is not empty: name a new database.")
        return copy_rows(source, into)


def copy_rows(source: Database, into: Connection) -> dict[str, int]:
    """Copy all rows of a database, as it is at one moment, into empty tables; returns how many each table has.

    Raises CorruptError if not all arrived. The caller commits.
    """
    if into.dialect.name == "postgresql":
        into.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
    else:
        into.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    engine = read_only(source.engine)
    snapshot = engine if source.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
    with explained(source.where), snapshot.begin() as origin:
        for table in metadata.sorted_tables:
            rows = origin.execute(select(table).execution_options(yield_per=BATCH))
            for batch in rows.partitions():
                into.execute(table.insert(), [dict(row._mapping) for row in batch])
        before, after = count_rows(origin), count_rows(into)
    for name, count in before.items():
        if after[name] != count:
            raise CorruptError(f"{after[name]:,} of {count:,} rows of {name} arrived: nothing was copied; try again.")
    return after


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = metadata.sorted_tables
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def require_newest(database: Database) -> None:
    """Raises OutdatedError unless a database's tables are this program's, and UnavailableError without its file."""
    if database.file is not None:
        require_file(database.file)
    age = database.read_now(find_age)
    if age is not Age.NEWEST:
        raise explain_age(database, age)
