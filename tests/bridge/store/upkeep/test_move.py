"""Moves from SQLite to PostgreSQL and back, and backups of both: every row arrives as it was, or nothing does."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection, select, text

from musearoo.bridge.store.database import Database, connect, open_database
from musearoo.bridge.store.errors import (
    BusyError,
    ConflictError,
    CorruptError,
    DiskFullError,
    OutdatedError,
    UnavailableError,
)
from musearoo.bridge.store.feedback import give_feedback
from musearoo.bridge.store.files import add_file
from musearoo.bridge.store.idempotency import Claim, claim_key, keep_answer
from musearoo.bridge.store.jobs import add_job, end_job
from musearoo.bridge.store.preferences import keep_preference
from musearoo.bridge.store.records import Feedback, File, Job, Member, Preference, Token
from musearoo.bridge.store.sessions import keep_document, set_member
from musearoo.bridge.store.tables import metadata
from musearoo.bridge.store.takes import add_take
from musearoo.bridge.store.tokens import add_token, digest_token
from musearoo.bridge.store.upkeep import backup as backup_module
from musearoo.bridge.store.upkeep.backup import back_up, check_file, restore_backup
from musearoo.bridge.store.upkeep.migrating import BASE, migrate
from musearoo.bridge.store.upkeep.move import count_rows, move_store
from tests.bridge.store.postgresql import Server
from tests.bridge.store.some_rows import ANN, BOB, NOW, SONG, begin_song, place_takes, some_id, some_take


def fill(connection: Connection) -> None:
    """Rows in every table."""
    begin_song(connection)
    place_takes(connection, 3)
    # A take whose parent has a greater id, as after a clock that went back.
    add_take(connection, some_take(50, parent=some_take(101).id, place=None, params={"x": 1e-300, "big": 2**60}))
    keep_document(connection, SONG, checkpoint=2, document=os.urandom(100_000))
    set_member(connection, Member(session=SONG, user=BOB, role="editor"))
    give_feedback(connection, Feedback(take=some_take(101).id, user=BOB, value=1, made=NOW))
    keep_preference(connection, Preference(user=ANN, key="theme", value={"dark": [True, 0.1]}, changed=NOW))
    job = Job(id=some_id(60), user=ANN, session=SONG, kind="split", request={"file": "ä.wav"}, made=NOW, server="s")
    add_job(connection, job)
    end_job(connection, job.id, state="done", now=NOW + 1, result={"stems": []})
    claim_key(connection, Claim(ANN, "key", "request", "server"), digest="d", now=NOW)
    keep_answer(connection, ANN, "key", "request", status=201, body=b"\x00\xff")
    token = Token(
        id=some_id(70), user=ANN, name="phone", sha256=digest_token("t"), scopes=("read", "play"), made=NOW, expires=NOW
    )
    add_token(connection, token)
    file = File(id=some_id(80), user=ANN, kind="upload", name="a", path="/a", bytes=1, sha256="s", made=NOW)
    add_file(connection, file)


def everything(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in metadata.sorted_tables
    }


@pytest.fixture
def targets(server: Server, tmp_path: Path) -> Iterator[dict[str, Database]]:
    """New databases of both kinds."""
    targets = {
        "sqlite": connect(f"sqlite:///{tmp_path / 'new' / 'b.db'}"),
        "postgresql": connect(server.make_database()),
    }
    yield targets
    for target in targets.values():
        target.close()


def test_every_row_arrives_as_it_was(database: Database, targets: dict[str, Database]) -> None:
    database.run_now(fill)
    rows = database.read_now(everything)
    assert all(rows.values())
    for kind, target in targets.items():
        counts = move_store(database, target)
        assert target.read_now(everything) == rows, kind
        assert counts == {name: len(each) for name, each in rows.items()}
        with pytest.raises(ConflictError, match="is not empty: name a new database"):
            move_store(database, target)
    assert database.read_now(everything) == rows
    # And back.
    assert stat.S_IMODE(Path(targets["sqlite"].where).stat().st_mode) == 0o600


def test_a_move_that_fails_leaves_nothing(small: Database, targets: dict[str, Database]) -> None:
    small.run_now(fill)
    # What only SQLite keeps, written by something else than the store.
    small.run_now(lambda c: c.execute(text("UPDATE sessions SET name = 'a' || char(0)")))
    with pytest.raises(Exception, match="NUL"):
        move_store(small, targets["postgresql"])
    assert targets["postgresql"].read_now(lambda c: c.dialect.get_table_names(c)) == []
    migrate(small, BASE)
    with pytest.raises(OutdatedError, match="has no tables yet"):
        move_store(small, targets["postgresql"])


def test_a_backup_brings_everything_back_into_either(
    database: Database, targets: dict[str, Database], tmp_path: Path
) -> None:
    database.run_now(fill)
    rows = database.read_now(everything)
    path = tmp_path / "backup.db"
    assert back_up(database, path) == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    database.run_now(partial(place_takes, count=1, first=4))
    with pytest.raises(ConflictError, match=r"backup.db exists already: name a new file"):
        back_up(database, path)
    for target in targets.values():
        restore_backup(target, path, replace=False)
        assert target.read_now(everything) == rows
    with pytest.raises(ConflictError, match="is not empty, and would be replaced: say --yes"):
        restore_backup(database, path, replace=False)
    counts = restore_backup(database, path, replace=True)
    assert database.read_now(everything) == rows
    assert counts["takes"] == 4
    # Nothing lies next to it.
    assert sorted(each.name for each in tmp_path.glob("*backup*")) == ["backup.db"]
    assert not list(tmp_path.glob(".*"))


def test_a_backup_of_a_database_in_use_is_of_one_moment(small: Database, tmp_path: Path) -> None:
    small.run_now(fill)
    stop = threading.Event()

    def write() -> None:
        version = 4
        while not stop.is_set():
            small.run_now(partial(place_takes, count=1, first=version))
            version += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(small, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join(10)
    for number in range(5):
        opened = open_database(f"sqlite:///{tmp_path / f'{number}.db'}", make=False)
        rows = opened.read_now(everything)
        assert len(rows["steps"]) == rows["sessions"][0]["version"]
        opened.close()


def test_another_process_sees_a_restore_as_one_change(small: Database, tmp_path: Path) -> None:
    small.run_now(fill)
    rows = small.read_now(everything)
    back_up(small, tmp_path / "backup.db")
    server = open_database(f"sqlite:///{small.where}", make=False)
    server.run_now(partial(place_takes, count=5, first=4))
    restore_backup(small, tmp_path / "backup.db", replace=True)
    assert server.read_now(everything) == rows
    server.run_now(partial(place_takes, count=1, first=4))
    assert small.read_now(count_rows)["steps"] == 4
    server.close()


def test_a_backup_that_cannot_be_upgraded_changes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run_now(fill)
    back_up(database, tmp_path / "backup.db")
    database.run_now(partial(place_takes, count=5, first=4))
    rows = database.read_now(everything)
    content = (tmp_path / "backup.db").read_bytes()

    def refuse(_database: Database) -> None:
        raise CorruptError("No.")

    monkeypatch.setattr(backup_module, "upgrade", refuse)
    with pytest.raises(CorruptError):
        restore_backup(database, tmp_path / "backup.db", replace=True)
    assert database.read_now(everything) == rows
    assert (tmp_path / "backup.db").read_bytes() == content


def test_a_restore_does_not_wait_for_ever(small: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small.run_now(fill)
    back_up(small, tmp_path / "backup.db")
    monkeypatch.setattr(backup_module, "LONGEST", 0.1)
    small.run_now(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=20"))
    small.engine.dispose()
    monkeypatch.setattr("musearoo.bridge.store.engine._PRAGMAS", ())
    monkeypatch.setattr("musearoo.bridge.store.engine.PATIENCE", 0.02)
    other = sqlite3.connect(small.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError, match=r"is in use: stop MuseAroo, then try again|is locked"):
        restore_backup(small, tmp_path / "backup.db", replace=True)
    other.execute("ROLLBACK")
    other.close()


def test_damaged_and_strange_backups_are_refused(small: Database, tmp_path: Path) -> None:
    small.run_now(fill)
    rows = small.read_now(everything)
    path = tmp_path / "backup.db"
    with pytest.raises(UnavailableError, match="There is no"):
        restore_backup(small, path, replace=True)
    back_up(small, path)
    whole = path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(whole[:half] + os.urandom(len(whole) - half))
    with pytest.raises(CorruptError, match="damaged"):
        restore_backup(small, path, replace=True)
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()
    with pytest.raises(CorruptError, match="is no backup of MuseAroo"):
        check_file(path)
    path.write_bytes(whole)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '0099'")
    other.close()
    with pytest.raises(OutdatedError, match=r"newer MuseAroo \(0099\)"):
        restore_backup(small, path, replace=True)
    assert small.read_now(everything) == rows


def test_a_damaged_database_is_put_aside_for_a_backup(small: Database, tmp_path: Path) -> None:
    small.run_now(fill)
    rows = small.read_now(everything)
    path = tmp_path / "backup.db"
    back_up(small, path)
    small.close()
    assert small.file is not None
    small.file.write_bytes(b"not a database" * 1000)
    again = connect(f"sqlite:///{small.file}")
    with pytest.raises(ConflictError, match="is damaged, and would be put aside: say --yes"):
        restore_backup(again, path, replace=False)
    restore_backup(again, path, replace=True)
    assert again.read_now(everything) == rows
    again.close()
    assert small.file.with_name("musearoo.db.damaged-1").read_bytes()[:3] == b"not"


def test_a_database_that_is_damaged_after_it_was_opened_is_put_aside(small: Database, tmp_path: Path) -> None:
    small.run_now(fill)
    rows = small.read_now(everything)
    back_up(small, tmp_path / "backup.db")
    small.truncate_log()
    small.close()
    assert small.file is not None
    # Its first pages, which say what tables there are, are whole.
    pages = 8 * 4096
    with small.file.open("r+b") as file:
        file.seek(pages)
        file.write(b"\xff" * (small.file.stat().st_size - pages))
    again = connect(f"sqlite:///{small.file}")
    restore_backup(again, tmp_path / "backup.db", replace=True)
    assert again.read_now(everything) == rows
    again.close()
    fresh = connect(f"sqlite:///{small.file}")
    assert fresh.read_now(everything) == rows, "the file at the old place has it"
    fresh.close()


def test_another_programs_database_is_never_replaced(small: Database, tmp_path: Path) -> None:
    back_up(small, tmp_path / "backup.db")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    target = connect(f"sqlite:///{other}")
    with pytest.raises(OutdatedError, match="belongs to another program"):
        restore_backup(target, tmp_path / "backup.db", replace=True)
    target.close()


def test_a_backup_that_has_no_room_leaves_no_file(small: Database, little_disk: Path) -> None:
    small.run_now(fill)
    small.run_now(partial(place_takes, count=300, first=4))
    with pytest.raises((DiskFullError, UnavailableError), match=r"backup\.db"):
        back_up(small, little_disk / "backup.db")
    assert list(little_disk.iterdir()) == []
