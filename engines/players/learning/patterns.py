"""Cluster bars into a few patterns, and write each as a row of onset likelihoods.

Clustering is k-means (Stuart Lloyd, "Least squares quantization in PCM", 1982) with the commonest bars as initial
centres and the Jaccard distance (Paul Jaccard, 1912).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import fsum
from types import MappingProxyType
from typing import Final, NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.raster import BEAT_STEPS, STEPS, silent_beats

Cell = tuple[str, int]
"""A voice and the step on which it sounds; steps are numbered through the bars of a unit."""
Unit = frozenset[Cell]
"""The onsets of one bar or two."""
Rates = Mapping[Cell, float]
"""The likelihood of each cell, 0..1."""
Members = tuple[int, ...]
"""The numbers of the units that are takes of one pattern."""

APART: Final = 0.4
"""The distance, 0..1, from which two bars belong to different patterns."""
FIRST_GUESSES: Final = 16
ROUNDS: Final = 5
LEAST_SHARE: Final = 0.05
"""The share of bars below which a pattern is dropped."""
TURNED: Final = 0.12
"""How much more similar a bar must be to the second next bar than to the next for a two-bar pattern."""

CERTAIN: Final = 0.88
NEGLIGIBLE: Final = 0.12
"""Onsets above the first likelihood are always played, those below the second never."""
NOTHING: Final = "."
ALL_USUAL: Final[Mapping[int, str]] = MappingProxyType({})

PLAIN: Final = [0, 0.75]
BUSY: Final = [0.25, 1]
"""The complexity ranges of the choices with fewest and most strokes."""


class Pattern(NamedTuple):
    """The units that belong to one pattern, the bars of each unit, and the pattern's weight."""

    members: Members
    bars: int
    weight: float


def unit_bars(bars: Sequence[Unit]) -> int:
    """Return the length of a song's pattern in bars, 1 or 2.

    >>> one, other = frozenset({("kick", 0)}), frozenset({("kick", 4)})
    >>> unit_bars([one, other] * 4), unit_bars([one] * 8)
    (2, 1)
    """
    near = [_likeness(bar, other) for bar, other in pairwise(bars)]
    far = [_likeness(bar, other) for bar, other in zip(bars, bars[2:], strict=False)]
    if len(far) < 2:
        return 1
    return 2 if fsum(far) / len(far) > fsum(near) / len(near) + TURNED else 1


def find_patterns(units: Mapping[int, Sequence[Unit]], most: int) -> list[Pattern]:
    """Return up to `most` patterns, that of most bars first; `units` are by their length in bars."""
    found = [(bars * len(members), bars, members) for bars, own in units.items() for members in group_units(own, most)]
    found.sort(key=lambda one: -one[0])
    kept = [one for one in found if one[0] >= max(2, LEAST_SHARE * found[0][0])][:most]
    whole = sum(size for size, _, _ in kept)
    return [Pattern(members, bars, weight_of(size, whole)) for size, bars, members in kept]


def group_units(units: Sequence[Unit], most: int) -> list[Members]:
    """Return up to `most` groups of the units that are not empty, largest first."""
    counts = Counter(unit for unit in units if unit)
    if not counts:
        return []
    order = sorted(counts, key=lambda unit: (-counts[unit], sorted(unit)))
    centres: list[Rates] = []
    for unit in order:
        if len(centres) < FIRST_GUESSES and all(distance(unit, centre) > APART for centre in centres):
            centres.append(dict.fromkeys(unit, 1.0))
    for _ in range(ROUNDS):
        centres = [rates for _, rates in _gather(order, counts, centres)]
    sized = sorted(_gather(order, counts, centres), key=lambda pair: -pair[0])
    least = max(2, LEAST_SHARE * sum(size for size, _ in sized))
    kept = [rates for size, rates in sized if size >= least][:most] or [sized[0][1]]
    members: list[list[int]] = [[] for _ in kept]
    for number, unit in enumerate(units):
        if unit:
            members[_nearest(unit, kept)].append(number)
    return sorted((tuple(own) for own in members if own), key=lambda own: -len(own))


def rates_of(units: Sequence[Iterable[Cell]], members: Members) -> Rates:
    """Return the likelihood of each cell in a group of units."""
    struck = Counter(cell for number in members for cell in units[number])
    return {cell: struck[cell] / len(members) for cell in sorted(struck)}


def row_of(rates: Rates, *voices: str) -> dict[int, float]:
    """Return for each step the likelihood that any of the voices sounds."""
    silent: dict[int, float] = {}
    for (voice, step), rate in rates.items():
        if voice in voices:
            silent[step] = silent.get(step, 1.0) * (1.0 - rate)
    return {step: 1.0 - silent[step] for step in sorted(silent)}


def distance(unit: Unit, centre: Rates) -> float:
    """Return the weighted Jaccard distance of a unit from a centre: 0 for equal, 1 for nothing in common."""
    shared = fsum(centre[cell] for cell in unit if cell in centre)
    either = fsum(centre.values()) + len(unit) - shared
    return 1.0 - shared / either if either else 0.0


def write_row(likelihoods: Mapping[int, float], bars: int, meter: Meter, marks: Mapping[int, str] = ALL_USUAL) -> str:
    """Return a row of steps from their likelihoods; `marks` are the marks of certain steps, "x" by default.

    Beats that the meter never plays are copied from two beats before.

    >>> write_row({0: 1.0, 6: 0.42, 8: 0.97}, 1, Meter(), {0: "X"})
    'X... ..4. x... ....'
    """
    written = {step: _mark(rate, marks.get(step, "x")) for step, rate in likelihoods.items()}
    return write_marks({step: mark for step, mark in written.items() if mark != NOTHING}, bars, meter)


def write_marks(marks: Mapping[int, str], bars: int, meter: Meter) -> str:
    """Return a row of marks by step; equal bars are written once."""
    filled = dict(marks)
    for beat in silent_beats(meter):
        for bar in range(bars):
            for step in range(BEAT_STEPS):
                place = bar * STEPS + beat * BEAT_STEPS + step
                source = place - 2 * BEAT_STEPS if beat >= 2 else place + 2 * BEAT_STEPS
                if source in marks:
                    filled[place] = marks[source]
    written = []
    for bar in range(bars):
        text = [filled.get(bar * STEPS + step, NOTHING) for step in range(STEPS)]
        written.append(" ".join("".join(text[beat : beat + BEAT_STEPS]) for beat in range(0, STEPS, BEAT_STEPS)))
    return written[0] if len(set(written)) == 1 else " | ".join(written)


def is_silent(row: str) -> bool:
    """Return whether a written row has no onsets."""
    return not row.strip(f"{NOTHING} |")


def weight_of(size: int, whole: int) -> float:
    """Return the weight of a choice that `size` of `whole` items have: 10 for all.

    >>> weight_of(3, 8), weight_of(1, 1000)
    (3.8, 0.1)
    """
    return max(0.1, round(10.0 * size / whole, 1))


def suit_complexity(strokes: Sequence[float]) -> list[dict[str, object]]:
    """Return the complexity range of each choice by its strokes per bar: the sparsest is not for high complexity.

    >>> suit_complexity([6.0, 12.0, 8.0])
    [{'complexity': [0, 0.75]}, {'complexity': [0.25, 1]}, {}]
    """
    ranks = [sorted(strokes).index(count) / max(2, len(strokes) - 1) for count in strokes]
    if len(strokes) < 3:
        return [{} for _ in strokes]
    return [{"complexity": PLAIN} if rank < 0.3 else {"complexity": BUSY} if rank > 0.7 else {} for rank in ranks]


def _likeness(one: Unit, other: Unit) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _nearest(unit: Unit, centres: Sequence[Rates]) -> int:
    return min(range(len(centres)), key=lambda number: (distance(unit, centres[number]), number))


def _gather(order: Sequence[Unit], counts: Mapping[Unit, int], centres: Sequence[Rates]) -> list[tuple[int, Rates]]:
    """Assign units to the nearest centres; return the size and the new centre of each group."""
    sizes = [0] * len(centres)
    struck: list[Counter[Cell]] = [Counter() for _ in centres]
    for unit in order:
        number = _nearest(unit, centres)
        sizes[number] += counts[unit]
        for cell in unit:
            struck[number][cell] += counts[unit]
    return [
        (size, {cell: cells[cell] / size for cell in sorted(cells)})
        for size, cells in zip(sizes, struck, strict=True)
        if size
    ]


def _mark(likelihood: float, certain: str) -> str:
    if likelihood >= CERTAIN:
        return certain
    return str(max(1, round(likelihood * 10.0))) if likelihood >= NEGLIGIBLE else NOTHING
