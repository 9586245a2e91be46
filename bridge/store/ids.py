"""Ids of rows: text that sorts by the time of making."""

from __future__ import annotations

from typing import Final

RANDOM_BYTES: Final = 10
"""Chance in an id: two of 1,000 million ids of one millisecond are alike with a probability below 1 in a million."""


def new_id(now: float, chance: bytes) -> str:
    """Return an id of 32 hexadecimal digits: 12 of the Unix time in milliseconds, then `chance` (10 random bytes).

    Ids of different milliseconds sort by time. Where the clock went back they are still unique, but sort by what the
    clock showed: what needs the true order, such as steps and takes, has a number of its own.

    >>> new_id(1_700_000_000.5, bytes(10))
    '018bcfe569f400000000000000000000'
    """
    if len(chance) != RANDOM_BYTES:
        raise ValueError(f"an id needs {RANDOM_BYTES} random bytes, not {len(chance)}")
    return f"{min(max(0, int(now * 1000)), (1 << 48) - 1):012x}{chance.hex()}"
