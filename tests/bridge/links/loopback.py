"""Peers on real loopback sockets, for the tests of the links."""

import asyncio
from collections.abc import Callable

PATIENCE_S = 5.0
"""How long a test waits for what must come; it is over as soon as it has come."""


async def until(condition: Callable[[], bool]) -> None:
    """Returns once `condition` holds; fails after PATIENCE_S."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)


class Peer:
    """A TCP client that can say anything."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Peer":
        """A connection to a port on this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def say(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._writer.write(data)

    async def read(self, count: int) -> bytes:
        """The next `count` bytes."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._reader.readexactly(count)

    async def read_to_the_end(self) -> bytes:
        """Everything that still comes until the other side has closed."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                return await self._reader.read()
            except ConnectionError:
                return b""

    async def leave(self) -> None:
        """Closes the connection."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except ConnectionError:
            return


class Mailbox(asyncio.DatagramProtocol):
    """A UDP socket that keeps what it receives."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.transport: asyncio.DatagramTransport

    @classmethod
    async def open(cls) -> "Mailbox":
        """A mailbox on a port of its own."""
        loop = asyncio.get_running_loop()
        transport, box = await loop.create_datagram_endpoint(cls, ("127.0.0.1", 0))
        box.transport = transport
        return box

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        """asyncio's call for each packet."""
        self.packets.append(data)

    def say(self, port: int, data: bytes) -> None:
        """Sends a packet as it is."""
        self.transport.sendto(data, ("127.0.0.1", port))
