"""The stream's port: a TCP server on 127.0.0.1 for Remote Scripts and api clients. Frames to messages, no decisions.

The first frame of a connection decides its role. A connection has five seconds to say hello; until it is welcomed, a
large frame or an invalid message closes it, and at once what does not begin as a frame does, such as a web page's post.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from musearoo.bridge.links.ports import listen_on_free_port
from musearoo.bridge.protocol import (
    LONGEST_CLIENT_FRAME,
    LONGEST_DATAGRAM,
    LONGEST_FRAME,
    MOST_EDITED,
    NOTE_BYTES,
    ApiHello,
    ApiWelcome,
    ScriptWelcome,
)
from musearoo.bridge.protocol.codec import decode, encode, encode_bundle
from musearoo.bridge.protocol.framing import END, FrameReader, encode_frame
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.bridge.settings.logs import LOG

HELLO_WITHIN = 5.0
"""Seconds after which a connection without a hello is closed."""

LONGEST_HELLO = 2048
"""Most bytes of a frame before the peer is admitted."""

LAST_WORDS_WITHIN = 0.5
"""Seconds in which a connection that is being closed must take its last messages."""

MOST_UNADMITTED = 16
"""Most simultaneous connections that are not admitted yet."""

LONGEST_FROM_CLIENT = 2 * (LONGEST_DATAGRAM + MOST_EDITED * NOTE_BYTES)
"""Most bytes of a frame of a client: a message of a device, or edited notes, of which every byte may be escaped."""

MOST_UNREAD = 4 * LONGEST_FRAME
"""Bytes that may wait for a client to read them: large sets are a few MB. A slower one is closed."""

MOST_A_TURN = 16
"""Packets of a client that are handled before others have their turn: some milliseconds of work."""

API_HEAD = ApiHello.path.rpartition("/")[0].encode() + b"/"
"""The beginning of all messages of the api role, but for those of devices."""


@dataclass(frozen=True, slots=True)
class Role:
    """What handles the messages of one kind of peer, by the connection's number, and its end. Both run in the loop."""

    on_message: Callable[[int, Message], None]
    on_lost: Callable[[int], None]


class StreamLink:
    """Connections from Remote Scripts and clients, numbered from 1 together. Without `clients` only scripts may come.

    Clients' messages are those of the api role and, once they are welcomed, those of devices.
    """

    def __init__(self, scripts: Role, clients: Role | None = None) -> None:
        self.scripts = scripts
        self.clients = clients
        self._connections: dict[int, _Connection] = {}
        self._made = 0
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, first_port: int) -> None:
        """Listen on the first free port from `first_port` on; raises OSError if there is none free."""
        loop = asyncio.get_running_loop()

        async def listen(port: int) -> None:
            self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", port)

        self.port = await listen_on_free_port(first_port, listen)

    def send(self, link: int, messages: Sequence[Message]) -> None:
        """Send one message, or several as one bundle; a closed connection drops them.

        Raises WireError for a packet that the peer would refuse.
        """
        connection = self._connections.get(link)
        if connection is not None:
            connection.send(messages)

    def close(self, link: int) -> None:
        """Close one connection, after a moment for its last messages."""
        connection = self._connections.get(link)
        if connection is not None:
            connection.close()

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server:
            self._server.close()
        for link in list(self._connections):
            self.close(link)
        if self._server:
            await self._server.wait_closed()

    def enter(self, connection: "_Connection") -> int:
        """Return the number of a new connection; 0 if there are too many that are not admitted."""
        if sum(1 for each in self._connections.values() if not each.is_admitted) >= MOST_UNADMITTED:
            return 0
        self._made += 1
        self._connections[self._made] = connection
        return self._made

    def leave(self, link: int) -> None:
        """Forget a connection that has ended."""
        del self._connections[link]


class _Connection(asyncio.Protocol):
    """One connection; its first packet decides on its role."""

    def __init__(self, port: StreamLink) -> None:
        self._port = port
        self._reader = FrameReader(LONGEST_HELLO)
        self._packets: deque[bytes] = deque()
        self._link = 0
        self._has_begun = False
        self._role: Role | None = None
        self._transport: asyncio.Transport
        self._impatient: asyncio.TimerHandle
        self.is_admitted = False

    # --- asyncio's callbacks ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own transports are not subclasses of Transport on every platform.
        self._transport = transport  # type: ignore[assignment]
        self._impatient = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._close_unadmitted)
        self._link = self._port.enter(self)
        if not self._link:
            self.close()

    def data_received(self, data: bytes) -> None:
        try:
            if not self._has_begun and not data.startswith(END):
                raise WireError("what it said first is no frame")
            self._has_begun = True
            self._packets += self._reader.feed(data)
        except WireError as error:
            self._refuse(error)
        self._take_some()
        if self._packets:
            # Not read from until these are handled, so that a client that never pauses fills its own buffers.
            self._transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._go_on)

    def connection_lost(self, error: Exception | None) -> None:
        self._packets.clear()
        self._impatient.cancel()
        if not self._link:
            return
        if error is not None:
            LOG.info("Connection %d of %s broke: %s", self._link, self._who, error)
        self._port.leave(self._link)
        (self._role or self._port.scripts).on_lost(self._link)

    # --- what the link does ---

    def send(self, messages: Sequence[Message]) -> None:
        if self._transport.is_closing():
            return
        match messages[0]:
            case ScriptWelcome():
                self.is_admitted, self._reader.longest = True, LONGEST_FRAME
            case ApiWelcome():
                self.is_admitted, self._reader.longest = True, LONGEST_FROM_CLIENT
        longest = LONGEST_CLIENT_FRAME if self._is_client else LONGEST_FRAME
        frame = encode_frame(encode(messages[0]) if len(messages) == 1 else encode_bundle(messages))
        if len(frame) > longest:
            raise WireError(f"a packet on the stream must be at most {longest:,} bytes, not {len(frame):,}")
        self._transport.write(frame)
        if self._is_client and (unread := self._transport.get_write_buffer_size()) > MOST_UNREAD:
            LOG.warning("Connection %d of %s is closed: it leaves %d bytes unread.", self._link, self._who, unread)
            self._transport.abort()

    def close(self) -> None:
        self._transport.close()
        # A frozen peer reads nothing, so the transport would never finish writing.
        asyncio.get_running_loop().call_later(LAST_WORDS_WITHIN, self._transport.abort)

    def _go_on(self) -> None:
        self._take_some()
        if self._packets:
            asyncio.get_running_loop().call_soon(self._go_on)
        elif not self._transport.is_closing():
            self._transport.resume_reading()

    def _take_some(self) -> None:
        """Handle the packets that have come: all of a script, MOST_A_TURN of a client."""
        taken = 0
        try:
            while self._packets and not (self._is_client and taken >= MOST_A_TURN):
                if self._transport.is_closing():
                    self._packets.clear()
                    return
                self._take(self._packets.popleft())
                taken += 1
        except WireError as error:
            self._refuse(error)

    def _refuse(self, error: WireError) -> None:
        LOG.warning("Connection %d of %s is closed: %s", self._link, self._who, error)
        self._packets.clear()
        self.close()

    def _take(self, packet: bytes) -> None:
        role = self._role
        if role is None:
            clients = self._port.clients
            self._role = role = clients if clients is not None and packet.startswith(API_HEAD) else self._port.scripts
        try:
            for message in decode(packet, self._route_of(packet)):
                role.on_message(self._link, message)
        except WireError as error:
            if not self.is_admitted:
                raise
            LOG.warning("%s sent a message that was not understood: %s", self._who.capitalize(), error)

    def _route_of(self, packet: bytes) -> Route:
        if not self._is_client:
            return Route.SCRIPT_TO_DAEMON
        is_own = not self.is_admitted or packet.startswith(API_HEAD)
        return Route.API_TO_DAEMON if is_own else Route.DEVICE_TO_DAEMON

    @property
    def _is_client(self) -> bool:
        return self._role is not None and self._role is self._port.clients

    @property
    def _who(self) -> str:
        if self._role is None:
            return "a stranger"
        return "a client" if self._is_client else "Live"

    def _close_unadmitted(self) -> None:
        if not self.is_admitted:
            LOG.warning("Connection %d did not say hello within %.0f s and is closed.", self._link, HELLO_WITHIN)
            self.close()
