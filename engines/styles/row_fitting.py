"""Fit rows of 4/4 into any meter.

A bar of any meter is a chain of pulses (see `Meter.pulses`), and each pulse plays one beat of the written bar: 3/4
takes beats 1, 2 and 4, so that a backbeat becomes a waltz; 5/4 is 3 + 2; 6/8 plays half a written bar and needs two
for all of it; 7/8 is a bar of 4/4 that ends an eighth early. A style may say otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.styles.rows import BEATS_PER_BAR, Row

_GROUPS: Final = {1: (0,), 2: (2, 3), 3: (0, 1, 3), 4: (0, 1, 2, 3)}
"""The written beats that a group of pulses plays; a group of two is the second half of a bar."""


class Cell(NamedTuple):
    """One pulse of a bar: its start in the bar and its length in beats, and the written beat that it plays."""

    start: float
    length: float
    source_bar: int
    source_beat: int


class BarStep(NamedTuple):
    """A row's step in a bar: its straight position in beats from the bar's start, and its mark."""

    at: float
    mark: str


@lru_cache(maxsize=4096)
def bar_cells(meter: Meter, bar: int, beats: tuple[int, ...] | None = None) -> tuple[Cell, ...]:
    """Return the pulses of a bar, counted from 0; `beats` are a style's own choice of written beats, counted from 0.

    >>> [cell.source_beat for cell in bar_cells(Meter(5, 4), 0)]
    [0, 1, 3, 2, 3]
    >>> [(cell.start, cell.source_bar, cell.source_beat) for cell in bar_cells(Meter(6, 8), 3)]
    [(0.0, 1, 2), (1.5, 1, 3)]
    """
    pulses = meter.pulses
    if beats is not None and len(beats) == len(pulses):
        source_bar, chosen = bar, beats
    elif len(pulses) < 3:
        bars_per_source = BEATS_PER_BAR // len(pulses)
        source_bar, part = divmod(bar, bars_per_source)
        chosen = tuple(range(part * len(pulses), (part + 1) * len(pulses)))
    else:
        source_bar, chosen = bar, _source_beats(len(pulses))
    cells, start = [], 0.0
    for length, beat in zip(pulses, chosen, strict=True):
        cells.append(Cell(start, length, source_bar, beat))
        start += length
    return tuple(cells)


def fit_row(row: Row, meter: Meter, bar: int, beats: tuple[int, ...] | None = None) -> tuple[BarStep, ...]:
    """Return a row's steps in a bar, sorted.

    In a compound pulse, steps move to its three parts: a sixteenth after the beat to the second, the off-beat to the
    third, as in a shuffle.

    >>> from musearoo.engines.styles.rows import OnsetRow
    >>> fit_row(OnsetRow("X... x... X.x. x..."), Meter(7, 8), 0)[-1], fit_row(OnsetRow("x.x. . . ."), Meter(6, 8), 0)
    (BarStep(at=3.0, mark='x'), (BarStep(at=0.0, mark='x'), BarStep(at=1.0, mark='x')))
    """
    # Reduce the bar number to the row's period, so that the cache holds few entries.
    return _place(row, meter, bar % (len(row.bars) * BEATS_PER_BAR), beats)


@lru_cache(maxsize=8192)
def _place(row: Row, meter: Meter, bar: int, beats: tuple[int, ...] | None) -> tuple[BarStep, ...]:
    placed: dict[float, BarStep] = {}
    for cell in bar_cells(meter, bar, beats):
        source = row.bars[cell.source_bar % len(row.bars)][cell.source_beat]
        for at, mark in source:
            offset = _third(at) * cell.length if meter.is_compound else at
            if offset < cell.length - 1e-9:
                place = cell.start + offset
                placed.setdefault(place, BarStep(place, mark))
    return tuple(placed[at] for at in sorted(placed))


@lru_cache(maxsize=1024)
def fit_row_at_end(row: Row, meter: Meter) -> tuple[tuple[BarStep, ...], float]:
    """Return the steps of a short row at the end of a bar, and the position in the bar of its first beat.

    A row with more beats than the bar has pulses loses its first beats. In a meter with a short last pulse the row ends
    early with it.

    >>> from musearoo.engines.styles.rows import FillRow
    >>> fit_row_at_end(FillRow("ss hl"), Meter(3, 4))[1]
    1.0
    """
    cells = bar_cells(meter, 0)
    beats = row.beats[-len(cells) :]
    used = cells[len(cells) - len(beats) :]
    placed: dict[float, BarStep] = {}
    for cell, beat in zip(used, beats, strict=True):
        for at, mark in beat:
            offset = _third(at) * cell.length if meter.is_compound else at
            if offset < cell.length - 1e-9:
                placed.setdefault(cell.start + offset, BarStep(cell.start + offset, mark))
    return tuple(placed[at] for at in sorted(placed)), used[0].start


def _third(at: float) -> float:
    """Return the third of a compound pulse that corresponds to a position in a beat."""
    return 0.0 if at < 0.2 else 1.0 / 3.0 if at < 0.45 else 2.0 / 3.0


def _source_beats(pulses: int) -> tuple[int, ...]:
    beats: list[int] = []
    for size in _grouped(pulses):
        beats += _GROUPS[size]
    return tuple(beats)


def _grouped(pulses: int) -> Sequence[int]:
    """Return how pulses are grouped: 5 is 3 + 2, 6 is 4 + 2, 7 is 4 + 3, more start with fours."""
    groups: list[int] = []
    while pulses:
        size = 3 if pulses in (3, 5) else min(4, pulses)
        groups.append(size)
        pulses -= size
    return groups
