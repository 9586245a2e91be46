"""More than can be done: what is new is refused with a time to come back, what is under way is finished."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.bridge.api.running import RunningServer
from tests.optional import require

require("fastapi", "sqlalchemy")
import httpx2 as httpx

from tests.bridge.api.resilience.load import make_sessions, pages

REQUESTS = 1_000


@pytest.mark.long
def test_a_thousand_requests_at_once_are_shed_or_done(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1", "--rate", "1000") as server, server.client() as client:
        sessions = make_sessions(client, 200)
        answers = asyncio.run(_flood(server, sessions))
        statuses = Counter(answer.status_code for answer in answers)
        assert set(statuses) == {200, 503}, statuses
        assert statuses[200] >= 64
        for answer in answers:
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) >= 1
                assert "try again in" in answer.json()["detail"]
        done = dict.fromkeys(sessions, 0)
        for answer in answers:
            if answer.status_code == 200:
                done[answer.json()["takes"][0]["session"]] += 1
        for session in sessions[:20]:
            assert len(pages(client, f"/sessions/{session}/history")) == done[session]
        began = time.monotonic()
        assert client.post(f"/sessions/{sessions[0]}/generate/drummaroo", json={"bars": 1}).status_code == 200
        assert time.monotonic() - began < 2.0
        assert "fault of ours" not in server.log_text


async def _flood(server: RunningServer, sessions: list[str]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=REQUESTS)
    headers = {"authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, limits=limits, timeout=60.0) as client:
        # Bytes that are ready: what is measured is the server, not this client.
        asked = [
            client.post(f"/api/v3/sessions/{sessions[number % len(sessions)]}/generate/drummaroo", json={"bars": 4})
            for number in range(REQUESTS)
        ]
        return list(await asyncio.gather(*asked))


@pytest.mark.long
def test_connections_that_say_nothing_keep_nobody_waiting(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1", impatient=True) as server, server.client() as client:
        client.post("/sessions", json={})
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
        for connection in silent[:100]:
            connection.sendall(b"POST /api/v3/sessions HTTP/1.1\r\nhost: x\r\n")
        began = time.monotonic()
        for _ in range(20):
            assert client.post("/sessions", json={}).status_code == 201
        assert time.monotonic() - began < 2.0
        # They are let go of.
        silent[-1].settimeout(5.0)
        assert silent[-1].recv(10) == b""
        for connection in silent:
            connection.close()
