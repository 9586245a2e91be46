"""The live connection against a real server: events, requests, a lost connection, and the end."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.optional import require

require("fastapi", "httpx2", "sqlalchemy", "websockets")

from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from musearoo.bridge.api.types.answers import SetChanges
from musearoo.bridge.api.types.events import SessionClosed, SetChanged
from musearoo.bridge.api.types.frames import MSGPACK_PROTOCOL, RestAnswer, Welcome
from musearoo.bridge.api.types.requests import Generate, Undo
from musearoo.client import AsyncClient, AsyncLive, Client, ClientError
from tests.bridge.api.running import RunningServer
from tests.musearoo.client.cutting import CuttingProxy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from musearoo.bridge.api.types.events import AnyEvent

WITHIN = 10.0
BASS = Generate(engine="bass", style="house", bars=1, seed=1)
HELLO = Welcome(session="s", user="u", role="owner", version=0, people=(), changes=SetChanges(version=0, whole=True))
WELCOME = msgspec.msgpack.encode(("welcome", 0, HELLO))
PROBLEM = {"title": "T", "status": 503, "detail": "Not now.", "code": "busy"}


def first_change(events: Iterable[AnyEvent]) -> SetChanged:
    return next(event for event in events if isinstance(event, SetChanged))


def test_requests_are_answered_and_seen_by_all(running: RunningServer) -> None:
    with Client(running.url, token=running.token) as client:
        session = client.session(client.create_session())
        with session.live() as one, session.live() as two:
            assert (one.welcome.version, one.welcome.changes.whole, one.welcome.role) == (0, True, "owner")
            done = one.do(BASS).result(WITHIN)
            assert (done.do, len(done.takes), done.version) == ("generate", 1, 1)
            for live in (one, two):
                change = first_change(live)
                assert (change.sentence, change.changes.version, live.version) == (done.sentence, 1, 1)
            with pytest.raises(ClientError, match="engine must be one of") as raised:
                one.do(Generate(engine="kazoo")).result(WITHIN)
            assert raised.value.code == "bad_parameter"
            session.undo()
            assert first_change(two).do == "undo"
        with pytest.raises(ClientError, match="has ended"):
            one.do(BASS).result(WITHIN)


def test_many_requests_at_once_each_have_their_own_answer(running: RunningServer) -> None:
    async def work() -> None:
        async with AsyncClient(running.url, token=running.token) as client:
            session = client.session(await client.create_session())
            async with session.live() as live:
                asked = [live.do(Generate(engine="bass", bars=1, seed=seed)) for seed in range(12)]
                outcomes = await asyncio.wait_for(asyncio.gather(*asked), WITHIN)
                assert [outcome.takes[0].seed for outcome in outcomes] == list(range(12))
                cancelled = live.do(Generate(engine="bass", bars=64))
                cancelled.cancel()
                assert (await asyncio.wait_for(live.do(Undo()), WITHIN)).do == "undo"

    asyncio.run(work())


def test_a_turned_parameter_plays_a_take_again(running: RunningServer) -> None:
    with Client(running.url, token=running.token) as client:
        session = client.session(client.create_session())
        take = session.generate("drums", style="funk", bars=1, seed=5).takes[0]
        with session.live() as live:
            preview = live.turn(take.id, complexity=1.0).result(WITHIN)
            assert session.read().version == 1
            done = live.turn(take.id, complexity=1.0, final=True).result(WITHIN)
            assert session.read().version == 2
            assert preview.takes[0].notes == client.read_take(done.takes[0].id).notes


def test_a_client_chooses_its_events_and_reads_who_did_what(running: RunningServer) -> None:
    with Client(running.url, token=running.token) as client:
        session = client.session(client.create_session())
        with session.live(events=("people",)) as live:
            take = live.do(BASS).result(WITHIN).takes[0].id
            live.subscribe(("set",)).result(WITHIN)
            live.do(Undo()).result(WITHIN)
            assert first_change(live).do == "undo", "the first change was not told"
        with session.live(since=0) as live:
            assert [(step.do, step.by, step.takes) for step in live.welcome.feed] == [
                ("generate", "local", (take,)),
                ("undo", "local", ()),
            ]


def test_after_a_lost_connection_it_goes_on_where_it_was(running: RunningServer) -> None:
    with (
        CuttingProxy(running.port) as proxy,
        Client(proxy.url, token=running.token) as client,
        Client(running.url, token=running.token) as other,
    ):
        session = client.session(client.create_session())
        with session.live() as live:
            live.do(BASS).result(WITHIN)
            assert first_change(live).changes.version == 1
            proxy.cut()
            other.session(session.id).generate("drums", bars=1)
            missed = first_change(live)
            assert (missed.changes.version, missed.changes.whole) == (2, False)
            assert [clip.name for clip in missed.changes.clips] != []
            assert live.do(Undo()).result(WITHIN).version == 3


def test_what_was_under_way_fails_when_the_connection_is_lost(running: RunningServer) -> None:
    async def work() -> None:
        with CuttingProxy(running.port) as proxy:
            async with AsyncClient(proxy.url, token=running.token) as client:
                session = client.session(await client.create_session())
                async with session.live() as live:
                    proxy.swallow = 1
                    with pytest.raises(ClientError, match="was lost before the answer came"):
                        await asyncio.wait_for(live.do(BASS), WITHIN)

    asyncio.run(work())


def test_a_closed_session_ends_the_events(running: RunningServer) -> None:
    with Client(running.url, token=running.token) as client:
        session = client.session(client.create_session())
        with session.live() as live:
            session.close()
            assert isinstance(list(live)[-1], SessionClosed)


def test_what_was_under_way_fails_when_the_session_is_closed() -> None:
    """The server says that the session was closed, and hangs up without an answer to the request."""
    closed = msgspec.msgpack.encode(("event", 0, {"event": "closed", "sentence": "Closed."}))
    newer = msgspec.msgpack.encode(("event", 0, {"event": "of_a_newer_server", "what": 1}))

    async def serve(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(WELCOME)
        await socket.recv()
        await socket.send(newer)
        await socket.send(closed)

    async def work(live: AsyncLive) -> None:
        asked = live.do(BASS)
        with pytest.raises(ClientError, match="connection has ended"):
            await asyncio.wait_for(asked, WITHIN)
        assert [type(event) async for event in live] == [SessionClosed]

    asyncio.run(_with_live(serve, work))


def test_a_request_while_it_connects_again_fails_at_once() -> None:
    connections: list[list[str]] = []

    async def serve(socket: ServerConnection) -> None:
        seen: list[str] = []
        connections.append(seen)
        seen.append(msgspec.msgpack.decode(await socket.recv(decode=False))[0])
        await asyncio.sleep(0.1)
        if len(connections) == 2:
            return
        await socket.send(WELCOME)
        if len(connections) == 1:
            return
        while True:
            type, id, _ = msgspec.msgpack.decode(await socket.recv(decode=False))
            seen.append(type)
            await socket.send(msgspec.msgpack.encode(("problem", id, PROBLEM)))

    async def work(live: AsyncLive) -> None:
        async def ask_until_answered() -> str:
            while True:
                try:
                    await live.do(BASS)
                except ClientError as error:
                    if error.code != "connection_lost":
                        return error.code
                await asyncio.sleep(0.01)

        assert await asyncio.wait_for(ask_until_answered(), WITHIN) == "busy"
        assert connections == [["hello"], ["hello"], ["hello", "do"]]

    asyncio.run(_with_live(serve, work))


def test_changes_that_were_not_told_come_as_the_whole_set() -> None:
    """As where another server of the same database has made them."""

    async def serve(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(WELCOME)
        for version in (1, 3):
            event = SetChanged(changes=SetChanges(version=version), do="generate")
            await socket.send(msgspec.msgpack.encode(("event", 0, event)))
        type, id, body = msgspec.msgpack.decode(await socket.recv(decode=False))
        assert (type, body["path"]) == ("rest", "/sessions/s/set")
        whole = RestAnswer(status=200, body=SetChanges(version=3, whole=True))
        await socket.send(msgspec.msgpack.encode(("rest", id, whole)))
        await socket.wait_closed()

    async def work(live: AsyncLive) -> None:
        async def first_three() -> list[tuple[int, bool]]:
            seen = [(await anext(live)) for _ in range(3)]
            return [(each.changes.version, each.changes.whole) for each in seen if isinstance(each, SetChanged)]

        assert await asyncio.wait_for(first_three(), WITHIN) == [(1, False), (3, False), (3, True)]

    asyncio.run(_with_live(serve, work))


def test_a_busy_server_is_not_taken_for_a_wrong_proxy() -> None:
    def refuse(socket: ServerConnection, _: Request) -> Response:
        answer = socket.respond(503, "busy")
        answer.headers["Retry-After"] = "3"
        return answer

    async def work(_: AsyncLive) -> None:
        raise AssertionError

    async def serve(_: ServerConnection) -> None:
        raise AssertionError

    with pytest.raises(ClientError, match=r"is busy or starts again \(status 503\)") as raised:
        asyncio.run(_with_live(serve, work, process_request=refuse))
    assert (raised.value.code, raised.value.retry_after) == ("overloaded", 3.0)


async def _with_live(
    serving: Callable[[ServerConnection], Awaitable[None]], work: Callable[[AsyncLive], Awaitable[None]], **more: Any
) -> None:
    """Run a server of one's own, and what a live connection to it does."""
    async with serve(serving, "127.0.0.1", 0, subprotocols=[Subprotocol(MSGPACK_PROTOCOL)], **more) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with AsyncClient(f"http://127.0.0.1:{port}", token="t") as client, client.session("s").live() as live:
            await work(live)


def test_by_tls_rest_and_live_trust_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    certificate, key = tmp_path / "a.crt", tmp_path / "a.key"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words.split(), *names], check=True, capture_output=True)
    home = tmp_path / "home"
    with RunningServer(home, "--certificate", str(certificate), "--certificate-key", str(key)) as server:
        url = f"https://127.0.0.1:{server.port}"
        with Client(url, token=server.token, certificate=str(certificate)) as client:
            session = client.create_session()
            with client.session(session).live() as live:
                assert live.welcome.role == "owner"
        with Client(url, token=server.token) as client:
            for ask in (client.list_styles, client.session(session).live().__enter__):
                with pytest.raises(ClientError, match="cannot be trusted"):
                    ask()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with Client(url, token=server.token) as client, client.session(session).live() as live:
            assert live.welcome.role == "owner"


def test_who_may_not_is_told_why(running: RunningServer) -> None:
    with Client(running.url, token="wrong") as client, pytest.raises(ClientError) as raised:
        client.session("s").live().__enter__()
    assert raised.value.code == "unauthorized"
    with Client(running.url, token=running.token) as client, pytest.raises(ClientError, match="no such session"):
        client.session("s").live().__enter__()
    with Client("http://127.0.0.1:9", token="") as client, pytest.raises(ClientError, match="Nothing answers"):
        client.session("s").live().__enter__()
