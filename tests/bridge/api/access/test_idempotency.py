"""Idempotency keys on real routes: a repeat changes nothing and has the same answer, also after a restart."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from musearoo.bridge.api.access.guard import App, Receive, Scope, Send
from musearoo.bridge.api.access.idempotency import ABANDONED, Idempotency, _digest
from musearoo.bridge.api.access.who import SCOPES, Who
from musearoo.bridge.api.jobs.servers import LiveServers
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.jobs import add_job
from musearoo.bridge.store.records import Job, Session
from musearoo.bridge.store.sessions import add_session
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


def test_who_hangs_up_in_the_middle_of_a_body_has_asked_for_nothing(store: Database, tmp_path: Path) -> None:
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
            "state": {"who": Who("ada", "ada", frozenset(SCOPES)), "request_id": "request"},
        }
        await Idempotency(app, store, LiveServers(tmp_path))(scope, receive, send)
        return sent

    gone = {"type": "http.disconnect"}
    for first in ([], [{"type": "http.request", "body": b'{"bars"', "more_body": True}]):
        assert asyncio.run(ask(*first, gone)) == []
    assert reached == []
    asyncio.run(ask({"type": "http.request", "body": b"{}"}, gone))
    assert reached == [b"{}"]


def test_an_answer_after_which_nothing_was_done_is_not_kept(store: Database, tmp_path: Path) -> None:
    statuses = [408, 429, 503, 201, 201]

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": statuses.pop(0), "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    asked = Asked(store, tmp_path, app)
    answers = [asyncio.run(asked.ask("request")) for _ in range(5)]
    asked.die()
    assert [status for status, _, _ in answers] == [408, 429, 503, 201, 201]
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


class Asked:
    """A server's part for idempotency keys, around an application of the test's own. `die` is a kill's effect."""

    def __init__(self, store: Database, folder: Path, app: App, clock: Callable[[], float] = time.time) -> None:
        servers = LiveServers(folder)
        servers.open()
        self.die = servers.close
        self._idempotency = Idempotency(app, store, servers, clock)

    async def ask(self, request_id: str, path: str = "/api/v3/sessions/a/band") -> tuple[int, dict[bytes, bytes], Any]:
        """Send the request, and return status, headers and body of the answer."""
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"{}"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "headers": [(b"content-type", b"application/json"), (b"idempotency-key", path.encode())],
            "state": {"who": Who("ada", "ada", frozenset(SCOPES)), "request_id": request_id},
        }
        await self._idempotency(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), json.loads(sent[1]["body"])


Serve = Callable[..., Asked]


@pytest.fixture
def serve(store: Database, tmp_path: Path) -> Iterator[Serve]:
    """Makes servers that share a store."""
    with ExitStack() as made:

        def make(app: App, clock: Callable[[], float] = time.time) -> Asked:
            server = Asked(store, tmp_path / "servers", app, clock)
            made.callback(server.die)
            return server

        yield make


async def give_201(send: Send) -> None:
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


def test_a_request_is_under_way_for_as_long_as_its_server_performs_it(serve: Serve) -> None:
    now, performed = [1000.0], []

    async def play() -> None:
        may_end = asyncio.Event()

        async def app(scope: Scope, _receive: Receive, send: Send) -> None:
            performed.append(scope["state"]["request_id"])
            await may_end.wait()
            await give_201(send)

        mine, other = (serve(app, lambda: now[0]) for _ in range(2))
        first = asyncio.create_task(mine.ask("first"))
        while not performed:
            await asyncio.sleep(0.01)
        for server in (mine, other):
            status, headers, problem = await server.ask("second")
            assert (status, problem["code"]) == (409, "under_way")
            assert headers[b"retry-after"] == b"1"
        # An upload may take so long. Another server cannot know it: what comes of the first one is refused then.
        now[0] += 10 * ABANDONED
        assert (await mine.ask("third"))[2]["code"] == "under_way"
        taken_over = asyncio.create_task(other.ask("fourth"))
        while len(performed) < 2:
            await asyncio.sleep(0.01)
        may_end.set()
        assert (await first)[0] == (await taken_over)[0] == (await mine.ask("fifth"))[0] == 201
        assert performed == ["first", "fourth"]

    asyncio.run(play())


def test_the_request_of_a_killed_server_is_done_at_once_unless_it_was_done(store: Database, serve: Serve) -> None:
    performed: list[str] = []

    async def play() -> None:
        async def killed(scope: Scope, _receive: Receive, _send: Send) -> None:
            if scope["path"].endswith("/sessions"):
                session = Session(id="new", owner="ada", name="new", kind="own", made=1.0, changed=1.0)
                await store.run(partial(add_session, session=session))
            elif scope["path"].endswith("/split"):
                job = Job(id="j", user="ada", kind="split", request={}, made=1.0, server="killed")
                await store.run(partial(add_job, job=job))
            await asyncio.Event().wait()

        async def app(scope: Scope, _receive: Receive, send: Send) -> None:
            performed.append(scope["path"])
            await give_201(send)

        paths = ("/api/v3/sessions", "/api/v3/sessions/a/split", "/api/v3/sessions/a/band")
        dead, next_server = serve(killed), serve(app)
        # Never awaited to its end, as of a process that is no more.
        lost = [asyncio.create_task(dead.ask(f"lost {path}", path)) for path in paths]
        await asyncio.sleep(0.3)
        assert [(await next_server.ask("early", path))[0] for path in paths] == [409] * 3
        dead.die()
        told = [await next_server.ask("repeat", path) for path in paths]
        again = [await next_server.ask("again", path) for path in paths]
        assert again[:2] == told[:2]
        assert [each[0] for each in told] == [409, 409, 201]
        assert [each[2].get("code") for each in told] == ["done_before", "done_before", None]
        assert [each[1].get(b"location") for each in told[:2]] == [b"/api/v3/sessions/new", b"/api/v3/jobs/j"]
        assert "job j. GET /api/v3/jobs/j shows it" in told[1][2]["detail"]
        assert performed == [paths[2]]
        for task in lost:
            task.cancel()
        await asyncio.gather(*lost, return_exceptions=True)

    asyncio.run(play())


def test_an_answer_that_fails_after_a_change_is_no_reason_to_change_it_twice(store: Database, serve: Serve) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        session = Session(id="new", owner="ada", name="new", kind="own", made=1.0, changed=1.0)
        await store.run(partial(add_session, session=session))
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def play() -> None:
        server, other = serve(app), serve(app)
        asked = enumerate((server, other, server))
        answers = [await each.ask(f"request {number}", "/api/v3/sessions") for number, each in asked]
        assert [status for status, _, _ in answers] == [500, 409, 409]
        assert answers[1][2]["code"] == "done_before"
        assert answers[2] == answers[1]

    asyncio.run(play())


def test_what_was_asked_of_live_may_be_done_there(store: Database, serve: Serve) -> None:
    session = Session(id="a", owner="ada", name="a", kind="live", live_set="A", made=1.0, changed=1.0)
    store.run_now(partial(add_session, session=session))

    async def play() -> None:
        async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
            await asyncio.Event().wait()

        dead, next_server = serve(app), serve(app)
        lost = asyncio.create_task(dead.ask("lost"))
        await asyncio.sleep(0.2)
        dead.die()
        for _ in range(2):
            status, _, problem = await next_server.ask("repeat")
            assert (status, problem["code"]) == (409, "may_be_done")
            assert "look into the set" in problem["detail"]
        lost.cancel()

    asyncio.run(play())
