"""Processes that are killed or hang: what was acknowledged stays, what was asked for is answered, and nothing waits."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.bridge.api.running import RunningServer
from tests.optional import require

require("fastapi", "sqlalchemy")

from tests.bridge.api.resilience.load import Load, make_sessions, require_all_kept, require_clear


def test_a_composer_that_is_killed_is_replaced_and_its_requests_are_answered(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "2") as server, server.client() as client:
        sessions = make_sessions(client, 4)
        with Load(server, sessions) as load:
            for _ in range(3):
                load.wait_for(10)
                os.kill(server.composers[0], signal.SIGKILL)
            load.wait_for(10)
        assert not load.told.broken
        # A command is given to a second composer once; only one that both had may fail, and says so.
        require_clear(load.told)
        assert len(load.told.refused) <= 2
        require_all_kept(client, load.told)


@pytest.mark.long
def test_a_composer_that_hangs_is_replaced(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1", impatient=True) as server, server.client() as client:
        session = make_sessions(client, 1)[0]
        path = f"/sessions/{session}/generate/drummaroo"
        assert client.post(path, json={"bars": 1}).status_code == 200
        os.kill(server.composers[0], signal.SIGSTOP)
        began = time.monotonic()
        refused = client.post(path, json={"bars": 1})
        assert (refused.status_code, refused.json()["code"]) == (503, "expired")
        assert "took too long" in refused.json()["detail"]
        assert time.monotonic() - began < 5.0
        assert client.post(path, json={"bars": 1}).json()["version"] == 2


@pytest.mark.long
def test_a_stopped_composer_that_is_sent_a_large_set_stops_nobody_else(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1", impatient=True) as server, server.client() as client:
        large, small = make_sessions(client, 2)
        for _ in range(4):
            client.post(f"/sessions/{large}/song", json={"seconds": 600}).raise_for_status()
        os.kill(server.composers[0], signal.SIGKILL)
        # A new composer, which does not have the large set.
        assert client.post(f"/sessions/{small}/generate/drummaroo", json={"bars": 1}).status_code == 200
        os.kill(server.composers[0], signal.SIGSTOP)
        with ThreadPoolExecutor() as threads:
            stuck = threads.submit(client.post, f"/sessions/{large}/generate/drummaroo", json={"bars": 1})
            with server.client(timeout=1.0) as other:
                while not stuck.done():
                    assert other.get(f"/sessions/{small}").status_code == 200
                    time.sleep(0.1)
        assert (stuck.result().status_code, stuck.result().json()["code"]) == (503, "expired")
        assert client.post(f"/sessions/{large}/generate/drummaroo", json={"bars": 1}).json()["version"] == 5


@pytest.mark.parametrize("clients", [4, pytest.param(16, marks=pytest.mark.long)])
def test_a_server_that_is_killed_has_all_that_it_acknowledged(tmp_path: Path, clients: int) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "2") as server:
        with server.client() as client:
            sessions = make_sessions(client, 2)
        with Load(server, sessions, clients) as load:
            load.wait_for(40)
            server.kill()
        assert load.told.broken
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        require_all_kept(client, load.told)
        for session in sessions:
            assert client.post(f"/sessions/{session}/generate/bassaroo", json={}).status_code == 200


STALLED = """
CREATE TRIGGER stalled BEFORE {change} BEGIN
  WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 10000000000)
  SELECT max(n) FROM counted;
END
"""
BEFORE_THE_CHANGE = ("INSERT ON steps", "SELECT count(*) FROM idempotency")
BEFORE_THE_ANSWER = ("UPDATE OF status ON idempotency", "SELECT count(done) FROM idempotency")
"""Where a transaction goes on until its server is killed, and what is 1 once the one before it is committed."""
KEY = {"idempotency-key": "k"}


def kill_at(server: RunningServer, moment: tuple[str, str], path: str, body: dict[str, object]) -> None:
    """Send a request with a key, and kill the server in the midst of it."""
    change, is_there = moment
    with (
        contextlib.closing(sqlite3.connect(server.home / "musearoo.db")) as database,
        ThreadPoolExecutor() as threads,
        server.client() as client,
    ):
        database.execute(STALLED.format(change=change))
        lost = threads.submit(client.post, path, json=body, headers=KEY)
        until = time.monotonic() + 20.0
        while database.execute(is_there).fetchone() != (1,):
            assert time.monotonic() < until, "the request did not come so far"
            time.sleep(0.01)
        server.kill()
        with pytest.raises(httpx.HTTPError):
            lost.result()
        database.execute("DROP TRIGGER stalled")


def test_what_a_killed_server_had_not_done_is_done_at_once_and_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server, RunningServer(home, "--composers", "1") as other:
        with server.client() as client:
            path = f"/sessions/{make_sessions(client, 1)[0]}/generate/drummaroo"
        kill_at(server, BEFORE_THE_CHANGE, path, {"bars": 1})
        with other.client() as client:
            done = [client.post(path, json={"bars": 1}, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json()["version"] == 1
    assert done[1].content == done[0].content


@pytest.mark.parametrize("kind", ["generate/drummaroo", "render", ""])
def test_what_a_killed_server_had_done_is_told_and_not_done_twice(tmp_path: Path, kind: str) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server:
        with server.client() as client:
            session = make_sessions(client, 1)[0]
            client.post(f"/sessions/{session}/generate/bassaroo", json={"bars": 1}).raise_for_status()
        path = f"/sessions/{session}/{kind}" if kind else "/sessions"
        kill_at(server, BEFORE_THE_ANSWER, path, {})
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        told = [client.post(path, json={}, headers=KEY) for _ in range(2)]
        assert [(answer.status_code, answer.json()["code"]) for answer in told] == [(409, "done_before")] * 2
        assert told[1].content == told[0].content
        made = client.get(f"{server.url}{told[0].headers['location']}").raise_for_status().json()
        if kind == "generate/drummaroo":
            assert f"version 2 of the set of session {session}" in told[0].json()["detail"]
            assert [step["version"] for step in made["items"]] == [2, 1]
        elif kind == "render":
            assert [each["id"] for each in client.get("/jobs").json()["items"]] == [made["id"]]
        else:
            assert {each["id"] for each in client.get("/sessions").json()["items"]} == {session, made["id"]}


@pytest.mark.long
def test_the_composers_of_a_killed_server_end(tmp_path: Path) -> None:
    import psutil

    with RunningServer(tmp_path / "home", "--composers", "1") as server:
        with server.client() as client:
            make_sessions(client, 1)
        children = [psutil.Process(pid) for pid in server.composers]
        assert children
        server.kill()
        _, alive = psutil.wait_procs(children, timeout=10.0)
        assert alive == []
