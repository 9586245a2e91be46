"""Stores that break under the server: locked, full, damaged, restarted, shared with another one; and wrong clocks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bridge.api.running import RunningServer
from tests.bridge.store.conftest import server
from tests.bridge.store.postgresql import TEMPLATE, Server
from tests.optional import require

require("fastapi", "sqlalchemy", "psycopg")
import httpx2 as httpx

from tests.bridge.api.resilience.load import (
    Load,
    Told,
    make_sessions,
    pages,
    require_all_kept,
    require_clear,
    wait_until,
)

__all__ = ["server"]

DAY = 86_400.0
PAUSE = 0.1
"""Seconds between two requests of a client, where two servers take turns: without, the faster one has them all."""


def test_a_locked_store_is_said_and_waited_for(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as running, running.client() as client:
        session = make_sessions(client, 1)[0]
        path = f"/sessions/{session}/generate/drummaroo"
        assert client.post(path, json={"bars": 1}).status_code == 200
        other = sqlite3.connect(home / "musearoo.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = client.post(path, json={"bars": 1})
        assert (refused.status_code, refused.json()["code"]) == (503, "store_busy")
        assert refused.json()["detail"] == "The store is locked or overloaded: try again in a moment."
        assert refused.headers["retry-after"] == "2"
        # Reading goes on.
        assert client.get(f"/sessions/{session}").json()["version"] == 1
        other.execute("ROLLBACK")
        other.close()
        assert client.post(path, json={"bars": 1}).json()["version"] == 2
        assert client.post(f"/sessions/{session}/undo").status_code == 200
        assert "fault of ours" not in running.log_text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    words = [mount, "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_keeps_what_there_is_and_says_so(small_disk: Path) -> None:
    home = small_disk / "home"
    with RunningServer(home, "--composers", "1") as running, running.client() as client:
        session = make_sessions(client, 1)[0]
        path = f"/sessions/{session}/song"
        told = Told({session: []})
        (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free - 600_000))
        for _ in range(200):
            answer = client.post(path, json={"seconds": 60})
            if answer.status_code != 200:
                break
            told.acknowledged[session].append((answer.json()["version"], answer.json()["takes"][0]["id"]))
        assert (answer.status_code, answer.json()["code"]) == (507, "disk_full"), answer.text
        assert "free some space" in answer.json()["detail"]
        assert str(small_disk) not in answer.text
        # What is there can be read, by token, too, and nothing is half done.
        state = client.get(f"/sessions/{session}").json()
        assert state["version"] == told.count
        assert client.get(f"/sessions/{session}/takes").status_code == 200
        (small_disk / "filler").unlink()
        again = client.post(path, json={"seconds": 60})
        assert (again.status_code, again.json()["version"]) == (200, told.count + 1)
        steps = pages(client, f"/sessions/{session}/history")
        assert [step["version"] for step in steps] == list(range(told.count + 1, 0, -1))


@pytest.mark.long
def test_a_store_that_is_damaged_meanwhile_is_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as running, running.client() as client:
        session = make_sessions(client, 1)[0]
        assert client.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1}).status_code == 200
        # Another program writes, so that nothing is answered from what is remembered of the file.
        other = sqlite3.connect(home / "musearoo.db", isolation_level=None)
        other.execute("UPDATE sessions SET name = name")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        path = home / "musearoo.db"
        with path.open("r+b") as file:
            file.seek(4_096)
            file.write(os.urandom(path.stat().st_size - 4_096))
        for _ in range(3):
            answers = [
                client.get("/sessions"),
                client.post("/sessions", json={}),
                client.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1}),
                client.get(f"/sessions/{session}/history"),
            ]
        for answer in answers:
            assert answer.status_code in (500, 503), answer.text
            assert answer.json()["code"] in ("store_damaged", "store", "store_busy")
            assert answer.json()["detail"].endswith((".", ")."))
        assert client.get(f"{running.url}/healthz").status_code == 200
        assert client.get(f"{running.url}/readyz").status_code in (500, 503)
        assert running.stop() == 0


def test_two_servers_change_one_session_and_lose_nothing(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'shared' / 'musearoo.db'}"
    with (
        RunningServer(tmp_path / "one", "--composers", "1", database=address) as one,
        RunningServer(tmp_path / "two", "--composers", "1", database=address) as two,
        one.client() as client,
    ):
        session = make_sessions(client, 1)
        with Load(one, session, clients=2, pause=PAUSE) as first, Load(two, session, clients=2, pause=PAUSE) as second:
            first.wait_for(15)
            second.wait_for(15)
        _require_shared(client, session[0], first.told, second.told)


def _require_shared(client: httpx.Client, session: str, first: Told, second: Told) -> None:
    told = Told({session: first.acknowledged[session] + second.acknowledged[session]})
    for each in (first, second):
        assert not each.broken
        require_clear(each)
    # A server learns of the other's changes with the next one of its own.
    last = client.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1}).json()
    told.acknowledged[session].append((last["version"], last["takes"][0]["id"]))
    require_all_kept(client, told)


def test_a_restarted_postgresql_loses_nothing(server: Server, tmp_path: Path) -> None:
    address = server.make_database(TEMPLATE)
    with RunningServer(tmp_path / "home", "--composers", "1", database=address) as running, running.client() as client:
        sessions = make_sessions(client, 2)
        with Load(running, sessions, clients=3) as load:
            load.wait_for(15)
            server.kill()
            wait_until(lambda: len(load.told.refused) > 3)
            server.start()
            load.wait_for(15)
        assert not load.told.broken
        require_clear(load.told)
        require_all_kept(client, load.told)
        assert "fault of ours" not in running.log_text


@pytest.mark.long
def test_two_servers_on_one_postgresql_lose_nothing(server: Server, tmp_path: Path) -> None:
    address = server.make_database(TEMPLATE)
    with (
        RunningServer(tmp_path / "one", "--composers", "1", database=address) as one,
        RunningServer(tmp_path / "two", "--composers", "1", database=address) as two,
        one.client() as client,
    ):
        session = make_sessions(client, 1)
        with Load(one, session, clients=3, pause=PAUSE) as first, Load(two, session, clients=3, pause=PAUSE) as second:
            first.wait_for(50)
            second.wait_for(50)
        _require_shared(client, session[0], first.told, second.told)


def test_a_clock_that_jumps_changes_no_order(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1", clock=clock) as running, running.client() as client:
        session = make_sessions(client, 1)[0]
        for offset in (-3_600.0, 2 * DAY, -400 * DAY):
            clock.write_text(str(offset))
            before = client.get(f"/sessions/{session}").json()["version"]
            for number in (1, 2):
                done = client.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1})
                assert (done.status_code, done.json()["version"]) == (200, before + number), offset
            assert client.post(f"/sessions/{session}/undo").json()["version"] == before + 3
            assert client.post(f"/sessions/{session}/redo").json()["version"] == before + 4
            assert make_sessions(client, 1)[0] in client.get("/sessions", params={"limit": 200}).text
        clock.write_text("0")
        takes = pages(client, f"/sessions/{session}/takes")
        assert [take["number"] for take in takes] == list(range(len(takes), 0, -1))
