"""Migrations: bring a database's tables to a revision by Alembic, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from musearoo.bridge.store import migrations
from musearoo.bridge.store.database import Database, explain_age
from musearoo.bridge.store.engine import make_file, require_file
from musearoo.bridge.store.errors import CorruptError, explained
from musearoo.bridge.store.revision import NEWEST, REVISIONS, Age, find_age, read_revision

BASE: Final = "base"
"""The revision of a database without tables."""

_LOCK: Final = 0x4D757365
"""The number of the lock that keeps two migrations of a PostgreSQL database apart."""


class Migrated(NamedTuple):
    """The revisions of a database before and after; None for one without tables."""

    before: str | None
    after: str | None


def upgrade(database: Database) -> Migrated:
    """Bring a database to the newest revision, and make a missing file. Raises StoreError, and changes nothing then."""
    if database.file is not None:
        make_file(database.file)
        require_file(database.file)
    age = database.read_now(find_age)
    if age in (Age.NEWER, Age.STRANGE):
        raise explain_age(database, age)
    return migrate(database, NEWEST)


def migrate(database: Database, target: str) -> Migrated:
    """Bring a database up or down to a revision, BASE for none. Raises StoreError, and changes nothing then."""
    with explained(database.where), database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                # A large table may take long.
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                return _migrate(connection, target)
        # A table that Alembic replaces would take the rows along that refer to it. Foreign keys cannot be switched
        # within a transaction, so this stands before it.
        driver = connection.connection.driver_connection
        if driver is None:
            raise CorruptError(f"{database.where} was closed while it was opened: try again.")
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                migrated = _migrate(connection, target)
                require_references(connection, database.where)
            return migrated
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def require_references(connection: Connection, where: str) -> None:
    """Raises CorruptError if a row of a SQLite database refers to one that is not there."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise CorruptError(
            f"{where}: a row of {broken[0]} refers to one of {broken[2]} that is not there: restore a backup."
        )


def _migrate(connection: Connection, target: str) -> Migrated:
    before = read_revision(connection)
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))).replace("%", "%%"))
    config.attributes["connection"] = connection
    later = REVISIONS.index(target) if target != BASE else -1
    now = REVISIONS.index(before) if before else -1
    if later != now:
        (command.upgrade if later > now else command.downgrade)(config, target)
    return Migrated(before, read_revision(connection))
