"""Any request of REST through a WebSocket: the same routes, called in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from musearoo.bridge.api.access.guard import PREFIX
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.sessions.audience import MOST_BYTES
from musearoo.bridge.api.types.frames import Rest, RestAnswer

ALLOWED: Final = frozenset({"if-match", "if-none-match", "idempotency-key", "range", "if-range", "accept"})
"""Headers that a client may give."""
LARGEST_ANSWER: Final = MOST_BYTES * 5 // 8
"""Bytes of an answer in one frame, which JSON makes a third longer; a longer file is fetched by HTTP."""

Message = MutableMapping[str, Any]
App = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


async def call_route(
    app: App, asked: Rest, who: Who, request_id: str, data: bytes | None = None, content_type: str = "application/json"
) -> RestAnswer:
    """Return a route's answer. `data` is a body other than JSON. Raises ApiError for one too long for a frame."""
    try:
        parts = urlsplit(asked.path)
    except ValueError as error:
        raise ApiError(400, "bad_request", "That path is no path: /docs lists what there is.", "path") from error
    path = PREFIX + unquote(parts.path)
    body = data if data is not None else b"" if asked.body is None else msgspec.json.encode(asked.body)
    given = ((name.lower(), value) for name, value in asked.headers.items())
    headers = [(name.encode(), value.encode()) for name, value in given if name in ALLOWED]
    headers += [(b"host", b"websocket"), (b"content-type", content_type.encode())]
    headers.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": headers,
        "client": None,
        "server": None,
        "state": {"who": who, "request_id": request_id},
    }
    collected = _Collected()
    sent: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        if not sent:
            # A file that is sent piece by piece looks out for a client that hangs up.
            await asyncio.Event().wait()
        return sent.pop()

    await app(scope, receive, collected.send)
    return collected.answer()


class _Collected:
    """Collects an answer."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._is_too_long = False

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self._is_too_long |= len(self._body) + len(message.get("body", b"")) > LARGEST_ANSWER
            if not self._is_too_long:
                self._body += message.get("body", b"")

    def answer(self) -> RestAnswer:
        """Return what was collected. Raises ApiError for what is too long."""
        if self._is_too_long:
            raise ApiError(413, "too_large", "That answer is too long for a frame: fetch it by HTTP.")
        kind = self._headers.get("content-type", "")
        body: Any = bytes(self._body)
        if "json" in kind:
            body = msgspec.json.decode(body) if body else None
        elif kind.startswith("application/msgpack"):
            body = msgspec.msgpack.decode(body)
        elif not body:
            body = None
        # In JSON frames msgspec writes bytes as base64.
        shown = {name: value for name, value in self._headers.items() if name != "content-length"}
        return RestAnswer(status=self._status, body=body, headers=shown)
