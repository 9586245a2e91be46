"""Random messages into the device and garbled packets to its port: no exception, a sane status, nothing unlawful sent.

A few thousand by default; 100,000 messages and 10,000 packets with -m long.
"""

import random
import string
from dataclasses import replace

import pytest

from bridge.wire import MESSAGES, Welcome
from bridge.wire_codec import decode, encode
from bridge.wire_types import Kind, Message, Route, Spec, arguments
from max_for_live.table.records import Twin
from tests.path.test_fuzz import hostile_packet
from tools.max_simulator.atoms import Atom
from tools.max_simulator.clock import VirtualClock
from tools.max_simulator.device import Device
from tools.max_simulator.host import MaxHost
from tools.max_simulator.live_api import FakeLive
from tools.max_simulator.network import MemoryNetwork
from tools.max_simulator.objects.controls import Control
from tools.max_studio import DEVICES, Lamp, lamp_of

SHORT, LONG = (2_000, 200), (100_000, 10_000)
"""Messages and packets."""

LONGEST_STATUS = 700
"""Characters of a status line: the daemon's sentences have 600 bytes at most, and one is put behind another."""

NO_FOLDER = "/there is no such folder"
"""Where Max is to write what it heard: it cannot, which is an error that Max shows and the device tells."""

ANSWERS = [kind for kind in MESSAGES if kind.route is Route.DAEMON_TO_DEVICE]

LETTERS = string.printable[:95] + "é·“"

ODD_NUMBERS = (0, 1, -1, 2, 7, 1000, -(2**31), 2**31 - 1, 0.0, 0.5, -0.5, 1e-30, 3.4e38, float("inf"), float("nan"))
ODD_WORDS = (
    "",
    "id",
    "bang",
    "set",
    "0",
    "-1",
    "Ü·é",
    "constructor",
    "__proto__",
    "length",
    "x" * 2_000,
    '"',
    ";",
    "/",
)


def lawful(chance: random.Random, kind: type[Message]) -> Message:
    """A message with random arguments that the table allows; a folder for captures that is not there."""
    message = kind(*(value_of(chance, spec) for _, spec in kind.specs))
    return replace(message, captures=NO_FOLDER) if isinstance(message, Welcome) else message


def inlet_answer(chance: random.Random) -> tuple[Atom, ...]:
    """What `udpreceive` makes of a lawful message."""
    message = lawful(chance, chance.choice(ANSWERS))
    return (message.path, *(value for _, value in arguments(message)))


def value_of(chance: random.Random, spec: Spec) -> int | float | str:
    """A random value within bounds, small ones more often."""
    if spec.choices:
        return chance.choice(spec.choices)
    if spec.kind is Kind.TEXT:
        # Some letters take three bytes.
        length = chance.randrange(min(60, int(spec.high) // 3))
        return "".join(chance.choice(LETTERS) for _ in range(length))
    if spec.kind is Kind.WHOLE:
        return chance.randint(int(spec.low), int(min(spec.high, spec.low + chance.choice((3, 30, spec.high)))))
    return chance.uniform(spec.low, min(spec.high, 1_000.0))


def inlet_message(chance: random.Random, names: list[str]) -> tuple[Atom, ...]:
    """Something for the script's inlet: a name that means something, or none, and any arguments."""
    if chance.random() < 0.25:
        return inlet_answer(chance)
    name = chance.choice(names) if chance.random() < 0.8 else chance.choice(ODD_WORDS)
    choices: list[Atom] = [*ODD_NUMBERS, *ODD_WORDS, *names]
    atoms = [chance.choice(choices) for _ in range(chance.choice((0, 1, 1, 1, 2, 5, 40)))]
    return (name, *atoms)


def is_sane(device: Device) -> bool:
    """Whether the face says something that a person can read."""
    status, progress = str(device.shown("status")), float(device.shown("progress"))
    return 0 < len(status) <= LONGEST_STATUS and 0 <= progress <= 1000 and lamp_of(device) in Lamp


@pytest.mark.parametrize("twin", Twin)
@pytest.mark.parametrize(("messages", "packets"), [SHORT, pytest.param(*LONG, marks=pytest.mark.long)])
def test_nothing_that_comes_in_upsets_the_device(twin: Twin, messages: int, packets: int) -> None:
    chance = random.Random(messages)
    network = MemoryNetwork()
    live = FakeLive.with_tracks(3)
    with MaxHost(live, VirtualClock(), network) as host:
        device = host.load(DEVICES[twin], key=live.key(0))
        host.run_for(0.1)
        controls = sorted(device.values())
        names = [
            *controls,
            *(kind.path for kind in MESSAGES),
            "loaded",
            "counter",
            "written",
            "sample_rate",
        ]
        hands = [name for name in controls if isinstance(device.object(name), Control)]
        honest = [encode(lawful(chance, kind)) for kind in ANSWERS for _ in range(20)]
        for number in range(messages):
            if number % 10:
                device.send_to_script(*inlet_message(chance, names))
            else:
                device.automate(chance.choice(hands), chance.choice(ODD_NUMBERS[:-2]))
            if number % max(1, messages // packets) == 0:
                packet = hostile_packet(chance, honest) if chance.random() < 0.8 else chance.choice(honest)
                network.deliver(device.reply_port or 0, packet[:1_400])
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
