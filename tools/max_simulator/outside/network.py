"""The network of `udpsend` and `udpreceive`: real sockets, or a fake network for tests."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

HOST = "127.0.0.1"

LONGEST_PACKET = 65_535

Received = Callable[[bytes], None]


class Network(Protocol):
    """The network interface that a device's sockets use."""

    def listen(self, port: int, received: Received) -> bool:
        """Open a port; return False when it is in use."""

    def close_port(self, port: int) -> None:
        """Close a port."""

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Send one packet; it is lost silently when no program listens."""

    def poll(self, seconds: float) -> None:
        """Deliver received packets; wait for them up to `seconds`."""

    def close(self) -> None:
        """Close all ports."""


@dataclass(slots=True)
class MemoryNetwork:
    """A fake network: records sent packets and delivers a test's packets.

    `busy_ports` are in use by other programs; `answer` may answer sent packets, as a daemon would.
    """

    sent: list[tuple[int, bytes]] = field(default_factory=list)
    busy_ports: set[int] = field(default_factory=set)
    answer: Callable[[int, bytes], None] | None = None
    _ports: dict[int, Received] = field(default_factory=dict)

    def listen(self, port: int, received: Received) -> bool:
        """Open a port; return False when it is in use."""
        if port in self.busy_ports or port in self._ports:
            return False
        self._ports[port] = received
        return True

    def close_port(self, port: int) -> None:
        """Close a port."""
        self._ports.pop(port, None)

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Record the packet, deliver it to listening devices of the same Max, and call `answer`."""
        self.sent.append((port, packet))
        self.deliver(port, packet)
        if self.answer is not None:
            self.answer(port, packet)

    def deliver(self, port: int, packet: bytes) -> bool:
        """Deliver a packet from outside; return False when no device listens there."""
        received = self._ports.get(port)
        if received is not None:
            received(packet)
        return received is not None

    def poll(self, seconds: float) -> None:
        """Do nothing: packets are delivered immediately."""

    def close(self) -> None:
        """Close all ports."""
        self._ports.clear()


class SocketNetwork:
    """UDP on the loopback interface only. Packets are sent from a separate port, as in Max."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._listening: dict[int, socket.socket] = {}
        self._sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sender.setblocking(False)

    def listen(self, port: int, received: Received) -> bool:
        """Open a port; return False when it is in use."""
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            opened.bind((HOST, port))
        except OSError:
            opened.close()
            return False
        opened.setblocking(False)
        self._listening[port] = opened
        self._selector.register(opened, selectors.EVENT_READ, received)
        return True

    def close_port(self, port: int) -> None:
        """Close a port."""
        opened = self._listening.pop(port, None)
        if opened is not None:
            self._selector.unregister(opened)
            opened.close()

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Send one packet; it is lost when the queue is full or the port is closed, as UDP allows."""
        try:
            self._sender.sendto(packet, (host, port))
        except (BlockingIOError, ConnectionError):
            return

    def poll(self, seconds: float) -> None:
        """Deliver received packets; wait for them up to `seconds`."""
        if not self._listening:
            # An empty selector returns at once on Windows.
            time.sleep(seconds)
            return
        for key, _ in self._selector.select(seconds):
            self._read(key)

    def _read(self, key: selectors.SelectorKey) -> None:
        opened, received = key.fileobj, key.data
        while isinstance(opened, socket.socket) and opened.fileno() >= 0:
            try:
                packet = opened.recv(LONGEST_PACKET)
            except (BlockingIOError, ConnectionError):
                return
            received(packet)

    def close(self) -> None:
        """Close all ports."""
        for port in list(self._listening):
            self.close_port(port)
        self._selector.close()
        self._sender.close()
