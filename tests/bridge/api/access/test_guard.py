"""The guard, around an application that echoes: what it lets through, and what it answers itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

from fastapi.routing import APIRoute

from musearoo.bridge.api.access import guard as rooms
from musearoo.bridge.api.access.admission import Admission
from musearoo.bridge.api.access.guard import LARGEST_BODY, Guard
from musearoo.bridge.api.access.origins import Doors
from musearoo.bridge.api.access.rates import Rates
from musearoo.bridge.store.database import Database

TOKEN = "the-token"
HOST = ("host", "127.0.0.1:80")
AUTH = ("authorization", f"Bearer {TOKEN}")
JSON = ("content-type", "application/json")
UPLOADS = 1_000_000


class Said(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        assert self.headers["content-type"] == "application/problem+json"
        return str(msgspec.json.decode(self.body)["code"])


class Guarded:
    """A guard, and all that it told its observer."""

    def __init__(self, store: Database) -> None:
        self.observed: list[tuple[str, str, int]] = []
        self.problems: list[str] = []
        self.seen: list[dict[str, Any]] = []
        self.guard = Guard(
            self._echo,
            doors=Doors.of(80, origins=("https://app.example",)),
            admission=Admission(store, lambda: TOKEN),
            rates=Rates(),
            upload_limit=UPLOADS,
            observe=lambda route, method, status, _: self.observed.append((route, method, status)),
            on_problem=self.problems.append,
        )

    async def _echo(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        if scope["path"] == "/old":
            scope["route"] = APIRoute(
                "/old", self._echo, deprecated=True, openapi_extra={"x-deprecated-since": "2026-11-24"}
            )
        if scope["path"] == "/endless":
            await asyncio.Event().wait()
        if scope["path"] == "/fault":
            raise ValueError("a secret of ours at /home/me")
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RuntimeError("the client has gone")
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})

    def ask(
        self,
        *headers: tuple[str, str],
        method: str = "GET",
        path: str = "/api/v3/me",
        query: str = "",
        body: Iterable[bytes | float | None] = (b"",),
        kind: str = "http",
    ) -> Said:
        """Send a request. Numbers in the body are pauses in seconds, None is a client that hangs up."""
        scope: dict[str, Any] = {
            "type": kind,
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": ("127.0.0.1", 5_000),
            "state": {},
        }
        sent: list[dict[str, Any]] = []
        pieces = list(body)

        async def receive() -> dict[str, Any]:
            while pieces:
                piece = pieces.pop(0)
                if piece is None:
                    return {"type": "http.disconnect"}
                if isinstance(piece, bytes):
                    return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
                await asyncio.sleep(piece)
            return {"type": "websocket.connect" if kind == "websocket" else "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(dict(message))

        async def run() -> None:
            task = asyncio.create_task(self.guard(scope, receive, send))
            if path == "/endless":
                # As uvicorn does when it stops, and has waited long enough.
                asyncio.get_running_loop().call_later(0.05, task.cancel)
            await task

        asyncio.run(run())
        if not sent:
            return Said(0, {}, b"")
        status = sent[0].get("status", sent[0].get("code", 0))
        pairs = sent[0].get("headers", ())
        return Said(
            status,
            {name.decode(): value.decode() for name, value in pairs},
            b"".join(message.get("body", b"") for message in sent),
        )

    def post(self, *headers: tuple[str, str], **options: Any) -> Said:
        return self.ask(HOST, AUTH, *headers, method="POST", **options)


@pytest.fixture
def guarded(store: Database) -> Guarded:
    return Guarded(store)


def test_every_answer_has_the_headers_of_safety(guarded: Guarded) -> None:
    for said in (guarded.ask(HOST, AUTH), guarded.ask(HOST), guarded.ask(("host", "evil.example"), AUTH)):
        assert said.headers["x-content-type-options"] == "nosniff"
        assert said.headers["referrer-policy"] == "no-referrer"
        assert said.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert said.headers["cache-control"] == "no-store"
        assert said.headers["cross-origin-resource-policy"] == "same-origin"
        assert len(said.headers["x-request-id"]) == 32
        assert "access-control-allow-origin" not in said.headers


def test_only_an_allowed_origin_may_read_the_answers(guarded: Guarded) -> None:
    said = guarded.ask(HOST, AUTH, ("origin", "https://app.example"))
    assert (said.status, said.headers["access-control-allow-origin"]) == (200, "https://app.example")
    # On the answer itself: browsers look for it nowhere else.
    assert {"location", "upload-offset", "etag"} <= set(said.headers["access-control-expose-headers"].split(", "))
    # Also the errors, or the page could not show them.
    said = guarded.ask(HOST, ("origin", "https://app.example"))
    assert (said.status, said.headers["access-control-allow-origin"]) == (401, "https://app.example")
    said = guarded.ask(HOST, AUTH, ("origin", "https://evil.example"))
    assert (said.status, said.code) == (403, "wrong_origin")
    assert "access-control-allow-origin" not in said.headers


def test_a_browser_asks_before_and_only_allowed_origins_may(guarded: Guarded) -> None:
    asks = ("access-control-request-method", "POST")
    said = guarded.ask(HOST, ("origin", "https://app.example"), asks, method="OPTIONS")
    assert said.status == 204
    assert "authorization" in said.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in said.headers
    assert guarded.ask(HOST, ("origin", "https://evil.example"), asks, method="OPTIONS").status == 403
    assert guarded.seen == []


def test_a_header_that_decides_comes_once(guarded: Guarded) -> None:
    for name, first, second in (
        ("host", "127.0.0.1:80", "evil.example"),
        ("origin", "https://app.example", "https://evil.example"),
        ("authorization", f"Bearer {TOKEN}", "Bearer x"),
        ("content-type", "application/json", "text/plain"),
        ("content-length", "1", "2"),
        ("transfer-encoding", "chunked", "identity"),
        ("content-encoding", "identity", "gzip"),
        ("if-match", '"1"', '"2"'),
        ("idempotency-key", "a", "b"),
    ):
        others = [pair for pair in (HOST, AUTH) if pair[0] != name]
        said = guarded.ask(*others, (name, first), (name.upper(), second))
        assert (said.status, said.code) == (400, "bad_header"), name
    assert guarded.seen == []


def test_a_request_has_a_bounded_number_of_headers(guarded: Guarded) -> None:
    many = [(f"x-{number}", "1") for number in range(99)]
    assert guarded.ask(HOST, AUTH, *many[:98]).status == 200
    said = guarded.ask(HOST, AUTH, *many)
    assert (said.status, said.code) == (431, "head_too_large")


def test_a_token_in_the_address_is_refused_even_next_to_a_good_one(guarded: Guarded) -> None:
    for query in (f"token={TOKEN}", "access_token=x", "a=b&Token=", "api_key=x", "%74oken=x"):
        said = guarded.ask(HOST, AUTH, query=query)
        assert (said.status, said.code) == (400, "token_in_address"), query
        assert TOKEN.encode() not in said.body
    assert guarded.ask(HOST, AUTH, query="after=token&limit=1").status == 200
    assert guarded.ask(HOST, AUTH, query="&".join("a=1" for _ in range(200))).status == 400


def test_without_a_valid_token_nothing_is_reached(guarded: Guarded) -> None:
    for value in ("", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN} x", "Bearer \xff"):
        said = guarded.ask(HOST, ("authorization", value))
        assert (said.status, said.headers["www-authenticate"]) == (401, "Bearer"), value
    assert guarded.seen == []
    assert guarded.ask(HOST, ("authorization", f"bearer   {TOKEN}")).status == 200


def test_what_needs_no_token_still_needs_the_host(guarded: Guarded) -> None:
    for path in ("/healthz", "/readyz", "/docs", "/api/v3/openapi.json", "/api/v3/login"):
        assert guarded.ask(HOST, path=path).status == 200, path
        assert guarded.ask(("host", "evil.example"), path=path).status == 421, path
    for path in ("/healthz/", "/docs/../api/v3/me", "/DOCS", "/docs%2f", "//docs", "/api/v3/login/"):
        assert guarded.ask(HOST, path=path).status == 401, path


def test_too_many_wrong_tokens_are_refused_but_a_good_one_is_not(guarded: Guarded) -> None:
    statuses = [guarded.ask(HOST, ("authorization", "Bearer no")).status for _ in range(25)]
    assert statuses == [401] * 20 + [429] * 5
    said = guarded.ask(HOST)
    assert said.headers["retry-after"] == "5"
    assert guarded.ask(HOST, AUTH).status == 200


def test_a_body_has_a_bounded_size_declared_or_not(guarded: Guarded) -> None:
    chunked = ("transfer-encoding", "chunked")
    most = b"x" * LARGEST_BODY
    assert guarded.post(JSON, chunked, body=[most]).body == str(LARGEST_BODY).encode()
    for headers, body in (
        ([("content-length", str(LARGEST_BODY + 1))], [b""]),
        ([("content-length", "9" * 30)], [b""]),
        ([("content-length", "9" * 5_000)], [b""]),
        ([chunked], [most, b"x"]),
        ([("content-length", "1")], [most + b"x"]),
    ):
        said = guarded.post(JSON, *headers, body=body)
        assert (said.status, said.code) == (413, "too_large"), headers
        assert said.headers["connection"] == "close"


def test_uploads_may_be_larger(guarded: Guarded) -> None:
    length = ("content-length", str(LARGEST_BODY + 1))
    piece = [b"x" * (LARGEST_BODY + 1)]
    for method, path in (
        ("POST", "/api/v3/sessions/abc/analyze"),
        ("PATCH", "/api/v3/uploads/abc"),
        ("POST", "/api/v3/sessions/abc/listen"),
    ):
        said = guarded.ask(HOST, AUTH, ("content-type", "audio/wav"), length, method=method, path=path, body=piece)
        assert said.status == 200, path
    assert guarded.ask(HOST, AUTH, JSON, length, method="POST", path="/api/v3/sessions", body=piece).status == 413


def test_a_body_that_is_no_json_is_refused_before_it_is_read(guarded: Guarded) -> None:
    length = ("content-length", "7")
    for headers in (
        (("content-type", "application/x-www-form-urlencoded"),),
        (("content-type", "multipart/form-data; boundary=x"),),
        (("content-type", "text/plain"),),
        (),
        (JSON, ("content-encoding", "gzip")),
    ):
        said = guarded.post(length, *headers, body=[b"a=b&c=d"])
        assert said.status == 415, headers
        assert said.headers["connection"] == "close"
    assert guarded.seen == []
    assert guarded.post(("content-length", "0")).status == 200


def test_a_body_that_trickles_is_given_up(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "BODY_WITHIN", 0.1)
    chunked = ("transfer-encoding", "chunked")
    trickle: list[bytes | float | None] = [b"x", 0.04] * 10
    said = guarded.post(JSON, chunked, body=[*trickle, b"x"])
    assert (said.status, said.code) == (408, "too_slow")
    # Each piece of an upload comes in time, but all of it would take a day.
    wav, path = ("content-type", "audio/wav"), "/api/v3/sessions/abc/analyze"
    said = guarded.post(chunked, wav, path=path, body=[*trickle, b"x"])
    assert (said.status, said.code) == (408, "too_slow")
    big: list[bytes | float | None] = [b"x" * 1_000, 0.04] * 10
    said = guarded.post(chunked, wav, path=path, body=[*big, b"x"])
    assert said.status == 200


def test_whoever_hangs_up_is_no_fault_of_ours(guarded: Guarded, caplog: pytest.LogCaptureFixture) -> None:
    said = guarded.post(JSON, ("content-length", "9"), body=[b"abc", None])
    assert said.status == 0
    assert caplog.records == []


def test_a_fault_of_ours_tells_nothing_of_it(guarded: Guarded, caplog: pytest.LogCaptureFixture) -> None:
    said = guarded.ask(HOST, AUTH, path="/fault")
    assert (said.status, said.code) == (500, "fault")
    id = said.headers["x-request-id"]
    assert id in said.body.decode()
    assert b"secret" not in said.body
    assert b"Traceback" not in said.body
    assert id in caplog.text


def test_what_is_deprecated_says_since_when(guarded: Guarded) -> None:
    for method in ("GET", "HEAD"):
        assert guarded.ask(HOST, AUTH, path="/old", method=method).headers["deprecation"] == "@1795478400"
    assert "deprecation" not in guarded.ask(HOST, AUTH).headers


def test_head_is_answered_as_get_but_for_uploads(guarded: Guarded) -> None:
    for path, method in (("/api/v3/me", "GET"), ("/api/v3/uploads/abc", "HEAD")):
        assert guarded.ask(HOST, AUTH, method="HEAD", path=path).status == 200
        assert guarded.seen[-1]["method"] == method
    assert [method for _, method, _ in guarded.observed] == ["HEAD", "HEAD"]


def test_a_server_that_stops_says_so(guarded: Guarded, caplog: pytest.LogCaptureFixture) -> None:
    said = guarded.ask(HOST, AUTH, path="/endless")
    assert (said.status, said.code, said.headers["retry-after"]) == (503, "stopping", "1")
    assert guarded.observed == [("other", "GET", 503)]
    assert caplog.records == []


def test_every_request_is_observed_once(guarded: Guarded) -> None:
    guarded.ask(HOST, AUTH)
    guarded.ask(HOST)
    guarded.ask(HOST, AUTH, path="/fault")
    assert guarded.observed == [("other", "GET", 200), ("other", "GET", 401), ("other", "GET", 500)]
    assert guarded.problems == ["unauthorized", "fault"]


def test_a_websocket_must_come_to_our_host_from_an_allowed_page(guarded: Guarded) -> None:
    for headers, is_accepted in (
        ((HOST,), True),
        ((HOST, ("origin", "https://app.example")), True),
        ((HOST, ("origin", "http://localhost:80")), True),
        ((HOST, ("origin", "https://evil.example")), False),
        ((HOST, ("origin", "null")), False),
        ((("host", "evil.example"),), False),
        ((), False),
        ((HOST, HOST), False),
    ):
        before = len(guarded.seen)
        said = guarded.ask(*headers, kind="websocket", path="/ws/abc", body=())
        assert (len(guarded.seen) > before) is is_accepted, headers
        assert is_accepted or said.status == 1008
    assert guarded.ask(HOST, kind="websocket", path="/ws/abc", query="token=x", body=()).status == 1008


def test_a_websocket_has_the_token_of_its_header(guarded: Guarded) -> None:
    for value, token in ((f"Bearer {TOKEN}", TOKEN), (f"Basic {TOKEN}", ""), ("", "")):
        guarded.ask(HOST, ("authorization", value), kind="websocket", body=())
        assert guarded.seen[-1]["state"]["token"] == token
