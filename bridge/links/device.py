"""The devices' datagrams: a UDP socket on 127.0.0.1 that turns packets into messages. No decisions."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from musearoo.bridge.core.events.incoming import IncompatibleHelloReceived, Source, UnknownPacketReceived
from musearoo.bridge.links.ports import listen_on_free_port
from musearoo.bridge.protocol import LONGEST_DATAGRAM
from musearoo.bridge.protocol.codec import decode, encode, read_other_hello
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.bridge.settings.logs import LOG

RECEIVE_BUFFER = 1 << 20
"""Socket receive buffer in bytes, so that bursts of many devices arrive whole while the loop is busy."""


class DeviceLink(asyncio.DatagramProtocol):
    """One UDP socket for all devices. Its callbacks run in the event loop.

    `on_message(source, message)` gets valid messages, `on_unknown(event)` all other packets.
    """

    def __init__(
        self,
        on_message: Callable[[Source, Message], None],
        on_unknown: Callable[[IncompatibleHelloReceived | UnknownPacketReceived], None],
    ) -> None:
        self._on_message = on_message
        self._on_unknown = on_unknown
        self._transport: asyncio.DatagramTransport | None = None
        self.port = 0

    async def start(self, first_port: int) -> None:
        """Listen on the first free port from `first_port` on; raises OSError if there is none free."""
        loop = asyncio.get_running_loop()
        self.port = await listen_on_free_port(
            first_port, lambda port: loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", port))
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's callback when the socket is open."""
        # asyncio's own datagram transports are not subclasses of DatagramTransport on every platform.
        self._transport = cast(asyncio.DatagramTransport, transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """asyncio's callback for each packet."""
        try:
            if len(data) > LONGEST_DATAGRAM:
                raise WireError(f"a datagram must be at most {LONGEST_DATAGRAM} bytes, got {len(data)}")
            messages = decode(data, Route.DEVICE_TO_DAEMON)
        except WireError as error:
            LOG.debug("A packet on the devices' port was not understood: %s", error)
            other = read_other_hello(data[:LONGEST_DATAGRAM])
            self._on_unknown(IncompatibleHelloReceived(address[0], *other) if other else UnknownPacketReceived())
            return
        for message in messages:
            self._on_message(Source(*address), message)

    def error_received(self, error: Exception) -> None:
        """asyncio's callback when the system reports a device's port as closed: its session will time out."""
        LOG.debug("A device's port is closed: %s", error)

    def send(self, host: str, port: int, message: Message) -> None:
        """Send one message as one datagram; raises WireError for one that is too long for Max."""
        packet = encode(message)
        if len(packet) > LONGEST_DATAGRAM:
            raise WireError(f"a datagram must be at most {LONGEST_DATAGRAM} bytes, not {len(packet)}")
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(packet, (host, port))

    def stop(self) -> None:
        """Close the socket."""
        if self._transport:
            self._transport.close()
