"""Attacks by pages of other sites, by names that stand for this machine suddenly, and by those who have no token."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

from musearoo.bridge.api.types.frames import JSON_PROTOCOL
from tests.bridge.api.attacks.arena import Arena, Attack, expect

EVIL = "https://evil.example"


def forged_host(arena: Arena) -> None:
    port = arena.server.port
    for host in (
        "evil.example", f"evil.example:{port}", f"127.evil.example:{port}", f"localhost.evil:{port}", "127.0.0.1",
        f"127.0.0.1.:{port}", f"localhost.:{port}", f"127.0.0.1:{port + 1}", f"[::ffff:127.0.0.1]:{port}", "",
        f"127.0.0.1:{port}@evil.example", f"127.0.0.1:{port}/../evil", f"127.0.0.1:{port}, evil.example",
    ):  # fmt: skip
        for path in ("/api/v3/me", "/docs", "/healthz", "/nothing"):
            expect(arena.ask("GET", path, host=host), 421, host)


def forwarded_host(arena: Arena) -> None:
    names = ("x-forwarded-host", "x-host", "x-original-host", "forwarded", "x-http-host-override", "x-forwarded-server")
    for name in names:
        expect(arena.ask("GET", "/api/v3/me", f"{name}: {arena.host}", host="evil.example"), 421, name)
        expect(arena.ask("GET", "/api/v3/me", f"{name}: evil.example"), 200, name)


def absolute_target(arena: Arena) -> None:
    expect(arena.ask("GET", "http://evil.example/api/v3/me"), 200)
    expect(arena.ask("GET", f"http://{arena.host}/api/v3/me", host="evil.example"), 421)
    made = arena.post("http://evil.example/api/v3/sessions", {})
    expect(made, 201)
    assert made.headers["location"].startswith("/api/v3/sessions/")


def two_hosts(arena: Arena) -> None:
    for lines in (("host: evil.example",), ("Host: evil.example", "host: evil.example")):
        expect(arena.ask("GET", "/api/v3/me", *lines), 400)


def foreign_origin(arena: Arena) -> None:
    for origin in (EVIL, "null", "file://", f"http://127.0.0.1:{arena.server.port + 1}", f"http://{arena.host}.evil"):
        for method, path in (("GET", "/api/v3/me"), ("POST", "/api/v3/sessions"), ("OPTIONS", "/api/v3/sessions")):
            answer = arena.ask(method, path, f"origin: {origin}", "access-control-request-method: POST")
            expect(answer, 403, origin)
            assert "access-control-allow-origin" not in answer.headers


def fetch_metadata(arena: Arena) -> None:
    for site in ("cross-site", "same-site", "anything"):
        expect(arena.ask("GET", "/api/v3/me", f"sec-fetch-site: {site}"), 403, site)
    expect(arena.ask("GET", "/api/v3/me", "sec-fetch-site: same-origin"), 200)


def simple_forms(arena: Arena) -> None:
    before = _count(arena)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""):
        lines = [f"content-type: {kind}"] if kind else []
        answer = arena.ask("POST", "/api/v3/sessions", *lines, body=b'{"name":"x"}')
        expect(answer, 415, kind)
    # As a form of a page sends it: with no token, for there are no cookies.
    expect(
        arena.ask("POST", "/api/v3/sessions", f"origin: {EVIL}", "content-type: text/plain", body=b"{}", token=""), 403
    )
    assert _count(arena) == before


def websocket_of_another_page(arena: Arena) -> None:
    upgrade = (
        "connection: Upgrade", "upgrade: websocket", "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-protocol: musearoo.v1",
    )  # fmt: skip
    path = f"/ws/{arena.session}"

    def status(*lines: str, host: str | None = None, target: str = path, without: str = "") -> int:
        kept = [line for line in upgrade if not without or not line.startswith(without)]
        head = [f"GET {target} HTTP/1.1", f"host: {arena.host if host is None else host}", *kept, *lines]
        data = arena.server.send("\r\n".join(head).encode() + b"\r\n\r\n", wait=0.3)
        return int(data.split(b" ")[1]) if data else 0

    assert status() == 101
    assert status(f"origin: {EVIL}") == 403
    assert status("origin: null") == 403
    assert status(host="evil.example") == 403
    assert status(target=f"{path}?token={arena.token}") == 403
    assert status(without="sec-websocket-protocol") == 403
    assert status("sec-websocket-protocol: other", without="sec-websocket-protocol") == 403


def missing_and_wrong_tokens(arena: Arena) -> None:
    token = arena.token
    for wrong in ("", "x", token[:-1], token.lower(), token + "x", "null", "undefined", "'; DROP TABLE tokens; --"):
        expect(arena.ask(token=wrong), 401, wrong)
    for line in (
        f"authorization: Basic {token}",
        f"authorization: {token}",
        f"cookie: token={token}",
        f"x-api-key: {token}",
    ):
        expect(arena.ask("GET", "/api/v3/me", line, token=""), 401, line)


def expired_and_revoked_tokens(arena: Arena) -> None:
    local = arena.server.client()
    made = local.post("/tokens", json={"name": "short", "days": 0.2 / 86_400}).json()
    time.sleep(0.25)
    expect(arena.ask(token=made["token"]), 401)
    made = local.post("/tokens", json={"name": "gone"}).json()
    expect(arena.ask(token=made["token"]), 200)
    assert local.delete(f"/tokens/{made['id']}").status_code == 204
    expect(arena.ask(token=made["token"]), 401)
    local.close()


def token_in_the_address(arena: Arena) -> None:
    for query in (f"token={arena.token}", f"access_token={arena.token}", f"limit=1&Token={arena.token}"):
        answer = arena.ask("GET", f"/api/v3/sessions?{query}", token="")
        expect(answer, 400, query)
        assert arena.token.encode() not in answer.body
    assert arena.token not in arena.server.log_text


def tokens_that_may_less(arena: Arena) -> None:
    local = arena.server.client()
    read, metrics = (
        arena.server.client(local.post("/tokens", json={"name": scope, "scopes": [scope]}).json()["token"])
        for scope in ("read", "metrics")
    )
    expect(read.get("/sessions"), 200)
    expect(metrics.get("/sessions"), 403)
    for client in (read, metrics):
        expect(client.post("/sessions", json={}), 403)
        expect(client.post("/tokens", json={"name": "more", "scopes": ["make"]}), 403)
        expect(client.post("/users", json={"name": "mallory"}), 403)
        expect(client.put("/me/password", json={"password": "a new password"}), 403)
        expect(client.put("/preferences/x", json={"value": 1}), 403)
    expect(arena.ada.post("/tokens", json={"name": "more", "scopes": ["admin"]}), 403)
    expect(arena.ada.get("/users"), 403)
    expect(arena.ada.put("/me/password", json={"password": "a new password"}), 403)
    for client in (local, read, metrics):
        client.close()


def guessed_tokens(arena: Arena) -> None:
    strict = arena.strict
    with strict.client("roo_guess") as client:
        statuses = [client.get("/me").status_code for _ in range(40)]
        assert statuses[0] == 401
        assert statuses[-1] == 429
        last = client.get("/me")
        expect(last, 429)
        assert int(last.headers["retry-after"]) >= 1
    # The owner of a good token is not locked out by it.
    with strict.client() as client:
        assert client.get("/me").status_code == 200


def guessed_tokens_by_websocket(arena: Arena) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    def guess(token: str) -> Any:
        address = f"ws://127.0.0.1:{arena.strict.port}/ws/{'0' * 32}"
        with connect(address, subprotocols=[JSON_PROTOCOL], open_timeout=5.0) as socket:  # type: ignore[list-item]
            socket.send(json.dumps(["hello", 1, {"token": token}]))
            kind, _, problem = json.loads(socket.recv(5.0))
            assert kind == "problem"
            # What comes before a good hello, and after a bad one, is the end.
            try:
                socket.recv(5.0)
            except ConnectionClosed:
                return problem["status"]
            raise AssertionError("the connection stays open")

    assert {guess(f"roo_guess{number}") for number in range(25)} <= {401, 429}
    assert guess("roo_guess") == 429
    assert guess(arena.strict.token) == 404


def guessed_passwords(arena: Arena) -> None:
    strict = arena.strict
    with strict.client() as local, strict.client("") as client:
        for name in ("grace", "heidi"):
            made = local.post("/users", json={"name": name, "password": "a good password"})
            assert made.status_code == 201
        guess = partial(client.post, "/login")
        statuses = [guess(json={"name": "grace", "password": f"guess {n}"}).status_code for n in range(14)]
        assert statuses == [401] * 10 + [429] * 4
        # The right one is not tried either, for the answer would tell.
        refused = guess(json={"name": "grace", "password": "a good password"})
        expect(refused, 429)
        assert int(refused.headers["retry-after"]) >= 10
        expect(guess(json={"name": "heidi", "password": "a good password"}), 201)


def names_by_time(arena: Arena) -> None:
    with arena.server.client() as local, arena.server.client("") as client:
        local.post("/users", json={"name": "judy", "password": "a good password"})

        def ask(name: str) -> tuple[float, Any]:
            began = time.perf_counter()
            answer = client.post("/login", json={"name": name, "password": "wrong password"})
            return time.perf_counter() - began, answer

        ask("nobody-0")
        known = [ask("judy") for _ in range(4)]
        unknown = [ask(f"nobody-{number}") for number in range(4)]
        for _, answer in (*known, *unknown):
            expect(answer, 401)
            assert answer.json() == known[0][1].json()
        least_known, least_unknown = (min(seconds for seconds, _ in each) for each in (known, unknown))
        assert 1 / 3 < least_known / least_unknown < 3, (least_known, least_unknown)


def _count(arena: Arena) -> int:
    return len(arena.ada.get("/sessions", params={"limit": 200}).json()["items"])


ATTACKS = (
    Attack("A forged Host, or none: DNS rebinding", "421, on every path, before anything is read", forged_host),
    Attack("`X-Forwarded-Host` and its like", "not read: only Host counts", forwarded_host),
    Attack("A target with a host of its own (`GET http://evil.example/…`)", "only its path is used", absolute_target),
    Attack("Two Host headers", "400", two_hosts),
    Attack("A page of another site asks (Origin)", "403, without CORS headers, also for the preflight", foreign_origin),
    Attack("A browser that sends no Origin, but `Sec-Fetch-Site: cross-site`", "403", fetch_metadata),
    Attack(
        "A form of another site (CSRF): form, multipart, text/plain, no type", "415; there are no cookies", simple_forms
    ),
    Attack(
        "A WebSocket of another page, without subprotocol, or with a token in its address",
        "403: it is not accepted",
        websocket_of_another_page,
    ),
    Attack(
        "No token, a wrong one, one in a cookie or as Basic",
        "401, always with the same words",
        missing_and_wrong_tokens,
    ),
    Attack(
        "A token that has expired or was revoked", "401, in the moment of the revocation", expired_and_revoked_tokens
    ),
    Attack("A token in an address", "400, even if it is valid; it is in no log and no answer", token_in_the_address),
    Attack("More than a token's scopes: other scopes, users, a first password", "403", tokens_that_may_less),
    Attack("Guessing tokens", "429 after 20; valid tokens of the same address go on", guessed_tokens),
    Attack(
        "Guessing tokens by WebSocket", "the same bound; each guess ends the connection", guessed_tokens_by_websocket
    ),
    Attack("Guessing passwords", "429 for the name after 10, also for the right password", guessed_passwords),
    Attack("Finding out names by the time or the words of a login", "the same answer, by the same hash", names_by_time),
)
