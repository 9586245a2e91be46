"""OSC, the two UDP objects, and several devices in one Max."""

import random
import socket

import pytest

from musearoo.bridge.protocol import Hello
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Route
from musearoo.tools.max_simulator.formats.atoms import Atom
from musearoo.tools.max_simulator.formats.osc import OscError, pack, unpack
from musearoo.tools.max_simulator.objects.sockets import QUEUE_SIZE
from musearoo.tools.max_simulator.outside.clock import RealClock
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from tests.each_case import each_case
from tests.tools.max_simulator.patches import amxd, box, load, patcher

ECHO = (
    [box("in", "udpreceive 24700 @defer 1"), box("out", "udpsend 127.0.0.1 24620"), box("say", "prepend /echo")],
    ["in -> say", "say -> out"],
)


def echo(host: MaxHost | None = None) -> Device:
    """A device that sends back what it receives."""
    return load(*ECHO, host=host)


MESSAGES: list[tuple[str, tuple[Atom, ...]]] = [
    ("/roo/beat", ()),
    ("/roo/got", (7, 2)),
    ("/x", (-1, 0.5, "", "abc", "abcd", "über 🎵")),
]


@each_case("selector, atoms", MESSAGES)
def test_a_packet_is_what_the_wire_has_and_comes_back(selector: str, atoms: tuple[Atom, ...]) -> None:
    assert unpack(pack(selector, atoms)) == (selector, atoms)
    assert len(pack(selector, atoms)) % 4 == 0


def test_the_daemon_reads_what_udpsend_sends() -> None:
    hello = Hello("roo-1", 24700, 6, "12.3.6", "Öde", 48_000, 1, -2, 3, -4, 2**31 - 1)
    packet = pack("/roo/hello", ("roo-1", 24700, 6, "12.3.6", "Öde", 48_000, 1, -2, 3, -4, 2**31 - 1))
    assert packet == encode(hello)
    assert list(decode(packet, Route.DEVICE_TO_DAEMON)) == [hello]


def test_a_double_comes_as_nothing() -> None:
    """Facts read off udpreceive: doubles arrive as 0."""
    assert unpack(b"/x\0\0,d\0\0" + bytes(range(8))) == ("/x", (0.0,))


@each_case(
    "packet",
    [
        *(b"", b"/", b"/x\0\0,i\0\0\0\0", b"x\0\0\0", b"/x\0\0i\0\0\0", b"/x\0\0,b\0\0\0\0\0\0"),
        *(b"#bundle\0" + bytes(8), b"/x\0\0,s\0\0abcd", b"/x\0\0,i\0\0\0\0\0\1\0\0\0\0", b"/\xff\0\0", b"/x\0\1"),
    ],
)
def test_what_cannot_be_read_is_ignored(packet: bytes) -> None:
    with pytest.raises(OscError):
        unpack(packet)
    device = echo()
    device.packet(packet)
    device.host.run_for(0.01)
    assert device.sent == []
    assert device.errors == []
    assert device.ignored_packets == 1


def test_any_bytes_are_a_message_or_ignored() -> None:
    draw = random.Random(5)
    for _ in range(3_000):
        packet = bytearray(pack("/roo/done", (1, 2, "text", 0.5)))
        for _ in range(draw.randint(1, 6)):
            packet[draw.randrange(len(packet))] = draw.randrange(256)
        try:
            selector, _ = unpack(bytes(packet[: draw.randint(0, len(packet))]))
        except OscError:
            continue
        assert selector.startswith("/")


def test_numbers_that_do_not_fit_and_long_packets_are_told() -> None:
    device = load([box("out", "udpsend 127.0.0.1 9000")])
    device.object("out").receive(0, "/x", (2**31,))
    device.object("out").receive(0, "/x", ("a" * 6000,))
    device.object("out").receive(0, "x", (1,))
    assert [error.split(": ", 1)[1] for error in device.errors] == [
        "/x: 2147483648 does not fit into 32 bits",
        "/x: 6012 bytes, udpsend sends 5096 at most",
        "'x' is not an OSC address",
    ]
    assert device.sent == []


def test_packets_wait_in_the_queue_and_too_many_are_lost() -> None:
    device = echo()
    for number in range(QUEUE_SIZE + 5):
        device.packet(pack("/n", (number,)))
    assert device.sent == []
    device.host.run_for(1.0)
    assert device.sent == [("/echo", "/n", number) for number in range(QUEUE_SIZE)]
    assert device.ignored_packets == 5


def test_without_defer_packets_come_in_the_scheduler() -> None:
    device = load([box("in", "udpreceive 24700"), *ECHO[0][1:]], ECHO[1])
    threads: list[str] = []
    original = device.object("say").receive
    device.object("say").receive = lambda *given: (threads.append(device.host.thread.value), original(*given))  # type: ignore[assignment,func-returns-value,method-assign]
    device.packet(pack("/n", (1,)))
    device.host.run_for(0.01)
    assert threads == ["scheduler"]


def test_a_port_that_is_taken_is_lost_in_silence() -> None:
    network = MemoryNetwork(busy_ports={24701})
    host = MaxHost(FakeLive.with_tracks(1), network=network)
    first, second = echo(host), echo(host)
    assert first.reply_port == 24700
    assert second.reply_port is None
    assert second.errors == []
    second.object("in").receive(0, "port", (24701,))
    assert second.reply_port is None
    second.object("in").receive(0, "port", (24702,))
    assert second.reply_port == 24702
    first.delete()
    second.object("in").receive(0, "port", (24700,))
    assert second.reply_port == 24700
    assert not network.deliver(24702, b"")


def test_devices_in_one_max_are_independent() -> None:
    host = MaxHost(FakeLive.with_tracks(1))
    first, second = echo(host), echo(host)
    second.object("in").receive(0, "port", (24800,))
    second.packet(pack("/n", (1,)))
    host.run_for(0.01)
    assert first.sent == []
    assert second.sent == [("/echo", "/n", 1)]


def test_a_deleted_device_hears_nothing_and_says_nothing() -> None:
    device = echo()
    host = device.host
    device.packet(pack("/n", (1,)))
    device.delete()
    host.run_for(0.1)
    assert device.sent == []
    assert device.reply_port is None
    device.delete()


def test_real_packets_there_and_back() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(2.0)
        with MaxHost(FakeLive.with_tracks(1), RealClock()) as host:
            device = host.load(amxd(patcher(*ECHO)))
            device.object("out").receive(0, "port", (daemon.getsockname()[1],))
            device.object("in").receive(0, "port", (free_port(),))
            assert device.reply_port is not None
            daemon.sendto(pack("/roo/welcome", (7, "0.1.0")), ("127.0.0.1", device.reply_port))
            host.run_until(lambda: bool(device.sent), 2.0, "echo")
            address, atoms = unpack(daemon.recv(2048))
            assert (address, atoms) == ("/echo", ("/roo/welcome", 7, "0.1.0"))


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
