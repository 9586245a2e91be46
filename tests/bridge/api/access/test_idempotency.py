"""Idempotency keys on real routes: a repeat changes nothing and has the same answer, also after a restart."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from musearoo.bridge.api.access.guard import Receive, Scope, Send
from musearoo.bridge.api.access.idempotency import Idempotency, _digest
from musearoo.bridge.api.access.who import SCOPES, Who
from musearoo.bridge.store.database import Database
from tests.bridge.api.jobs.some_sounds import WAV, loop, new_session
from tests.bridge.api.running import RunningServer, people


@pytest.fixture
def client(running: RunningServer) -> Iterator[httpx.Client]:
    """A client of this machine's user."""
    with running.client() as client:
        yield client


def key(name: str) -> dict[str, str]:
    """The header."""
    return {"idempotency-key": name}


def test_a_repeat_is_answered_alike_and_done_once(client: httpx.Client) -> None:
    session = new_session(client)
    path, body = f"/sessions/{session}/generate/drums", {"style": "funk", "bars": 1}
    first, again = (client.post(path, json=body, headers=key("drums-1")) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(client.get(f"/sessions/{session}/takes").json()["items"]) == 1
    packed = client.post(path, json={"style": "funk", "bars": 2}, headers=key("drums-1"))
    assert (packed.status_code, packed.json()["code"]) == (422, "key_reused")
    elsewhere = client.post(f"/sessions/{session}/generate/bass", json=body, headers=key("drums-1"))
    assert elsewhere.status_code == 422, "another path is another request"
    refused = [client.post(path, json={"bars": 0}, headers=key("drums-2")) for _ in range(2)]
    assert [each.status_code for each in refused] == [422, 422]
    assert refused[1].headers["idempotent-replayed"] == "true"


def test_a_key_is_its_users_alone_and_has_a_form(running: RunningServer, client: httpx.Client) -> None:
    with people(running, "ivy") as clients:
        made = [each.post("/sessions", json={}, headers=key("mine")).json()["id"] for each in (client, clients["ivy"])]
        assert made[0] != made[1]
    for wrong in (b"k" * 129, b"tab\there", "é".encode()):
        answer = client.post("/sessions", json={}, headers={b"idempotency-key": wrong})
        assert answer.status_code == 400, wrong
    location = client.post("/sessions", json={}, headers=key("mine"))
    assert (location.status_code, location.headers["location"]) == (201, f"/api/v3/sessions/{made[0]}")


def test_an_upload_counts_by_its_length_and_digest(client: httpx.Client) -> None:
    session, data = new_session(client), loop(seed=21)
    path = f"/sessions/{session}/analyze?place=true"
    headers = {**WAV, **key("upload-1"), "content-digest": "sha-256=:abc=:"}
    first, again = (client.post(path, content=data, headers=headers) for _ in range(2))
    assert again.content == first.raise_for_status().content
    assert client.get(f"/sessions/{session}/set").json()["version"] == 1
    other = client.post(path, content=data, headers={**headers, "content-digest": "sha-256=:def=:"})
    assert other.status_code == 422
    chunked = client.post(path, content=iter([data]), headers={**WAV, **key("upload-2")})
    assert chunked.status_code == 411


def test_a_token_is_made_once_and_its_secret_is_not_kept(client: httpx.Client) -> None:
    first, again = (client.post("/tokens", json={"name": "once"}, headers=key("token-1")) for _ in range(2))
    assert first.status_code == 201
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")
    assert "make another" in again.json()["detail"]
    assert first.json()["token"] not in again.text
    names = [each["name"] for each in client.get("/tokens").json()["items"]]
    assert names.count("once") == 1
    wrong = [client.post("/tokens", json={"name": ""}, headers=key("token-2")) for _ in range(2)]
    assert [each.status_code for each in wrong] == [422, 422]
    assert wrong[1].json() == wrong[0].json()


def test_the_digest_tells_nothing_of_a_password(running: RunningServer, client: httpx.Client) -> None:
    body = {"name": "quinn", "password": "correct horse battery"}
    made = [client.post("/users", json=body, headers=key("user-1")) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    with sqlite3.connect(running.home / "musearoo.db") as database:
        kept = database.execute("SELECT digest FROM idempotency WHERE key = 'user-1'").fetchone()[0]
    sent = made[0].request.read()
    other = sent.replace(b"battery", b"BATTERY")
    digests = [
        _digest({"path": "/api/v3/users", "headers": [(b"content-type", b"application/json")]}, each)
        for each in (sent, other)
    ]
    assert digests == [kept, kept]


def test_who_hangs_up_in_the_middle_of_a_body_has_asked_for_nothing(store: Database) -> None:
    reached: list[bytes] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        reached.append((await receive())["body"])

    async def ask(*messages: dict[str, Any]) -> list[Any]:
        waiting, sent = list(messages), []

        async def receive() -> dict[str, Any]:
            return waiting.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v3/sessions/a/band",
            "headers": [(b"content-type", b"application/json"), (b"idempotency-key", b"k")],
            "state": {"who": Who("ada", "ada", frozenset(SCOPES))},
        }
        await Idempotency(app, store)(scope, receive, send)
        return sent

    gone = {"type": "http.disconnect"}
    for first in ([], [{"type": "http.request", "body": b'{"bars"', "more_body": True}]):
        assert asyncio.run(ask(*first, gone)) == []
    assert reached == []
    asyncio.run(ask({"type": "http.request", "body": b"{}"}, gone))
    assert reached == [b"{}"]


def test_an_answer_after_which_nothing_was_done_is_not_kept(store: Database) -> None:
    statuses = [408, 429, 503, 201, 201]

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": statuses.pop(0), "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def ask() -> int:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"{}"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v3/sessions",
            "headers": [(b"content-type", b"application/json"), (b"idempotency-key", b"k")],
            "state": {"who": Who("ada", "ada", frozenset(SCOPES))},
        }
        await Idempotency(app, store)(scope, receive, send)
        return int(sent[0]["status"])

    assert [asyncio.run(ask()) for _ in range(5)] == [408, 429, 503, 201, 201]
    assert statuses == [201], "the second 201 is the first one's"


def test_of_many_at_once_one_is_done(running: RunningServer, client: httpx.Client) -> None:
    session = new_session(client)
    answers: list[httpx.Response] = []

    def ask() -> None:
        with running.client() as own:
            answers.append(own.post(f"/sessions/{session}/song", json={"seconds": 30}, headers=key("once")))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) <= {200, 409}
    assert codes[0] == 200
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert client.get(f"/sessions/{session}/set").json()["version"] == 1


def test_a_repeat_after_a_restart_is_answered_alike(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        session = new_session(client)
        first = client.post(f"/sessions/{session}/generate/drums", json={"bars": 1}, headers=key("k")).content
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        again = client.post(f"/sessions/{session}/generate/drums", json={"bars": 1}, headers=key("k"))
        assert again.content == first
        assert again.headers["idempotent-replayed"] == "true"
