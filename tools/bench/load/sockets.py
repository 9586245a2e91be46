"""One WebSocket of a load, as a protocol of asyncio: `websockets` reads and writes its frames, without tasks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, cast

import msgspec
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from musearoo.bridge.api.types.frames import MSGPACK_PROTOCOL

_FRAMES: Final = msgspec.msgpack.Decoder(tuple[str, int, msgspec.Raw])


class LoadSocket(asyncio.Protocol):
    """Says hello as soon as it is open; `on_frame` gets each frame with the time at which its last byte was read."""

    def __init__(self, port: int, session: str, token: str, on_frame: Callable[[str, int, msgspec.Raw, float], None]):
        uri = parse_uri(f"ws://127.0.0.1:{port}/ws/{session}")
        self._protocol = ClientProtocol(uri, subprotocols=[Subprotocol(MSGPACK_PROTOCOL)], max_size=None)
        self._token = token
        self._on_frame = on_frame
        self._transport: asyncio.Transport | None = None
        self.is_open = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)
        self._protocol.send_request(self._protocol.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Read frames."""
        now = time.perf_counter()
        was_open = self._protocol.state is State.OPEN
        self._protocol.receive_data(data)
        if not was_open and self._protocol.state is State.OPEN:
            self.send("hello", 0, {"token": self._token})
        for event in self._protocol.events_received():
            if isinstance(event, Frame) and event.opcode is Opcode.BINARY:
                kind, id, body = _FRAMES.decode(event.data)
                self.is_open = self.is_open or kind == "welcome"
                self._on_frame(kind, id, body, now)
        self._flush()

    def connection_lost(self, _error: Exception | None) -> None:
        """Note the end."""
        self.is_open, self._transport = False, None
        if not self.ended.done():
            self.ended.set_result(None)

    def send(self, kind: str, id: int, body: Any) -> None:
        """Send a frame."""
        self._protocol.send_binary(msgspec.msgpack.encode((kind, id, body)))
        self._flush()

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._protocol.send_close(1001)
            self._flush()
            if self._transport is not None:
                self._transport.close()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if self._transport is not None:
                if data:
                    self._transport.write(data)
                else:
                    self._transport.close()
