"""Random and mutated OSC packets on both sockets: no crash, no stall, no growth. 100,000 of them with -m long."""

import random
import socket
import time
from pathlib import Path
from typing import Self

import psutil
import pytest

from musearoo.bridge.protocol import (
    MESSAGES,
    WIRE_VERSION,
    ApiBeat,
    ApiHello,
    Beat,
    ClipNotes,
    Done,
    Generate,
    Hello,
    ScriptHello,
    ScriptRefused,
    ScriptWelcome,
    SetTempo,
    SongState,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode, encode_bundle
from musearoo.bridge.protocol.framing import encode_frame
from musearoo.bridge.protocol.types import Kind, Message, Route, Spec
from musearoo.bridge.settings.config_files import ConfigFolder, Endpoint
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.studio.processes import SCRIPT, Studio

SHORT, LONG = 4_000, 100_000

MOST_GROWTH = 24 * 1024 * 1024
"""Bytes that a process may grow by: its caches and the allocator's slack, not something for each packet."""

STALL = 0.05
"""Seconds within which the daemon must still acknowledge a press among the noise."""


def hostile_packet(chance: random.Random, honest: list[bytes]) -> bytes:
    """Noise, or an honest packet with bytes changed, cut, doubled or put into bundles."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 400))
    packet = bytearray(chance.choice(honest))
    if kind == 1:
        for _ in range(chance.randrange(1, 8)):
            packet[chance.randrange(len(packet))] = chance.randrange(256)
    elif kind == 2:
        del packet[chance.randrange(len(packet)) :]
    elif kind == 3:
        start = chance.randrange(len(packet))
        packet[start:start] = packet[start : start + chance.randrange(64)]
    elif kind == 4:
        size = chance.choice((len(packet), 0, -4, 2**31 - 1)) & 0xFFFFFFFF
        packet[:0] = b"#bundle\0" + chance.randbytes(8) + size.to_bytes(4, "big")
    else:
        packet.extend(chance.randbytes(chance.randrange(32)))
    return bytes(packet)


def honest_packets(session: int) -> list[bytes]:
    """Packets as peers send them; the press is one that no engine takes, so that no clip is made of it."""
    device: list[Message] = [
        Hello("fuzz", 40_000, WIRE_VERSION + 1, "12.3.6", "", 48_000, 1),
        Beat(session),
        Generate(session, 9_999, "no engine", "", 8, 1, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0),
    ]
    script: list[Message] = [
        ScriptHello("wrong token", WIRE_VERSION, "1", "12", "3.11", "fuzz"),
        ApiHello("wrong token", WIRE_VERSION, "fuzz", "1"),
        ApiBeat(),
        SongState("", 120.0, 4, 4, 0, "Major", 1, 0),
        TrackState(1, 0, 0, "Größe", 0, 0, 0, 0, 0),
        ClipNotes(1, bytes(72)),
    ]
    return [*map(encode, device), *map(encode, script), encode_bundle(script)]


def wait_until_warm(daemon: psutil.Process) -> None:
    """Until it loads nothing more: what it imports beside its first work would count as growth."""
    before, until = 0, time.monotonic() + 20.0
    while (now := daemon.memory_info().rss) - before > 1_000_000 and time.monotonic() < until:
        before = now
        time.sleep(1.0)


@pytest.mark.parametrize("packets", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_the_daemon_survives_hostile_packets_on_both_sockets(studio: Studio, packets: int) -> None:
    chance = random.Random(packets)
    endpoint = ConfigFolder(studio.home).read_endpoint()
    assert endpoint is not None
    honest = honest_packets(studio.device.session)
    daemon = psutil.Process(studio.daemon.pid)
    wait_until_warm(daemon)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    acknowledged = []
    stream: socket.socket | None = None
    growth_from = 0
    for number in range(packets):
        packet = hostile_packet(chance, honest)
        if number % 2:
            sender.sendto(packet[:9_000], ("127.0.0.1", endpoint.device_port))
        else:
            stream = send_on_stream(stream, endpoint.script_port, packet, chance)
        if number % 200 == 199:
            acknowledged.append(time_to_acknowledge(studio))
        if number == packets // 4:
            growth_from = daemon.memory_info().rss
    sender.close()
    if stream:
        stream.close()
    answer = studio.device.wait_for(studio.device.press("drums", style="rock", bars=1, track=0, scene=0))
    assert isinstance(answer, Done)
    studio.live.undo()
    assert daemon.memory_info().rss - growth_from < MOST_GROWTH
    # The median, for the machine that tests run on stalls too; a stall of the daemon's would show in most of them.
    assert sorted(acknowledged)[len(acknowledged) // 2] < STALL


def time_to_acknowledge(studio: Studio) -> float:
    """Seconds until a press among the noise is acknowledged."""
    press = studio.device.press("no engine")
    studio.device.wait_for(press, within=10.0)
    assert press.got_at is not None
    return press.got_at - press.pressed_at


def send_on_stream(stream: socket.socket | None, port: int, packet: bytes, chance: random.Random) -> socket.socket:
    """Sends one packet, framed or not; the daemon closes such connections, so a new one is made then."""
    if stream is None or chance.random() < 0.02:
        if stream is not None:
            stream.close()
        stream = socket.create_connection(("127.0.0.1", port), timeout=5.0)
    try:
        stream.sendall(encode_frame(packet) if chance.random() < 0.9 else packet)
    except OSError:
        stream.close()
        stream = socket.create_connection(("127.0.0.1", port), timeout=5.0)
    return stream


class HostileDaemon:
    """A daemon that admits the script and then sends it whatever it is told to; it takes the script back each time."""

    def __init__(self, home: Path) -> None:
        folder = ConfigFolder(home)
        folder.read_token()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(10.0)
        folder.write_endpoint(Endpoint(self._server.getsockname()[1], 0, 0, "hostile"))
        self._stream: socket.socket | None = None
        self.connections = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        if self._stream:
            self._stream.close()

    def send(self, data: bytes) -> None:
        """Sends bytes; where the script has closed the connection, it is waited for and admitted again."""
        if self._stream is None:
            self._stream = self._admit()
        try:
            self._stream.sendall(data)
            self._read_what_is_there()
        except OSError:
            self._stream.close()
            self._stream = None

    def wait_for(self, answer: bytes, messages: list[Message], within: float = 60.0) -> None:
        """Sends a bundle and waits for an answer; what was sent before is worked off first, a few ms a tick."""
        self.send(encode_frame(encode_bundle(messages)))
        heard, until = b"", time.monotonic() + within
        while answer not in heard:
            if time.monotonic() > until:
                raise TimeoutError(f"no {answer!r} within {within:g} s")
            heard = heard[-len(answer) :] + self._read_what_is_there()
            time.sleep(0.005)

    def _admit(self) -> socket.socket:
        stream, _ = self._server.accept()
        self.connections += 1
        stream.settimeout(10.0)
        stream.recv(4096)
        stream.sendall(encode_frame(encode(ScriptWelcome(WIRE_VERSION, "hostile"))))
        return stream

    def _read_what_is_there(self) -> bytes:
        if self._stream is None:
            return b""
        self._stream.setblocking(False)
        try:
            data = self._stream.recv(1 << 20)
        except BlockingIOError:
            return b""
        finally:
            self._stream.settimeout(10.0)
        if not data:
            raise ConnectionResetError("the script closed the connection")
        return data


def lowest(spec: Spec) -> object:
    """The lowest value that an argument may have."""
    if spec.kind is Kind.TEXT:
        return spec.choices[0] if spec.choices else "x"
    if spec.kind is Kind.BLOB:
        return bytes(72)
    return spec.choices[0] if spec.choices else spec.low


@pytest.mark.parametrize("packets", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_the_script_survives_hostile_packets(tmp_path: Path, packets: int) -> None:
    chance = random.Random(packets)
    examples = [
        cls(*(lowest(spec) for _, spec in cls.specs))
        for cls in MESSAGES
        if cls.route is Route.DAEMON_TO_SCRIPT and cls is not ScriptRefused
    ]
    # A transaction needs a head: without one no edit may be done, and with this one it is too late for all of them.
    honest = [*map(encode, examples), encode_bundle([Transaction("late", 1.0), *examples[5:]])]
    with (
        HostileDaemon(tmp_path) as daemon,
        LiveProcess(scripts=[str(SCRIPT)], env={"MUSEAROO_HOME": str(tmp_path)}) as live,
    ):
        before = live.snapshot()
        growth_from = 0
        for number in range(packets):
            daemon.send(encode_frame(hostile_packet(chance, honest)))
            if number == packets // 4:
                growth_from = live.stats()["rss_bytes"]
        daemon.wait_for(b"/roo/result", [Transaction("sane", 0.0), SetTempo(99.0)])
        assert live.get("song.tempo") == 99.0
        live.undo()
        assert live.snapshot() == before
        stats = live.stats()
        assert stats["rss_bytes"] - growth_from < MOST_GROWTH
        assert len(live.log()) < 500, "the script fills Live's log"
