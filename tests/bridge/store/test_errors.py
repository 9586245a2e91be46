"""What drivers raise, as sentences: full disks, damaged files, values that no database keeps."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection, exc, text

from musearoo.bridge.store.database import Database, open_database
from musearoo.bridge.store.errors import (
    ConflictError,
    CorruptError,
    DiskFullError,
    MissingError,
    OutdatedError,
    RefusedError,
    UnavailableError,
)
from musearoo.bridge.store.sessions import add_session, read_session
from musearoo.bridge.store.steps import append_step, list_steps_after
from musearoo.bridge.store.takes import read_take
from musearoo.bridge.store.users import add_user
from tests.bridge.store.some_rows import SONG, begin_song, place_takes, some_session, some_step, some_take, some_user


def fill(database: Database) -> int:
    """Write until the disk is full; returns how many steps were acknowledged."""
    database.run_now(begin_song)
    version = 0

    async def write() -> None:
        nonlocal version
        while version < 2_000:
            await database.run(partial(place_takes, count=1, first=version + 1))
            version += 1

    with pytest.raises(DiskFullError, match=r"disk of .* is full .*: nothing was changed; free some space"):
        asyncio.run(write())
    return version


def test_a_full_database_keeps_what_it_has(small: Database) -> None:
    for _ in range(2):
        # On each connection that may write.
        small.run_now(lambda c: c.exec_driver_sql("PRAGMA max_page_count=200"))
    version = fill(small)
    assert 10 < version < 200
    kept = small.read_now(partial(list_steps_after, session=SONG, version=0))
    assert [step.version for step in kept] == list(range(1, version + 1))
    small.run_now(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    small.run_now(partial(place_takes, count=1, first=version + 1))


def test_a_full_disk_is_said_and_space_helps(little_disk: Path) -> None:
    database = open_database(f"sqlite:///{little_disk / 'musearoo.db'}", make=True)
    (little_disk / "other").write_bytes(bytes(300_000))
    version = fill(database)
    assert database.read_now(partial(read_session, session=SONG)).version == version
    (little_disk / "other").unlink()
    database.run_now(partial(place_takes, count=1, first=version + 1))
    assert database.read_now(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"
    database.close()


def test_damaged_files_are_said_to_be(small: Database) -> None:
    small.run_now(begin_song)
    small.run_now(partial(place_takes, count=50))
    path = small.file
    assert path is not None
    small.close()
    whole = path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(whole[:half] + os.urandom(len(whole) - half))
    damaged = open_database(f"sqlite:///{path}", make=True)
    with pytest.raises(CorruptError, match=r"musearoo.db is damaged, or no database .* \(musearoo db restore FILE\)"):
        damaged.read_now(partial(list_steps_after, session=SONG, version=0))
    damaged.close()
    for content in (os.urandom(5000), b"SQLite format 3\0" + bytes(200), whole[:2000]):
        path.write_bytes(content)
        with pytest.raises((CorruptError, OutdatedError), match=r"musearoo\.db"):
            open_database(f"sqlite:///{path}", make=True)
        assert path.read_bytes() == content


def test_a_file_that_may_only_be_read_is_said_to_be(small: Database) -> None:
    small.run_now(lambda c: c.exec_driver_sql("PRAGMA query_only=ON"))
    with pytest.raises(
        UnavailableError, match=r"cannot be used .*readonly.*: see that it runs and may be read and written"
    ):
        small.run_now(begin_song)


def test_values_that_no_database_keeps_are_refused(database: Database) -> None:
    database.run_now(begin_song)
    wrong = {
        "a surrogate": partial(append_step, step=some_step(1, label="\ud800")),
        "a seed of 70 bits": partial(append_step, step=some_step(1), made=[some_take(seed=2**70)]),
        "a surrogate in JSON": partial(append_step, step=some_step(1), made=[some_take(params={"a": "\ud800"})]),
        "NUL": partial(append_step, step=some_step(1, label="a\0b")),
        "NUL in JSON": partial(append_step, step=some_step(1), made=[some_take(params={"a": "\\\0"})]),
        "a time beyond the calendar": partial(append_step, step=some_step(1, made=1e30)),
    }
    for name, work in wrong.items():
        with pytest.raises(RefusedError, match="cannot keep this value") as caught:
            database.run_now(work)
        assert database.read_now(partial(read_session, session=SONG)).version == 0, (name, str(caught.value))
    database.run_now(partial(append_step, step=some_step(1), made=[some_take(params={"a": r"\u0000"})]))
    assert database.read_now(partial(read_take, take=some_take().id)).params == {"a": r"\u0000"}


def test_rows_that_belong_to_nothing_and_doubles_are_told_apart(database: Database) -> None:
    with pytest.raises(MissingError, match="not there any more"):
        database.run_now(partial(add_session, session=some_session()))
    database.run_now(begin_song)
    with pytest.raises(ConflictError, match="exists already"):
        database.run_now(partial(add_user, user=some_user(3, name="Ann")))
    with pytest.raises(RefusedError, match="cannot keep"):
        database.run_now(lambda c: c.execute(text("UPDATE sessions SET kind = 'none'")))


def test_bugs_of_ours_stay_bugs(database: Database) -> None:
    def ask(connection: Connection) -> None:
        connection.execute(text("SELEKT 1"))

    with pytest.raises(exc.SQLAlchemyError, match="SELEKT"):
        database.run_now(ask)
