"""[udpsend] and [udpreceive]."""

from musearoo.tools.max_simulator.formats.atoms import as_number
from musearoo.tools.max_simulator.formats.osc import OscError, pack, unpack
from musearoo.tools.max_simulator.objects.base import Atoms, MaxObject

QUEUE_SIZE = 512
"""The maximum number of waiting packets; more are lost (`maxqueuesize` in both objects' reference pages)."""


class UdpSend(MaxObject):
    """[udpsend host port]: sends every message as an OSC packet."""

    classes = ("udpsend",)
    inlets, outlets = (1,), 0
    typed = frozenset(("maxqueuesize", "maxpacketsize"))

    def start(self) -> None:
        """Read host and port from its box."""
        host, port = (*self.box.arguments, "", 0)[:2]
        self._host, self.port = str(host), int(as_number(port))

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: `host` and `port` set the destination; all others are sent."""
        if selector == "port" and atoms:
            self.port = int(as_number(atoms[0]))
        elif selector == "host" and atoms:
            self._host = str(atoms[0])
        elif not selector.startswith("/"):
            # Max would send it with an address that no OSC program accepts.
            self.patch.error(f"{self.box.place}: {selector!r} is not an OSC address")
        else:
            self._send(selector, atoms)

    def _send(self, selector: str, atoms: Atoms) -> None:
        try:
            packet = pack(selector, atoms)
        except OscError as error:
            self.patch.error(f"{self.box.place}: {error}")
            return
        self.patch.sent.append((selector, *atoms))
        self.patch.host.network.send(self._host, self.port, packet)


class UdpReceive(MaxObject):
    """[udpreceive port]: sends received OSC messages; silent when the port is in use or a packet is malformed.

    With `@defer 1` it sends in the main thread, from the end of the queue, else in the scheduler thread.
    """

    classes = ("udpreceive",)
    inlets, outlets = (1,), 1
    typed = frozenset(("defer", "quiet", "maxqueuesize"))
    settable = frozenset(("defer", "quiet", "maxqueuesize"))

    def start(self) -> None:
        """Listen on the port in its box."""
        self.port: int | None = None
        self.ignored = 0
        self._waiting = 0
        first = self.box.arguments[0] if self.box.arguments else 0
        if isinstance(first, int) and first > 0:
            self._listen(first)

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: `port` changes the port."""
        if selector == "port" and atoms:
            self._listen(int(as_number(atoms[0])))
        else:
            self.handle_unknown(selector, atoms)

    def _listen(self, port: int) -> None:
        self.free()
        if self.patch.host.network.listen(port, self.take):
            self.port = port

    def free(self) -> None:
        """Close the port."""
        if self.port is not None:
            self.patch.host.network.close_port(self.port)
            self.port = None

    def take(self, packet: bytes) -> None:
        """Receive a packet from the network."""
        try:
            selector, atoms = unpack(packet)
        except OscError:
            self.ignored += 1
            return
        if self._waiting >= QUEUE_SIZE:
            self.ignored += 1
            return
        self._waiting += 1
        hand_on = self.patch.alive(lambda: self._hand_on(selector, atoms))
        if self.attribute("defer", 0):
            self.patch.host.defer_low(hand_on)
        else:
            self.patch.host.soon(hand_on)

    def _hand_on(self, selector: str, atoms: Atoms) -> None:
        self._waiting -= 1
        self.patch.intern((selector, *atoms))
        self.send(0, selector, atoms)
