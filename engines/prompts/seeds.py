"""The seeds of several takes of one prompt."""

from __future__ import annotations

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import derive_seed

MOST: int = 2**31 - 1
"""The largest seed accepted by the wire protocol and every random generator."""


def take_seeds(seed: int, takes: int) -> tuple[int, ...]:
    """Return a seed (0 to 2**31 - 1) for each take; a take keeps its seed however many are made.

    The first is the seed itself, so that any take can be made again alone by its own.

    >>> take_seeds(7, 2) == take_seeds(7, 3)[:2], take_seeds(7, 1)
    (True, (7,))
    """
    if not 0 <= seed <= MOST:
        raise ParamError("seed", f"0 to {MOST}", seed)
    if takes < 1:
        raise ParamError("takes", "1 or more", takes)
    seeds = [seed]
    attempt = 0
    while len(seeds) < takes:
        attempt += 1
        other = derive_seed(seed, "take", attempt) & MOST
        if other not in seeds:
            seeds.append(other)
    return tuple(seeds)
