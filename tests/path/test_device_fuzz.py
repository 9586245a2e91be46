"""Random messages into the device and garbled packets to its port: no exception, a sane status, nothing unlawful sent.

A few thousand by default; 100,000 messages and 10,000 packets with -m long.
"""

import random
from dataclasses import replace

import pytest

from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Route
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.bench.device.quiet_daemon import QuietDaemon
from musearoo.tools.max_simulator.formats.container import pack, unpack
from musearoo.tools.max_simulator.objects.controls import Control
from musearoo.tools.max_simulator.outside.clock import VirtualClock
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.studio.with_max import DEVICES, Lamp, lamp_of
from tests.path.device_noise import Packets, inlet_message

SHORT, LONG = (2_000, 200), (100_000, 10_000)
"""Messages and packets."""

LONGEST_STATUS = 700
"""Characters of a status line: the daemon's sentences have 600 bytes at most, and one is put behind another."""

ODD_VALUES = (0, 1, -1, 2, 7, 1000, -(2**31), 2**31 - 1, 0.5, -0.5, 1e-30, 3.4e38)
"""What automation may set a control to."""


def undefended(twin: Twin) -> bytes:
    """A device whose script does not catch its own faults, so that each is an error in Max's console."""
    container = unpack(DEVICES[twin].read_bytes())
    defence = b"} catch (fault) {"
    assert container.file("MuseAroo.js").content.count(defence) == 1
    bare = [replace(file, content=file.content.replace(defence, defence + b"throw fault;")) for file in container.files]
    return pack(replace(container, files=tuple(bare)))


def is_sane(device: Device) -> bool:
    """Whether the face says something that a person can read."""
    status, progress = str(device.shown("status")), float(device.shown("progress"))
    return 0 < len(status) <= LONGEST_STATUS and 0 <= progress <= 1000 and lamp_of(device) in Lamp


@pytest.mark.parametrize("twin", Twin)
@pytest.mark.parametrize(("messages", "packets"), [SHORT, pytest.param(*LONG, marks=pytest.mark.long)])
def test_nothing_that_comes_in_upsets_the_device(twin: Twin, messages: int, packets: int) -> None:
    chance = random.Random(messages)
    network = QuietDaemon("").network
    live = FakeLive.with_tracks(3)
    with MaxHost(live, VirtualClock(), network) as host:
        device = host.load(undefended(twin), key=live.key(0))
        host.run_for(0.1)
        controls = sorted(device.values())
        hands = [name for name in controls if isinstance(device.object(name), Control)]
        garbled = Packets(chance)
        for number in range(messages):
            if number % 10:
                device.send_to_script(*inlet_message(chance, controls))
            else:
                device.automate(chance.choice(hands), chance.choice(ODD_VALUES))
            if number % (messages // packets) == 0:
                network.deliver(device.reply_port or 0, garbled.draw())
            if number % 50 == 0:
                host.run_for(chance.choice((0.01, 0.2, 1.1)))
                assert is_sane(device), (number, device.face())
                check_sent(network)
        host.run_for(15.0)
        assert is_sane(device)
        assert [error for error in device.errors if "could not write" not in error] == []
        assert device.posts == []


def check_sent(network: MemoryNetwork) -> None:
    """Whatever came in, the daemon gets nothing that its table does not allow."""
    for _, packet in network.sent:
        assert decode(packet, Route.DEVICE_TO_DAEMON)
    network.sent.clear()
