"""Chance from a seed: independent streams by label, the same on every machine and Python version."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import fsum
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


def derive_seed(seed: int, *labels: str | int) -> int:
    """A new 64-bit seed for one purpose, named by labels; equal input gives an equal seed everywhere.

    >>> derive_seed(1, "kick", 3) == derive_seed(1, "kick", 3) != derive_seed(1, "kick", 4)
    True
    """
    text = "\x1f".join((str(seed), *map(str, labels)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def stream(seed: int, *labels: str | int) -> Random:
    """A stream of chance for one purpose, independent of all others.

    Only `random()` may be drawn from it: Python promises its sequence for a seed across versions, and no more.
    """
    return Random(derive_seed(seed, *labels))


def pick(chance: Random, choices: Sequence[Choice], weights: Sequence[float]) -> Choice:
    """One of the choices, each as likely as its weight says.

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
    """A draw of mean 0 and standard deviation 1, never beyond 3.

    The sum of three even draws: close to a normal one, and unlike it the same bit for bit on every platform,
    because no logarithm of the C library is asked.
    """
    return 2.0 * (chance.random() + chance.random() + chance.random() - 1.5)


def bells(chance: Random, count: int) -> list[float]:
    """So many draws of `bell` at once, in half the time.

    >>> bells(stream(7), 1) == [bell(stream(7))]
    True
    """
    draw = chance.random
    return [2.0 * (draw() + draw() + draw() - 1.5) for _ in range(count)]


def scaled_chance(likelihood: float, amount: float) -> float:
    """How likely an optional event is at an amount 0..1 of complexity or density; as written at one half.

    At 0 only the certain ones are left; at 1 the doubtful ones become likely.

    >>> [scaled_chance(0.4, amount) for amount in (0.0, 0.5, 1.0)], scaled_chance(1.0, 0.0)
    ([0.0, 0.4, 0.64], 1.0)
    """
    if likelihood >= 1.0:
        return 1.0
    if amount <= 0.5:
        return likelihood * 2.0 * amount
    return likelihood + (2.0 * amount - 1.0) * likelihood * (1.0 - likelihood)
