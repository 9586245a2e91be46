"""Random walks through the chord transitions of a corpus, constrained to lead back to the tonic.

The constraint is propagated backwards from the end, as in François Pachet, Pierre Roy and Gabriele Barbieri,
"Finite-length Markov processes with constraints" (2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import fsum
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.numeral import Numeral, parse_numeral
from musearoo.engines.players.chords.corpora import CHAINS
from musearoo.engines.styles.harmony import Family, Mode

FLOOR: Final = 1e-4
"""The probability of a transition that no corpus has."""


def walk(families: Mapping[Family, float], mode: Mode, count: int, chance: Random) -> list[Numeral]:
    """Return `count` chords from the tonic on, drawn from the corpora's transitions; the last leads to the tonic."""
    names, onward = chain_of(tuple(sorted(families.items())), mode)
    home = names.index("I" if mode == "major" else "i")
    reach = _reach(onward, home, count)
    at, path = home, [home]
    for left in range(count - 1, 0, -1):
        weights = [onward[at][to] * reach[left - 1][to] * (to != at) for to in range(len(names))]
        at = pick(chance, range(len(names)), weights)
        path.append(at)
    return [parse_numeral(names[number]) for number in path]


@lru_cache(maxsize=64)
def chain_of(
    families: tuple[tuple[Family, float], ...], mode: Mode
) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    """Return the numerals of the corpora and their transition matrix (rows sum to 1), mixed by the given weights."""
    tables = [(weight, CHAINS[family][mode]) for family, weight in families]
    # The tonic chord of the other mode mostly comes from a wrongly detected key.
    strange = "i" if mode == "major" else "I"
    numerals = {name for _, table in tables for before, row in table.items() for name in (before, *row)}
    names = tuple(sorted(numerals - {strange}))
    rows = []
    for name in names:
        row = [FLOOR] * len(names)
        for weight, table in tables:
            for to, share in table.get(name, {}).items():
                if to != strange:
                    row[names.index(to)] += weight * share
        total = fsum(row)
        rows.append(tuple(share / total for share in row))
    return names, tuple(rows)


@lru_cache(maxsize=256)
def _reach(onward: tuple[tuple[float, ...], ...], home: int, count: int) -> tuple[tuple[float, ...], ...]:
    """Return the probability of reaching `home` in 1, 2, … `count` steps from every chord."""
    reach = [tuple(row[home] for row in onward)]
    for _ in range(count - 1):
        ahead = reach[-1]
        reach.append(tuple(fsum(share * far for share, far in zip(row, ahead, strict=True)) for row in onward))
    return tuple(reach)
