"""Seeded randomness: independent streams by label, identical on every machine and Python version."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import fsum
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


def derive_seed(seed: int, *labels: str | int) -> int:
    """Derive a 64-bit seed for one purpose from a seed and labels; equal input gives an equal seed everywhere.

    >>> derive_seed(1, "kick", 3) == derive_seed(1, "kick", 3) != derive_seed(1, "kick", 4)
    True
    """
    text = "\x1f".join((str(seed), *map(str, labels)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def stream(seed: int, *labels: str | int) -> Random:
    """Return an independent random stream for one purpose.

    Use only its `random()`: Python guarantees no other method's sequence for a seed across versions.
    """
    return Random(derive_seed(seed, *labels))


def pick(chance: Random, choices: Sequence[Choice], weights: Sequence[float]) -> Choice:
    """Pick one of the choices by weight.

    >>> pick(stream(7), ("a", "b"), (0.0, 1.0))
    'b'
    """
    mark = chance.random() * fsum(weights)  # not sum: it rounds differently from Python 3.12 on
    for choice, weight in zip(choices, weights, strict=True):
        mark -= weight
        if mark < 0.0:
            return choice
    return choices[-1]


def bell(chance: Random) -> float:
    """Draw from a bell-shaped distribution with mean 0 and standard deviation 1, never beyond 3.

    The sum of three uniform draws: nearly normal, and bit for bit the same on every platform, because it needs no
    logarithm of the C library.
    """
    return 2.0 * (chance.random() + chance.random() + chance.random() - 1.5)


def bells(chance: Random, count: int) -> list[float]:
    """Return several draws of `bell` at once, in half the time.

    >>> bells(stream(7), 1) == [bell(stream(7))]
    True
    """
    draw = chance.random
    return [2.0 * (draw() + draw() + draw() - 1.5) for _ in range(count)]


def scaled_chance(likelihood: float, amount: float) -> float:
    """Scale the likelihood of an optional event by an amount 0..1 of complexity or density; one half leaves it as
    written.

    At 0 only certain events remain; at 1 unlikely ones become likely.

    >>> [scaled_chance(0.4, amount) for amount in (0.0, 0.5, 1.0)], scaled_chance(1.0, 0.0)
    ([0.0, 0.4, 0.64], 1.0)
    """
    if likelihood >= 1.0:
        return 1.0
    if amount <= 0.5:
        return likelihood * 2.0 * amount
    return likelihood + (2.0 * amount - 1.0) * likelihood * (1.0 - likelihood)
