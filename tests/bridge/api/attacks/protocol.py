"""Attacks on HTTP itself: slow and half requests, smuggling, headers without end, old versions, pipelines."""

from __future__ import annotations

import socket
import time

from tests.bridge.api.attacks.arena import Arena, Attack, expect
from tests.bridge.api.running import Answer


def slow_heads(arena: Arena) -> None:
    server = arena.strict
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5.0) as silent:
        half = b"GET /api/v3/me HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        answer = Answer.of(server.send([half, *(b"x: 1\r\n" for _ in range(30))], pause=0.05))
        assert answer.status == 408
        assert answer.problem["code"] == "too_slow"
        assert silent.recv(10) == b""
    assert time.monotonic() - began < 4.0


def slow_bodies(arena: Arena) -> None:
    server = arena.strict
    head = (
        f"POST /api/v3/sessions HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\nauthorization: Bearer {server.token}\r\n"
        "content-type: application/json\r\n"
    ).encode()
    for more, piece in (
        (b"content-length: 1000\r\n\r\n", b" "),
        (b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ):
        began = time.monotonic()
        answer = Answer.of(server.send([head + more, *(piece for _ in range(30))], pause=0.05))
        expect(answer, 408)
        assert answer.headers["connection"] == "close"
        assert time.monotonic() - began < 4.0
    # A body of which nothing comes at all.
    expect(Answer.of(server.send(head + b"content-length: 10\r\n\r\n")), 408)


def both_lengths(arena: Arena) -> None:
    start = (
        f"POST /api/v3/sessions HTTP/1.1\r\nhost: {arena.host}\r\nauthorization: Bearer {arena.token}\r\n"
        "content-type: application/json\r\n"
    )
    smuggled = f"DELETE /api/v3/preferences/smuggled HTTP/1.1\r\nhost: {arena.host}\r\n\r\n"
    arena.ada.put("/preferences/smuggled", json={"value": 1})
    for lines in (
        "content-length: 2\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 2",
        "content-length: 2\r\ncontent-length: 100",
        "content-length: 2, 2",
        "content-length: +2",
        "content-length: -2",
        "content-length: 0x2",
        "content-length: 2 2",
        "content-length : 2",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: identity, chunked\r\ncontent-length: 2",
        "transfer-encoding: xchunked",
        "transfer-encoding : chunked",
        "transfer-encoding:\x0bchunked",
        "x: y\r\n transfer-encoding: chunked",
        "x: y\rtransfer-encoding: chunked",
        "x: y\ntransfer-encoding: chunked\ncontent-length: 2",
        "bad header: x\r\ncontent-length: 2",
        "content-length: 2\r\nx\0y: z",
    ):
        data = arena.server.send((start + lines + "\r\n\r\n{}" + smuggled).encode("latin-1"), wait=1.0)
        answer = Answer.of(data)
        assert answer.status in (400, 415, 422, 501), (lines, data[:300])
        assert data.count(b"HTTP/1.1 ") == 1, (lines, data)
        expect(answer, answer.status, lines)
    assert arena.ada.get("/preferences").json()["values"]["smuggled"] == 1


def headers_without_end(arena: Arena) -> None:
    many = [f"x-{number}: {'y' * 5}" for number in range(10_000)]
    answer = arena.ask("GET", "/api/v3/me", *many)
    expect(answer, 431)
    expect(arena.ask("GET", "/api/v3/me", *many[:150]), 431)
    for endless in (b"x: " + b"y" * 1_000_000, b"y" * 1_000_000):
        data = arena.server.send(f"GET /api/v3/me HTTP/1.1\r\nhost: {arena.host}\r\n".encode() + endless, wait=2.0)
        # The server closes while bytes still come, so that the answer itself may be lost on the way.
        assert data == b"" or Answer.of(data).status == 431
    data = arena.server.send(b"GET /" + b"y" * 1_000_000, wait=2.0)
    assert data == b"" or Answer.of(data).status in (400, 431)
    assert arena.ask("GET", "/api/v3/" + "y" * 20_000).status in (404, 431)


def old_and_unknown_versions(arena: Arena) -> None:
    server = arena.server
    token = f"authorization: Bearer {arena.token}"
    expect(Answer.of(server.send(f"GET /api/v3/me HTTP/1.0\r\n{token}\r\n\r\n".encode())), 421)
    expect(Answer.of(server.send(f"GET /api/v3/me HTTP/1.0\r\nhost: {arena.host}\r\n{token}\r\n\r\n".encode())), 200)
    for line in (
        "GET /api/v3/me",
        "GET /api/v3/me HTTP/0.9",
        "GET /api/v3/me HTTP/9.9",
        "GET /api/v3/me HTTPS/1.1",
        "PRI * HTTP/2.0",
        "GET api/v3/me HTTP/1.1",
        "\x16\x03\x01\x02\x00\x01",
        "*1\r\n$4\r\nPING",
        "GET /api/v3/\xff HTTP/1.1",
        "G\0T / HTTP/1.1",
    ):
        data = server.send(f"{line}\r\nhost: {arena.host}\r\n{token}\r\n\r\n".encode("latin-1"), wait=1.0)
        assert Answer.of(data).status in (0, 400, 404, 405, 505), (line, data[:200])
        assert b"200 OK" not in data, line


def other_methods(arena: Arena) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND", "PURGE", "LINK", "M-SEARCH"):
        answer = arena.ask(method, "/api/v3/me")
        assert answer.status in (0, 400, 405), (method, answer)
        assert arena.token.encode() not in answer.body
    for line in (
        "x-http-method-override: DELETE",
        "x-method-override: DELETE",
        "x-original-url: /api/v3/users",
        "x-rewrite-url: /x",
    ):
        expect(arena.ask("GET", "/api/v3/me", line), 200, line)
    expect(arena.ask("OPTIONS", "*"), (400, 404, 405))


def pipelines(arena: Arena) -> None:
    one = f"GET /api/v3/me HTTP/1.1\r\nhost: {arena.host}\r\nauthorization: Bearer {arena.token}\r\n\r\n"
    wrong = f"GET /api/v3/me HTTP/1.1\r\nhost: evil.example\r\nauthorization: Bearer {arena.token}\r\n\r\n"
    none = f"GET /api/v3/me HTTP/1.1\r\nhost: {arena.host}\r\n\r\n"
    last = one.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")
    data = arena.server.send((one * 20 + wrong + none + last).encode())
    # Each is judged by itself: neither a token nor a Host is carried over.
    statuses = [int(part.split(b" ")[0]) for part in data.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200] * 20 + [421, 401, 200]


def expectations(arena: Arena) -> None:
    start = (
        f"POST /api/v3/sessions HTTP/1.1\r\nhost: {arena.host}\r\ncontent-type: application/json\r\n"
        "content-length: 1000000000\r\nexpect: 100-continue\r\n\r\n"
    )
    data = arena.server.send(start.encode(), wait=2.0)
    # It is not asked to send what would be refused.
    assert b"100 Continue" not in data
    assert Answer.of(data).status == 401


ATTACKS = (
    Attack("Headers that trickle, connections that say nothing (slowloris)", "408, or the end, after 10 s", slow_heads),
    Attack("Bodies that trickle", "408 after 15 s; uploads must come steadily", slow_bodies),
    Attack(
        "Two lengths, chunks and a length, obscure spellings (request smuggling)",
        "400 and the end of the connection: nothing after it is read",
        both_lengths,
    ),
    Attack("10,000 headers, or a header without end", "431 (100 headers, 64 kB)", headers_without_end),
    Attack(
        "HTTP/1.0 without Host, HTTP/0.9, TLS or Redis on the port", "421 or 400, or the end", old_and_unknown_versions
    ),
    Attack("TRACE, CONNECT, method overrides", "405 or 400; overrides are not read", other_methods),
    Attack("Pipelined requests of which some are forged", "each is judged by itself", pipelines),
    Attack("`Expect: 100-continue` with a huge body and no token", "401 without the 100", expectations),
)
