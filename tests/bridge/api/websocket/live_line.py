"""A client of the WebSocket for tests, in either encoding."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Self

import msgspec
from websockets.sync.client import ClientConnection, connect

from musearoo.bridge.api.types.frames import JSON_PROTOCOL, MSGPACK_PROTOCOL
from tests.bridge.api.running import RunningServer

WITHIN = 20.0


class LiveLine:
    """A connection to a session. `welcome` is the answer to its hello."""

    def __init__(
        self,
        server: RunningServer,
        session: str,
        *,
        token: str = "",
        since: int | None = None,
        events: list[str] | None = None,
        is_text: bool = False,
    ) -> None:
        self.is_text = is_text
        self.socket: ClientConnection = connect(
            f"ws://127.0.0.1:{server.port}/ws/{session}",
            subprotocols=[JSON_PROTOCOL if is_text else MSGPACK_PROTOCOL],  # type: ignore[list-item]
            compression=None,
        )
        self.number = 1
        self.passed: list[list[Any]] = []
        """Frames that came while others were waited for."""
        hello: dict[str, Any] = {"token": token or server.token}
        if since is not None:
            hello["since"] = since
        if events is not None:
            hello["events"] = events
        self.send("hello", 1, hello)
        self.welcome = self.receive()

    def send(self, type: str, id: int, body: Any) -> None:
        """Send a frame."""
        frame = [type, id, body]
        self.socket.send(json.dumps(frame) if self.is_text else msgspec.msgpack.encode(frame))

    def send_bytes(self, data: bytes) -> None:
        """Send anything."""
        self.socket.send(data.decode("utf-8", "replace") if self.is_text else data)

    def receive(self) -> list[Any]:
        """The next frame."""
        data = self.socket.recv(WITHIN)
        found: list[Any] = json.loads(data) if self.is_text else msgspec.msgpack.decode(data)  # type: ignore[arg-type]
        return found

    def until(self, wanted: Callable[[list[Any]], bool]) -> list[Any]:
        """The next frame that is wanted."""
        while not wanted(frame := self.receive()):
            self.passed.append(frame)
        return frame

    def ask(self, type: str, body: Any) -> list[Any]:
        """Send a request and return its answer."""
        self.number += 1
        number = self.number
        self.send(type, number, body)
        return self.until(lambda frame: frame[1] == number)

    def event(self, name: str) -> dict[str, Any]:
        """The next event of that name."""
        body: dict[str, Any] = self.until(lambda frame: frame[0] == "event" and frame[2]["event"] == name)[2]
        return body

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
