"""The revision of a database's tables: the one row that every start reads, without Alembic."""

from __future__ import annotations

from enum import Enum
from typing import Final

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from musearoo.bridge.store.tables import metadata

REVISIONS: Final = ("0001",)
"""The revisions that this program knows, oldest first: those of `migrations/versions`."""
NEWEST: Final = REVISIONS[-1]

_marks: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as it makes it."""


class Age(Enum):
    """The tables of a database compared with this program's."""

    EMPTY = "empty"
    """It has no tables."""
    OLDER = "older"
    NEWEST = "newest"
    NEWER = "newer"
    STRANGE = "strange"
    """It has tables of another program."""


def read_revision(connection: Connection) -> str | None:
    """Return a database's revision, None without one."""
    if not inspect(connection).has_table(_marks.name):
        return None
    revision: str | None = connection.execute(select(_marks.c.version_num)).scalar_one_or_none()
    return revision


def find_age(connection: Connection) -> Age:
    """Return how a database's tables compare with this program's."""
    revision = read_revision(connection)
    if revision is None:
        others = set(inspect(connection).get_table_names()) - {_marks.name}
        return Age.STRANGE if others else Age.EMPTY
    if revision == NEWEST:
        return Age.NEWEST
    return Age.OLDER if revision in REVISIONS else Age.NEWER


def make_tables(connection: Connection) -> None:
    """Make all tables in an empty database, at the newest revision."""
    metadata.create_all(connection)
    _marks.create(connection, checkfirst=True)
    connection.execute(_marks.insert(), {"version_num": NEWEST})
