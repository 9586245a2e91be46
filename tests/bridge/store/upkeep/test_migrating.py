"""Migrations: each up and down, all or nothing, and the same tables as `bridge.store.tables`."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, exc, inspect, text

from musearoo.bridge.store import migrations
from musearoo.bridge.store.database import Database, connect, open_database
from musearoo.bridge.store.errors import CorruptError, OutdatedError
from musearoo.bridge.store.revision import NEWEST, REVISIONS, make_tables, read_revision
from musearoo.bridge.store.tables import metadata
from musearoo.bridge.store.types import Json
from musearoo.bridge.store.upkeep.migrating import BASE, migrate, require_references, upgrade
from musearoo.bridge.store.upkeep.move import count_rows
from tests.bridge.store.postgresql import Server
from tests.bridge.store.some_rows import begin_song, place_takes
from tests.bridge.store.upkeep.test_move import fill


def describe(database: Database, server: Server | None) -> str:
    """The tables in a database's own words."""
    if server is not None:
        return server.dump_schema(database.url.render_as_string().replace("+psycopg", ""))
    rows = database.read_now(lambda c: c.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").all())
    # Constraints stand in the order in which they were named.
    texts = {name: sorted(re.split(r",?\s*\n\s*", sql or "")) for name, sql in rows}
    return "\n".join(f"{name}: {lines}" for name, lines in texts.items())


def test_every_revision_is_known_at_start() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))))
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(REVISIONS)
    assert scripts.get_heads() == [NEWEST]


def test_migrations_and_tables_agree(empty: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    migrated = connect(empty)
    upgrade(migrated)

    def differ(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": compare_types})
        return list(compare_metadata(context, metadata))

    assert migrated.read_now(differ) == []
    server: Server | None = None if migrated.is_sqlite else request.getfixturevalue("server")
    made = connect(server.make_database() if server else f"sqlite:///{tmp_path / 'made.db'}")
    if server:
        made.run_now(make_tables)
    else:
        open_database(f"sqlite:///{tmp_path / 'made.db'}", make=True).close()
    assert "takes_session_number_unique" in describe(made, server)
    assert describe(migrated, server) == describe(made, server)
    migrated.close()
    made.close()


def compare_types(_context: object, _found: object, _column: object, found: object, wanted: object) -> bool | None:
    # SQLite's JSON column is reflected as the TEXT that it is.
    return False if isinstance(wanted, Json) and str(found) == "TEXT" else None


def test_each_migration_goes_up_and_down(empty: str) -> None:
    database = connect(empty)
    upgrade(database)
    migrate(database, BASE)
    for revision in REVISIONS:
        before = None if revision == REVISIONS[0] else REVISIONS[REVISIONS.index(revision) - 1]
        assert migrate(database, revision) == (before, revision)
        assert migrate(database, before or BASE) == (revision, before)
        assert migrate(database, revision) == (before, revision)
    assert migrate(database, BASE) == (NEWEST, None)
    assert database.read_now(lambda c: inspect(c).get_table_names()) == ["alembic_version"]
    assert upgrade(database) == (None, NEWEST)
    assert upgrade(database) == (NEWEST, NEWEST)
    database.run_now(begin_song)
    database.close()
    open_database(empty, make=False).close()


def test_each_migration_goes_down_and_up_with_rows_in_the_tables(empty: str) -> None:
    database = connect(empty)
    upgrade(database)
    database.run_now(fill)
    counts = database.read_now(count_rows)
    for revision, before in itertools.pairwise((*reversed(REVISIONS), BASE)):
        assert migrate(database, before).before == revision
        upgrade(database)
        # Without tables there are no rows; else all of them are there again.
        assert database.read_now(count_rows) == (dict.fromkeys(counts, 0) if before == BASE else counts)
        migrate(database, before)
    upgrade(database)
    database.run_now(fill)
    assert database.read_now(count_rows) == counts
    database.close()


def test_a_migration_that_fails_changes_nothing(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = connect(empty)

    def refuse(_context: object) -> None:
        raise exc.ProgrammingError("ALTER", {}, Exception("no"))

    upgrade(database)
    migrate(database, BASE)
    before = database.read_now(lambda c: inspect(c).get_table_names())
    # The last thing that an upgrade does is to note the revision.
    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", lambda *_a: refuse(None))
    with pytest.raises(exc.ProgrammingError):
        upgrade(database)
    assert database.read_now(lambda c: inspect(c).get_table_names()) == before
    assert database.read_now(read_revision) is None
    database.close()


def test_other_programs_tables_and_newer_ones_are_left_alone(address: str) -> None:
    database = connect(address)
    database.run_now(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0099'")))
    with pytest.raises(OutdatedError, match=r"newer MuseAroo \(0099\)"):
        upgrade(database)
    database.run_now(lambda c: c.execute(text("DROP TABLE alembic_version")))
    with pytest.raises(OutdatedError, match="belongs to another program"):
        upgrade(database)
    database.close()


def test_foreign_keys_are_on_again_after_an_upgrade(small: Database) -> None:
    upgrade(small)
    migrate(small, BASE)
    upgrade(small)
    for _ in range(4):
        assert small.run_now(lambda c: c.exec_driver_sql("PRAGMA foreign_keys").scalar_one()) == 1


def test_rows_without_what_they_refer_to_stop_a_migration(small: Database) -> None:
    small.run_now(begin_song)
    small.run_now(lambda c: place_takes(c, 1))
    small.run_now(lambda c: require_references(c, small.where))
    with small.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("DELETE FROM users")
        driver.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(CorruptError, match="refers to one of users that is not there: restore a backup"):
        small.read_now(lambda c: require_references(c, small.where))
