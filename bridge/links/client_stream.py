"""The stream between the daemon and a client: bytes to packets and back. No decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from musearoo.bridge.protocol import LONGEST_CLIENT_FRAME
from musearoo.bridge.protocol.codec import encode
from musearoo.bridge.protocol.framing import FrameReader, encode_frame
from musearoo.bridge.protocol.types import Message, WireError
from musearoo.bridge.settings.logs import LOG


class ClientStream(asyncio.Protocol):
    """The bytes of one connection to the daemon. `on_lost` is called when it has ended, before `lost` is seen."""

    def __init__(self, receive: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._reader = FrameReader(LONGEST_CLIENT_FRAME)
        self._transport: asyncio.Transport
        self.on_lost: Callable[[], None] = lambda: None
        self.lost = asyncio.Event()
        self.unanswered = 0
        """Beats since the last sign of the daemon."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own transports are not subclasses of Transport on every platform.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.unanswered = 0
        try:
            for packet in self._reader.feed(data):
                self._receive(packet)
        except WireError as error:
            LOG.warning("The connection to the daemon is closed: %s", error)
            self.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self.lost.set()
        self.on_lost()

    def send(self, message: Message) -> None:
        """Send one message; raises WireError if an argument is out of bounds."""
        self._transport.write(encode_frame(encode(message)))

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()
