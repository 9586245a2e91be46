"""The stream to the Remote Script: a TCP server on 127.0.0.1 that turns frames into messages. No decisions.

A connection has five seconds to say hello; until it is welcomed, a large frame or an invalid message closes it.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from musearoo.bridge.links.ports import listen_on_free_port
from musearoo.bridge.protocol import LONGEST_FRAME, ScriptWelcome
from musearoo.bridge.protocol.codec import decode, encode, encode_bundle
from musearoo.bridge.protocol.framing import FrameReader, encode_frame
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.bridge.settings.logs import LOG

HELLO_WITHIN = 5.0
"""Seconds after which a connection without a hello is closed."""

LONGEST_HELLO = 2048
"""Most bytes of a frame before the script is admitted."""

LAST_WORDS_WITHIN = 0.5
"""Seconds in which a connection that is being closed must take its last messages."""

MOST_UNADMITTED = 16
"""Most simultaneous connections that are not admitted yet."""

READ_SIZE = 65_536


@dataclass(slots=True)
class _Connection:
    writer: asyncio.StreamWriter
    reader: FrameReader
    admitted: bool = False


class ScriptLink:
    """Connections from Remote Scripts, numbered from 1. `on_message` and `on_lost` run in the event loop."""

    def __init__(self, on_message: Callable[[int, Message], None], on_lost: Callable[[int], None]) -> None:
        self._on_message = on_message
        self._on_lost = on_lost
        self._connections: dict[int, _Connection] = {}
        self._made = 0
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, first_port: int) -> None:
        """Listen on the first free port from `first_port` on; raises OSError if there is none free."""

        async def listen(port: int) -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

        self.port = await listen_on_free_port(first_port, listen)

    def send(self, link: int, messages: Sequence[Message]) -> None:
        """Send one message, or several as one bundle; a closed connection drops them.

        Raises WireError for a packet that the script would refuse.
        """
        connection = self._connections.get(link)
        if connection is None or connection.writer.is_closing():
            return
        if isinstance(messages[0], ScriptWelcome):
            connection.admitted = True
            connection.reader.longest = LONGEST_FRAME
        frame = encode_frame(encode(messages[0]) if len(messages) == 1 else encode_bundle(messages))
        if len(frame) > LONGEST_FRAME:
            raise WireError(f"a packet on the stream must be at most {LONGEST_FRAME:,} bytes, not {len(frame):,}")
        connection.writer.write(frame)

    def close(self, link: int) -> None:
        """Close one connection, after a moment for its last messages."""
        connection = self._connections.get(link)
        if connection:
            connection.writer.close()
            # A frozen Live reads nothing, so the transport would never finish writing.
            asyncio.get_running_loop().call_later(LAST_WORDS_WITHIN, connection.writer.transport.abort)

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server:
            self._server.close()
        for link in list(self._connections):
            self.close(link)
        if self._server:
            await self._server.wait_closed()

    async def _serve(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if sum(1 for connection in self._connections.values() if not connection.admitted) >= MOST_UNADMITTED:
            writer.close()
            return
        self._made += 1
        link = self._made
        connection = _Connection(writer, FrameReader(LONGEST_HELLO))
        self._connections[link] = connection
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        impatient = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._close_unadmitted, link)
        try:
            while data := await stream.read(READ_SIZE):
                self._receive(link, connection, data)
        except WireError as error:
            LOG.warning("Connection %d from Live is closed: %s", link, error)
        except ConnectionError as error:
            LOG.info("Connection %d from Live broke: %s", link, error)
        finally:
            impatient.cancel()
            del self._connections[link]
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            self._on_lost(link)

    def _receive(self, link: int, connection: _Connection, data: bytes) -> None:
        for packet in connection.reader.feed(data):
            try:
                for message in decode(packet, Route.SCRIPT_TO_DAEMON):
                    self._on_message(link, message)
            except WireError as error:
                if not connection.admitted:
                    raise
                LOG.warning("Live sent a message that was not understood: %s", error)

    def _close_unadmitted(self, link: int) -> None:
        connection = self._connections.get(link)
        if connection and not connection.admitted:
            LOG.warning("Connection %d did not say hello within %.0f s and is closed.", link, HELLO_WITHIN)
            connection.writer.close()
