"""HTTP with bounds on the head of a request, which uvicorn's own protocol lets grow, and wait, without end."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from musearoo.bridge.api.problems.errors import ApiError

LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a request's line and headers, as far as they come before they are complete."""
VERSIONS: Final = ("1.0", "1.1")
HEAD_WITHIN = 10.0
"""Seconds in which the head of a request must come, from the connection or from its first byte."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol that closes connections whose head is too long or too slow, and answers with problems."""

    _deadline: asyncio.TimerHandle | None = None
    _is_between = True
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Expect a head."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless the head is too long."""
        if self._deadline is None and self._is_between:
            self._expect_head()
        super().data_received(data)
        if self._deadline is not None:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                sentence = f"The headers may have {LARGEST_HEAD:,} bytes at most: send fewer."
                self._refuse(ApiError(431, "head_too_large", sentence))

    def on_headers_complete(self) -> None:
        """Begin the request."""
        self._end_head()
        self._is_between = False
        if self.parser.get_http_version() not in VERSIONS:
            # Within the parser's callback: it stops, and `send_400_response` follows.
            raise ValueError("another version of HTTP")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request."""
        self._is_between = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP. `msg` is uvicorn's, which says no more."""
        del msg
        self._refuse(
            ApiError(400, "bad_request", "That is no valid HTTP request: see that a client's library makes it.")
        )

    def _expect_head(self) -> None:
        self._head_bytes = 0
        self._deadline = self.loop.call_later(HEAD_WITHIN, self._give_up)

    def _end_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self._head_bytes:
            self._refuse(
                ApiError(408, "too_slow", f"The headers must come within {HEAD_WITHIN:g} s: send them at once.")
            )
        else:
            self._end_head()
            self.transport.close()

    def _refuse(self, error: ApiError) -> None:
        self._end_head()
        self._is_between = False
        if self.transport.is_closing():
            return
        body = msgspec.json.encode(error.problem())
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            "content-type: application/problem+json\r\n"
            "cache-control: no-store\r\n"
            "x-content-type-options: nosniff\r\n"
            f"content-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
