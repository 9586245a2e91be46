"""Where attacks are played: a real server with Ada, who has a session and takes, and Bob, who may see none of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx

from tests.bridge.api.running import Answer, RunningServer


@dataclass(frozen=True, slots=True)
class Arena:
    """A server and what is to be attacked. `strict` has the bounds of a server that others reach, and no patience."""

    server: RunningServer
    strict: RunningServer
    ada: httpx.Client
    bob: httpx.Client
    session: str
    take: str

    @property
    def host(self) -> str:
        """The name under which the server answers."""
        return f"127.0.0.1:{self.server.port}"

    @property
    def token(self) -> str:
        """Ada's token."""
        return str(self.ada.headers["authorization"]).removeprefix("Bearer ")

    def ask(
        self,
        method: str = "GET",
        path: str = "/api/v3/me",
        *lines: str,
        body: bytes = b"",
        host: str | None = None,
        token: str | None = None,
    ) -> Answer:
        """Send a request by its lines, with the right Host and Ada's token; "" leaves one out."""
        head = [f"{method} {path} HTTP/1.1"]
        host = self.host if host is None else host
        token = self.token if token is None else token
        head += [f"host: {host}"] * bool(host) + [f"authorization: Bearer {token}"] * bool(token)
        if body and not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
            head.append(f"content-length: {len(body)}")
        return self.server.ask("\n".join([*head, *lines]), body)

    def post(self, path: str, body: Any, *lines: str) -> Answer:
        """Send JSON as Ada; bytes are sent as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", path, "content-type: application/json", *lines, body=data)


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack: what is tried, what comes of it, as the documentation says, and the proof."""

    name: str
    answer: str
    play: Callable[[Arena], None]


def expect(found: Any, statuses: int | Iterable[int], what: object = "") -> None:
    """Require one of these statuses; an error must be a problem that says what to do, and nothing of the inside."""
    wanted = {statuses} if isinstance(statuses, int) else set(statuses)
    status, body, headers = _parts(found)
    assert status in wanted, (what, status, body[:400])
    if status < 400:
        return
    assert headers.get("content-type") == "application/problem+json", (what, headers)
    problem = json.loads(body)
    assert problem["status"] == status, (what, problem)
    assert problem["title"], (what, problem)
    assert problem["detail"].endswith((".", "…", "?")), (what, problem)
    for leak in ("Traceback", ".py", "sqlalchemy", "sqlite", "musearoo.db", "/tmp/", "/root", "/home", "0x7f"):
        # What the client has sent itself may come back.
        assert leak not in problem["detail"] or leak in str(what), (what, problem)


def _parts(found: Any) -> tuple[int, bytes, Mapping[str, str]]:
    if isinstance(found, Answer):
        return found.status, found.body, found.headers
    return found.status_code, found.content, found.headers
