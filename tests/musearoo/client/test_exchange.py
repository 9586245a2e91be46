"""Requests and answers as data: what is sent, what a failed answer means, which calls are tried again."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.each_case import each_case
from tests.optional import require

httpx2 = require("httpx2", "websockets")

from musearoo.bridge.api.types.sessions import SessionState
from musearoo.client import NEVER, AsyncClient, Client, ClientError, Retries
from musearoo.client.addresses import Address, find_token, read_token

URL = "http://127.0.0.1:9"
QUICK = Retries(most=3, longest=5.0, first=0.001)
STATE = SessionState(id="s1", name="A", set="own", version=0, takes=0, made=1.0, changed=1.0)


class Script:
    """A server that answers by a list, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[Any] = []

    def __call__(self, request: Any) -> Any:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def keys(self) -> list[str | None]:
        return [request.headers.get("idempotency-key") for request in self.asked]


def good(value: Any = STATE, status: int = 200) -> Any:
    return httpx2.Response(
        status, content=msgspec.msgpack.encode(value), headers={"content-type": "application/msgpack"}
    )


def problem(status: int, code: str = "busy", **more: Any) -> Any:
    headers = {"content-type": "application/problem+json", "x-request-id": "r1"}
    body = {"title": "T", "status": status, "detail": "Not now.", "code": code, **more}
    return httpx2.Response(status, content=msgspec.json.encode(body), headers=headers)


def lost() -> Exception:
    error: Exception = httpx2.ReadError("reset")
    return error


def ask(script: Script, work: Callable[[Any], Any], retries: Retries, *, by_asyncio: bool) -> Any:
    """Call a method of either client against a script."""
    transport = httpx2.MockTransport(script)
    if not by_asyncio:
        with Client(URL, token="t", transport=transport, retries=retries) as client:
            return work(client)

    async def call() -> Any:
        async with AsyncClient(URL, token="t", transport=transport, retries=retries) as client:
            return await work(client)

    return asyncio.run(call())


def test_both_clients_send_the_same() -> None:
    for by_asyncio in (False, True):
        script = Script(good(status=201))
        made = ask(script, lambda client: client.create_session(name="A", bpm=96), NEVER, by_asyncio=by_asyncio)
        assert made == STATE
        (request,) = script.asked
        assert (request.method, request.url.path) == ("POST", "/api/v3/sessions")
        assert msgspec.msgpack.decode(request.content)["bpm"] == 96
        assert request.headers["authorization"] == "Bearer t"
        assert request.headers["accept"] == request.headers["content-type"] == "application/msgpack"


def test_a_post_is_tried_again_by_the_same_key_and_another_has_another_key() -> None:
    for by_asyncio in (False, True):
        script = Script(problem(503, retry_after=0.0), lost(), httpx2.ConnectError("refused"), good(), good())

        def work(client: Any) -> Any:
            return client.create_session(name="A")

        assert ask(script, work, QUICK, by_asyncio=by_asyncio) == STATE
        assert len(set(script.keys)) == 1
        assert script.keys[0]
        ask(script, work, QUICK, by_asyncio=by_asyncio)
        assert script.keys[-1] != script.keys[0]


def test_a_login_whose_answer_is_lost_is_not_repeated() -> None:
    script = Script(lost(), good())
    with pytest.raises(ClientError, match="was lost before the answer came") as raised:
        ask(script, lambda client: client.log_in("ada", "secret"), QUICK, by_asyncio=False)
    assert (raised.value.code, len(script.asked), script.keys) == ("connection_lost", 1, [None])


def test_a_session_that_is_gone_when_its_deletion_is_repeated_was_deleted() -> None:
    script = Script(lost(), problem(404, "not_found"))
    ask(script, lambda client: client.revoke_token("t1"), QUICK, by_asyncio=False)
    assert len(script.asked) == 2
    # What never was there, or was refused before, was not deleted.
    for before in ([], [problem(503, retry_after=0.0)], [problem(429, retry_after=0.0)], [httpx2.ConnectError("no")]):
        script = Script(*before, problem(404, "not_found"))
        with pytest.raises(ClientError, match="Not now") as raised:
            ask(script, lambda client: client.revoke_token("t1"), QUICK, by_asyncio=False)
        assert (raised.value.status, len(script.asked)) == (404, len(before) + 1)


@each_case(
    "answers, code, status, tries",
    [
        ([problem(422, "bad_parameter", field="bars")], "bad_parameter", 422, 1),
        ([problem(500, "fault")], "fault", 500, 1),
        ([problem(503, retry_after=60.0)], "busy", 503, 1),
        ([problem(429, retry_after=0.0)] * 4, "busy", 429, 4),
        ([httpx2.Response(502, text="<html>Bad gateway</html>")] * 4, "server_failed", 502, 4),
        (
            [httpx2.Response(200, text="<html>a router</html>", headers={"content-type": "text/html"})],
            "bad_answer",
            200,
            1,
        ),
        ([httpx2.Response(404, text="nginx")], "bad_answer", 404, 1),
        ([httpx2.Response(302, headers={"location": "/login"})], "bad_answer", 302, 1),
        ([httpx2.ConnectError("refused")] * 4, "unreachable", 0, 4),
        ([httpx2.ReadTimeout("slow")], "timed_out", 0, 1),
        ([good({"id": 3})], "bad_answer", 200, 1),
    ],
)
def test_what_fails_says_why_and_is_tried_as_often_as_makes_sense(
    answers: list[Any], code: str, status: int, tries: int
) -> None:
    script = Script(*answers)
    with pytest.raises(ClientError) as raised:
        ask(script, lambda client: client.session("s").read(), QUICK, by_asyncio=False)
    error = raised.value
    assert (error.code, error.status, len(script.asked)) == (code, status, tries)
    assert error.sentence.endswith(".")
    assert "\n" not in error.sentence


def test_an_error_has_what_the_server_said_and_can_be_pickled() -> None:
    script = Script(problem(422, "bad_parameter", field="bars", retry_after=2.5))
    with pytest.raises(ClientError) as raised:
        ask(script, lambda client: client.session("s").read(), NEVER, by_asyncio=False)
    error = raised.value
    assert (error.field, error.request_id, error.retry_after) == ("bars", "r1", 2.5)
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error)


def test_a_wait_grows_has_jitter_and_is_bounded() -> None:
    retries = Retries(most=5, longest=1.0, first=0.2)
    error = ClientError("Gone.", code="unreachable")
    waits = [retries.wait(error, tried, 0.0, chance, repeatable=False) for tried in (1, 2) for chance in (0.0, 1.0)]
    assert waits == pytest.approx([0.1, 0.3, 0.2, 0.6])
    assert retries.wait(error, 2, 0.9, 0.5, repeatable=False) is None
    assert retries.wait(error, 6, 0.0, 0.0, repeatable=True) is None
    busy = ClientError("Busy.", code="overloaded", status=503, retry_after=0.5)
    assert [retries.wait(busy, 1, 0.0, chance, repeatable=False) for chance in (0.0, 1.0)] == [0.5, 0.7]


def test_a_closed_client_says_so() -> None:
    async def work() -> None:
        client = AsyncClient(URL, token="t", transport=httpx2.MockTransport(Script()))
        await client.aclose()
        with pytest.raises(ClientError, match="client was closed: open another"):
            await client.list_styles()

    client = Client(URL, token="t", transport=httpx2.MockTransport(Script()))
    client.close()
    with pytest.raises(ClientError, match="client was closed: open another"):
        client.list_styles()
    asyncio.run(work())


def test_the_server_is_not_asked_to_wait_longer_than_the_timeout() -> None:
    for timeout, asked in ((60.0, "20.0"), (3.0, "1.5")):
        script = Script(good({"id": "j", "kind": "render", "state": "done", "made": 1.0}))
        with Client(URL, token="t", timeout=timeout, transport=httpx2.MockTransport(script)) as client:
            assert client.wait("j").state == "done"
        assert script.asked[0].url.params["wait"] == asked


def test_a_file_that_becomes_shorter_ends_its_upload(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"0123456789")
    states = [{"id": "u", "bytes": 10, "offset": offset, "name": "a.wav", "complete": False} for offset in (0, 5)]

    def work(client: Any) -> Any:
        return client.upload(path)

    class Shrinking(Script):
        def __call__(self, request: Any) -> Any:
            path.write_bytes(b"01234")
            return super().__call__(request)

    script = Shrinking(good(states[0]), httpx2.Response(204), good(states[1]))
    with pytest.raises(ClientError, match="has become shorter"):
        ask(script, work, NEVER, by_asyncio=False)
    assert [request.method for request in script.asked] == ["POST", "PATCH", "GET"]


def test_an_upload_goes_on_where_the_server_has_it(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"0123456789")

    def at(offset: int) -> Any:
        return good({"id": "u", "bytes": 10, "offset": offset, "name": "a.wav", "complete": offset == 10})

    for by_asyncio in (False, True):
        for failure in (
            lost(),
            httpx2.ReadTimeout("slow"),
            httpx2.ConnectError("refused"),
            httpx2.Response(502, text="<html>Bad gateway</html>"),
            httpx2.Response(504),
            problem(409, "wrong_offset"),
        ):
            script = Script(at(0), failure, at(5), httpx2.Response(204), at(10))
            assert ask(script, lambda client: client.upload(path), NEVER, by_asyncio=by_asyncio).complete, failure
            pieces = [request for request in script.asked if request.method == "PATCH"]
            assert [piece.content for piece in pieces] == [b"0123456789", b"56789"], failure
            assert pieces[1].headers["upload-offset"] == "5"
        refused = Script(at(0), problem(507, "disk_full"))
        with pytest.raises(ClientError, match="Not now"):
            ask(refused, lambda client: client.upload(path), NEVER, by_asyncio=by_asyncio)


def test_pages_are_read_to_their_end() -> None:
    pages = [good({"items": [STATE], "next": "c1"}), good({"items": [STATE, STATE], "next": None})]
    script = Script(*pages)
    found = ask(script, lambda client: list(client.each(client.list_sessions)), NEVER, by_asyncio=False)
    assert found == [STATE] * 3
    assert [request.url.params.get("after") for request in script.asked] == [None, "c1"]

    async def count() -> int:
        async with AsyncClient(URL, token="", transport=httpx2.MockTransport(Script(good({"items": []})))) as client:
            return len([each async for each in client.each(client.list_sessions)])

    assert asyncio.run(count()) == 0


def test_ids_cannot_leave_their_path() -> None:
    script = Script(good())
    ask(script, lambda client: client.session("a/../b?c#d").read(), NEVER, by_asyncio=False)
    assert script.asked[0].url.raw_path == b"/api/v3/sessions/a%2F..%2Fb%3Fc%23d"


@each_case("url", ["127.0.0.1:24640", "ftp://a", "http://", "http://a:b", "http://u:p@a", "http://a/?q", "http://[::1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ClientError, match="is no address of a server"):
        Address.parse(url)


@each_case("url", ["http://ü..ü:1", "http://\0", f"http://{'ü' * 80}"])
def test_what_no_name_of_a_machine_can_be_is_refused(url: str) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(ClientError, match="is no address of a server") as raised:
            kind(url, token="t")
        assert raised.value.code == "bad_address"


def test_a_server_behind_a_path_is_asked_below_it() -> None:
    script = Script(good())
    with Client("https://studio.example/roo/", token="t", transport=httpx2.MockTransport(script)) as client:
        client.session("s").read()
        assert client.url == "https://studio.example/roo"
    assert str(script.asked[0].url) == "https://studio.example/roo/api/v3/sessions/s"
    assert Address.parse("HTTPS://studio.example/roo").live_url == "wss://studio.example/roo"


def test_the_token_of_this_machine_goes_to_no_other(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEAROO_HOME", str(tmp_path))
    monkeypatch.delenv("MUSEAROO_TOKEN", raising=False)
    (tmp_path / "token").write_text("secret\n")
    here, there = Address.parse("http://localhost:24640"), Address.parse("https://studio.example")
    assert (find_token(None, here), find_token(None, there), find_token("mine", there)) == ("secret", "", "mine")
    monkeypatch.setenv("MUSEAROO_TOKEN", "of the environment")
    assert (find_token(None, here), find_token(None, there)) == ("of the environment",) * 2


def test_what_cannot_be_a_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for token in ("zwölf", "two\nlines", "a" * 300):
        with pytest.raises(ClientError, match="The token that was given is no token"):
            Client(URL, token=token)
        monkeypatch.setenv("MUSEAROO_TOKEN", token)
        with pytest.raises(ClientError, match="MUSEAROO_TOKEN is no token"):
            Client(URL)


def test_a_token_file_without_a_token_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "token"
    with pytest.raises(ClientError, match="cannot be read: No such file"):
        read_token(path)
    for content in (b"", b"\xff\xfe", b"a" * 300, b"two\nlines"):
        path.write_bytes(content)
        with pytest.raises(ClientError, match=r"cannot be read|has no token in it"):
            read_token(path)
    path.write_text(" roo_abc \n")
    assert read_token(path) == "roo_abc"
