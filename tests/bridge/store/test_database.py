"""Opening a database, and transactions in it: what is acknowledged is kept, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection, text

from musearoo.bridge.store import database as database_module
from musearoo.bridge.store.address import DATABASE_VARIABLE, default_address, file_address, find_address
from musearoo.bridge.store.database import Database, connect, open_database
from musearoo.bridge.store.engine import make_file
from musearoo.bridge.store.errors import BusyError, OutdatedError, StoreError, UnavailableError
from musearoo.bridge.store.revision import NEWEST, Age, find_age, read_revision
from musearoo.bridge.store.sessions import read_session
from musearoo.bridge.store.steps import append_step, list_steps_after
from musearoo.bridge.store.takes import list_takes
from musearoo.bridge.store.users import add_user, list_users
from tests.bridge.store.postgresql import Server
from tests.bridge.store.some_rows import SONG, begin_song, place_takes, some_id, some_step, some_take, some_user

WRITER = """
import asyncio, sys
from musearoo.bridge.store.database import open_database
from tests.bridge.store.some_rows import begin_song, place_takes
async def write():
    database = open_database(sys.argv[1], make=True)
    await database.run(begin_song)
    for version in range(1, 100_000):
        await database.run(lambda c: place_takes(c, 1, version))
        print(version, flush=True)
asyncio.run(write())
"""
"""A server that writes a step and a take, and says so, until it is killed."""


def where(tmp_path: Path) -> Path:
    return tmp_path / "home" / "musearoo.db"


def test_the_first_start_makes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = where(tmp_path)
    old = os.umask(0)
    try:
        database = open_database(file_address(path), make=True)
    finally:
        os.umask(old)
    database.run_now(begin_song)
    assert database.read_now(read_revision) == NEWEST
    files = sorted(path.parent.iterdir())
    assert [each.name for each in files] == ["musearoo.db", "musearoo.db-shm", "musearoo.db-wal"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    database.close()
    assert [each.name for each in path.parent.iterdir()] == ["musearoo.db"]
    again = open_database(file_address(path), make=True)
    assert again.read_now(partial(read_session, session=SONG)).name == "song 10"
    again.close()


def test_connections_have_the_settings_that_keep_data_safe(small: Database) -> None:
    def ask(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert small.run_now(ask) == ["wal", 1, 1, 2000, 1]
    assert small.read_now(ask) == ["wal", 1, 1, 2000, 1]


def test_all_tables_of_sqlite_are_strict(small: Database) -> None:
    def ask(connection: Connection) -> set[str]:
        rows = connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict")
        return {name for (name,) in rows if not name.startswith("sqlite_")}

    assert small.read_now(ask) == {"alembic_version"}


def test_an_empty_postgresql_is_left_to_the_upgrade(server: Server) -> None:
    with pytest.raises(OutdatedError, match=r"^postgresql://.* has no tables yet: run musearoo db upgrade\.$"):
        open_database(server.make_database(), make=True)


def test_other_tables_than_this_programs_are_refused_in_a_sentence(address: str) -> None:
    cases = {
        "UPDATE alembic_version SET version_num = '0000'": "newer MuseAroo (0000): install that one",
        "DELETE FROM alembic_version": "belongs to another program: name another with --database",
    }
    for statement, sentence in cases.items():
        database = connect(address)
        database.run_now(lambda c, s=statement: c.execute(text(s)))  # type: ignore[misc]
        database.close()
        with pytest.raises(OutdatedError) as caught:
            open_database(address, make=True)
        assert sentence in str(caught.value)


def test_older_tables_ask_for_an_upgrade(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musearoo.bridge.store.revision.REVISIONS", ("0001", "0002"))
    monkeypatch.setattr("musearoo.bridge.store.revision.NEWEST", "0002")
    with pytest.raises(OutdatedError, match=r"older MuseAroo \(0001\): run musearoo db upgrade\.$"):
        open_database(address, make=True)


def test_several_may_open_a_new_file_in_the_same_moment(tmp_path: Path) -> None:
    # SQLite itself refuses one or another of them in every second round.
    for number in range(25):
        path = tmp_path / f"{number}.db"
        make_file(path)
        databases = [connect(file_address(path)) for _ in range(4)]
        at_once = threading.Barrier(len(databases))

        def open_it(database: Database, at_once: threading.Barrier = at_once) -> Age:
            at_once.wait()
            return database.read_now(find_age)

        with ThreadPoolExecutor(len(databases)) as threads:
            assert set(threads.map(open_it, databases)) == {Age.EMPTY}
        for database in databases:
            database.close()


def test_several_processes_may_make_the_file_at_once(tmp_path: Path) -> None:
    ask = "import sys; from musearoo.bridge.store.database import open_database; open_database(sys.argv[1], make=True)"
    words = [sys.executable, "-c", ask, file_address(where(tmp_path))]
    children = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(4)]
    said = [child.communicate(timeout=60)[1] for child in children]
    assert said == [b""] * 4
    database = connect(file_address(where(tmp_path)))
    assert database.read_now(find_age) is Age.NEWEST
    database.close()


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "musearoo.db"
    with pytest.raises(UnavailableError, match=r"There is no database .*: run musearoo db upgrade to make it"):
        open_database(file_address(path), make=False)
    assert not path.exists()
    path.mkdir()
    with pytest.raises(UnavailableError, match="is no file: name another with"):
        open_database(file_address(path), make=True)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(UnavailableError, match="is no file"):
        open_database(file_address(path), make=True)
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="cannot be made"):
        open_database(file_address(tmp_path / "file" / "musearoo.db"), make=True)


def test_a_file_that_is_moved_away_does_not_come_back_empty(small: Database) -> None:
    path = small.file
    assert path is not None
    small.engine.dispose()
    path.rename(path.with_name("other"))
    with pytest.raises(UnavailableError, match="unable to open database file"):
        small.run_now(begin_song)
    assert not path.exists()


def test_addresses_are_the_users_the_environments_the_settings_or_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MUSEAROO_HOME", str(tmp_path))
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    assert find_address() == default_address() == f"sqlite:///{tmp_path}/musearoo.db"
    (tmp_path / "settings.yaml").write_text("database: postgresql://here/settings\n")
    assert find_address() == "postgresql://here/settings"
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://studio/music")
    assert find_address() == "postgresql://studio/music"
    assert find_address("sqlite:////tmp/mine.db") == "sqlite:////tmp/mine.db"


def test_wrong_addresses_say_what_is_expected_and_no_password_is_told() -> None:
    cases = {
        "musearoo.db": "no address of a database: give postgresql://USER@HOST/NAME or sqlite:///FILE",
        "mysql://root@host/db": "does not know mysql databases",
        "sqlite://": "SQLite needs a file",
        "sqlite:///:memory:": "SQLite needs a file",
        "sqlite:////tmp/a.db?mode=ro": "without options",
        "postgresql://host:port/x": "no address of a database",
        "postgresql://host/x?port=x": "no address of a database",
    }
    for address, sentence in cases.items():
        with pytest.raises(StoreError) as caught:
            connect(address)
        assert sentence in str(caught.value)
    with pytest.raises(UnavailableError) as refused:
        open_database("postgresql://ann:secret@127.0.0.1:1/music", make=False)
    assert "secret" not in str(refused.value)
    assert "postgresql://ann:***@127.0.0.1:1/music cannot be used" in str(refused.value)
    with pytest.raises(UnavailableError) as refused:
        open_database("postgresql:///music?user=ann&password=secret&host=127.0.0.1&port=1", make=False)
    assert "secret" not in str(refused.value)
    assert "postgresql:///music?host=127.0.0.1&port=1 cannot be used" in str(refused.value)


def test_options_of_an_address_that_libpq_does_not_take_are_said() -> None:
    for option in ("nonsense=1", "connect_timeout=soon", "sslmode=perhaps", "password=a&password=b"):
        with pytest.raises(UnavailableError, match="cannot be used"):
            open_database(f"postgresql://ann@127.0.0.1:1/music?{option}", make=False)


def test_readers_do_not_wait_for_a_writer(small: Database) -> None:
    small.run_now(begin_song)

    async def both() -> int:
        began, go_on = threading.Event(), threading.Event()

        def write(connection: Connection) -> None:
            place_takes(connection, 1)
            began.set()
            assert go_on.wait(10)

        writing = asyncio.create_task(small.run(write))
        while not began.is_set():
            await asyncio.sleep(0.001)
        seen = await small.read(partial(read_session, session=SONG))
        go_on.set()
        await writing
        return seen.version

    assert asyncio.run(both()) == 0
    assert small.read_now(partial(read_session, session=SONG)).version == 1


def test_a_locked_database_is_said_to_be_busy_and_works_again(small: Database) -> None:
    small.run_now(begin_song)
    small.run_now(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(small.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def ask() -> None:
        started = time.monotonic()
        with pytest.raises(
            BusyError, match=r"musearoo.db is locked by another program or overloaded \(database is lock"
        ):
            await small.run(partial(place_takes, count=1))
        assert time.monotonic() - started < 2
        # Reading goes on.
        assert (await small.read(partial(read_session, session=SONG))).version == 0
        other.execute("ROLLBACK")
        await small.run(partial(place_takes, count=1))

    asyncio.run(ask())
    other.close()
    assert small.read_now(partial(read_session, session=SONG)).version == 1


def test_those_who_wait_too_long_or_are_too_many_are_sent_away(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.run_now(begin_song)
    monkeypatch.setattr(database_module, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(database_module, "QUEUED", 5)

    async def ask() -> list[str]:
        go_on = threading.Event()
        slow = asyncio.create_task(small.run(lambda _c: go_on.wait(10)))
        late = [asyncio.create_task(small.run(partial(place_takes, count=1))) for _ in range(6)]
        await asyncio.sleep(0.1)
        go_on.set()
        assert await slow
        return [str(error) for error in await asyncio.gather(*late, return_exceptions=True)]

    said = asyncio.run(ask())
    assert sum("has 5 requests waiting" in each for each in said) == 2
    assert sum("locked by another program or overloaded" in each for each in said) == 4
    assert small.read_now(partial(read_session, session=SONG)).version == 0


def test_a_request_that_is_given_up_while_it_waits_is_not_performed(small: Database) -> None:
    small.run_now(begin_song)

    async def ask() -> None:
        go_on = threading.Event()
        slow = asyncio.create_task(small.run(lambda _c: go_on.wait(10)))
        await asyncio.sleep(0.01)
        given_up = asyncio.create_task(small.run(partial(place_takes, count=1)))
        await asyncio.sleep(0.01)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        go_on.set()
        await slow

    asyncio.run(ask())
    assert small.read_now(partial(read_session, session=SONG)).version == 0


@pytest.mark.skipif(os.name != "posix", reason="Windows has no kill -9")
def test_what_was_acknowledged_is_there_after_a_kill(address: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(60)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout if line.endswith("\n")]
    child.wait(10)
    child.stdout.close()
    database = open_database(address, make=False)
    kept = database.read_now(partial(list_steps_after, session=SONG, version=0))
    assert [step.version for step in kept][: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) in (0, 1)
    takes = database.read_now(partial(list_takes, session=SONG, limit=500))
    assert [take.step for take in takes][::-1] == [step.version for step in kept]
    if database.is_sqlite:
        assert database.read_now(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"
    database.close()


def test_postgresql_that_restarts_loses_nothing_and_is_found_again(server: Server) -> None:
    address = server.make_database("musearoo_template")
    database = open_database(address, make=False)
    database.run_now(begin_song)
    acknowledged: list[int] = []
    failed: list[StoreError] = []

    async def write() -> None:
        while True:
            version = (acknowledged or [0])[-1] + 1
            try:
                await database.run(partial(append_step, step=some_step(version), made=[some_take(100 + version)]))
                acknowledged.append(version)
            except StoreError as error:
                failed.append(error)
                # It may have been performed though its answer was lost.
                if "so that no step" in str(error):
                    acknowledged.append(version)
                await asyncio.sleep(0.02)

    async def restart() -> None:
        writing = asyncio.create_task(write())
        await asyncio.sleep(0.2)
        await asyncio.to_thread(server.kill)
        await asyncio.sleep(0.1)
        await asyncio.to_thread(server.start)
        before = len(acknowledged)
        async with asyncio.timeout(10):
            while len(acknowledged) < before + 5:
                await asyncio.sleep(0.02)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

    asyncio.run(restart())
    assert failed
    assert all("cannot be used" in str(each) or "so that no step" in str(each) for each in failed)
    kept = [step.version for step in database.read_now(partial(list_steps_after, session=SONG, version=0))]
    assert kept[: len(acknowledged)] == acknowledged
    database.close()


def test_a_restart_between_two_requests_is_not_noticed(server: Server) -> None:
    database = open_database(server.make_database("musearoo_template"), make=False)
    database.run_now(begin_song)
    server.kill()
    server.start()
    assert len(database.read_now(list_users)) == 2
    database.close()


def test_a_lock_of_postgresql_is_not_waited_for_long(server: Server) -> None:
    address = server.make_database("musearoo_template")
    first, second = (open_database(address, make=False) for _ in range(2))
    first.run_now(begin_song)

    def hurry(connection: Connection) -> None:
        connection.execute(text("SET LOCAL lock_timeout = 50"))
        place_takes(connection, 1)

    def hold(connection: Connection) -> None:
        place_takes(connection, 1)
        with pytest.raises(BusyError, match="lock timeout"):
            second.run_now(hurry)

    first.run_now(hold)
    first.close()
    second.close()


def test_users_are_listed_sanely_when_the_clock_goes_back(database: Database) -> None:
    for number in (5, 6, 2, 3):
        database.run_now(partial(add_user, user=some_user(number)))
    first = database.read_now(partial(list_users, limit=3))
    rest = database.read_now(partial(list_users, limit=3, after=first[-1].id))
    assert [user.id for user in (*first, *rest)] == [some_id(number) for number in (6, 5, 3, 2)]
