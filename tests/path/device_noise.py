"""Random messages and packets for a device: lawful ones, and what nobody would send."""

import random
import string
from collections.abc import Sequence
from dataclasses import replace

from musearoo.bridge.protocol import MESSAGES, Welcome
from musearoo.bridge.protocol.codec import encode
from musearoo.bridge.protocol.types import Kind, Message, Route, Spec, arguments
from musearoo.tools.max_simulator.formats.atoms import Atom
from tests.path.test_fuzz import hostile_packet

NO_FOLDER = "/there is no such folder"
"""Where Max is to write what it heard: it cannot, which is an error that Max shows and the device tells."""

ANSWERS = [kind for kind in MESSAGES if kind.route is Route.DAEMON_TO_DEVICE]

ADDRESSES = [kind.path for kind in MESSAGES]

PATCH_WORDS = ("loaded", "counter", "written", "sample_rate")
"""What the patch itself says to the script."""

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


def inlet_message(chance: random.Random, controls: Sequence[str]) -> tuple[Atom, ...]:
    """Something for the script's inlet: a name that means something, or none, and any arguments."""
    names = [*controls, *ADDRESSES, *PATCH_WORDS]
    if chance.random() < 0.25:
        return inlet_answer(chance)
    name = chance.choice(names) if chance.random() < 0.8 else chance.choice(ODD_WORDS)
    choices: list[Atom] = [*ODD_NUMBERS, *ODD_WORDS, *names]
    atoms = [chance.choice(choices) for _ in range(chance.choice((0, 1, 1, 1, 2, 5, 40)))]
    return (name, *atoms)


class Packets:
    """What comes to the port of a device: for the most part garbled, some as the daemon sends them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._honest = [encode(lawful(chance, kind)) for kind in ANSWERS for _ in range(20)]

    def draw(self) -> bytes:
        """The next packet; no longer than a device ever gets."""
        if self._chance.random() < 0.2:
            return self._chance.choice(self._honest)
        return hostile_packet(self._chance, self._honest)[:1_400]
