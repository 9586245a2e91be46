"""Where `udpsend` and `udpreceive` meet the world: real sockets, or an unreal network for tests without one."""

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
    """What the sockets of a device stand on."""

    def listen(self, port: int, received: Received) -> bool:
        """Opens a port; False when somebody has it."""

    def close_port(self, port: int) -> None:
        """Gives a port back."""

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Sends one packet; what nobody hears is lost without a word."""

    def poll(self, seconds: float) -> None:
        """Hands out what has come; waits for it up to `seconds`."""

    def close(self) -> None:
        """Closes all ports."""


@dataclass(slots=True)
class MemoryNetwork:
    """No network at all: notes what is sent and delivers what a test hands in.

    `busy_ports` are taken by somebody else; `answer` may answer what is sent, as a daemon would.
    """

    sent: list[tuple[int, bytes]] = field(default_factory=list)
    busy_ports: set[int] = field(default_factory=set)
    answer: Callable[[int, bytes], None] | None = None
    _ports: dict[int, Received] = field(default_factory=dict)

    def listen(self, port: int, received: Received) -> bool:
        """Opens a port; False when somebody has it."""
        if port in self.busy_ports or port in self._ports:
            return False
        self._ports[port] = received
        return True

    def close_port(self, port: int) -> None:
        """Gives a port back."""
        self._ports.pop(port, None)

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Notes the packet; devices of the same Max that listen there get it, and `answer` is asked."""
        self.sent.append((port, packet))
        self.deliver(port, packet)
        if self.answer is not None:
            self.answer(port, packet)

    def deliver(self, port: int, packet: bytes) -> bool:
        """A packet from outside; False when nobody listens there."""
        received = self._ports.get(port)
        if received is not None:
            received(packet)
        return received is not None

    def poll(self, seconds: float) -> None:
        """Nothing: packets are handed over at once."""

    def close(self) -> None:
        """Closes all ports."""
        self._ports.clear()


class SocketNetwork:
    """UDP on this machine alone. Packets go out from a port of their own, as Max sends them."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._listening: dict[int, socket.socket] = {}
        self._sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sender.setblocking(False)

    def listen(self, port: int, received: Received) -> bool:
        """Opens a port; False when somebody has it."""
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
        """Gives a port back."""
        opened = self._listening.pop(port, None)
        if opened is not None:
            self._selector.unregister(opened)
            opened.close()

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Sends one packet; a full queue or a closed port loses it, as UDP may."""
        try:
            self._sender.sendto(packet, (host, port))
        except (BlockingIOError, ConnectionError):
            return

    def poll(self, seconds: float) -> None:
        """Hands out what has come; waits for it up to `seconds`."""
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
        """Closes all ports."""
        for port in list(self._listening):
            self.close_port(port)
        self._selector.close()
        self._sender.close()
