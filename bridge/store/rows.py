"""Records in and out of tables: what the modules of all nouns share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Insert, Select, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from musearoo.bridge.store.errors import MissingError
from musearoo.engines.errors import require_between

Record = TypeVar("Record", bound=msgspec.Struct)

MOST_ROWS: Final = 500
"""Most rows of one list."""


def pick(table: Table, kind: type[Record]) -> Select[Any]:
    """Return the selection of a table's columns that a record has."""
    return select(*(table.c[name] for name in kind.__struct_fields__))


def find_one(connection: Connection, kind: type[Record], statement: Select[Any]) -> Record | None:
    """Return the record of the only row of a `pick`, None without one."""
    row = connection.execute(statement).one_or_none()
    return None if row is None else kind(**row._mapping)


def find_all(connection: Connection, kind: type[Record], statement: Select[Any]) -> tuple[Record, ...]:
    """Return the records of a `pick`."""
    return tuple(kind(**row._mapping) for row in connection.execute(statement))


def newest_first(statement: Select[Any], column: Column[Any], *, limit: int, after: str | int | None) -> Select[Any]:
    """Return a page of a list, newest first: at most `limit` rows (1..MOST_ROWS) that are older than `after`.

    `column`: what the rows are sorted by, unique in the list. `after`: its value in the last row of the page before,
    None for the first page.
    """
    require_between("limit", limit, 1, MOST_ROWS)
    if after is not None:
        statement = statement.where(column < after)
    return statement.order_by(column.desc()).limit(limit)


def put(connection: Connection, table: Table, record: msgspec.Struct) -> None:
    """Insert a record."""
    connection.execute(_insertion(table), msgspec.structs.asdict(record))


def put_or_replace(connection: Connection, table: Table, record: msgspec.Struct, keys: Iterable[str]) -> None:
    """Insert a record, or replace the values of the row that has its `keys`."""
    values = msgspec.structs.asdict(record)
    keys = tuple(keys)
    changed = {name: value for name, value in values.items() if name not in keys}
    inserted = upsert(connection, table).values(values)
    connection.execute(inserted.on_conflict_do_update(index_elements=keys, set_=changed))


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return the database's own INSERT, which can say what is done about a row that is there already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def change(connection: Connection, table: Table, *which: ColumnElement[bool], what: str, **values: Any) -> None:
    """Change the one row that meets all conditions. Raises MissingError naming `what` if there is none."""
    if connection.execute(table.update().where(*which).values(**values)).rowcount == 0:
        raise missing(what)


def remove(connection: Connection, table: Table, *which: ColumnElement[bool], what: str) -> None:
    """Delete the one row that meets all conditions. Raises MissingError naming `what` if there is none."""
    if connection.execute(table.delete().where(*which)).rowcount == 0:
        raise missing(what)


def missing(what: str) -> MissingError:
    """Return the error for a row that is not there."""
    return MissingError(f"There is no such {what}: read the list again.")


@cache
def _insertion(table: Table) -> Insert:
    return insert(table)
