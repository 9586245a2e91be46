"""Music in other meters, made from 4/4 by omitting or doubling a part of each bar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Final

import numpy as np

from musearoo.tools.bench.corpora.piece import Piece, Span, beats_in_bar, quarters_per_beat


@dataclass(frozen=True, slots=True)
class Cutting:
    """The ranges of each bar of four quarters, in quarters, that make a bar of `meter`."""

    meter: str
    stretches: tuple[tuple[float, float], ...]


CUTTINGS: Final = (
    Cutting("7/8", ((0.0, 3.5),)),
    Cutting("7/8", ((0.0, 1.5), (2.0, 4.0))),
    Cutting("7/8", ((0.0, 2.0), (2.5, 4.0))),
    Cutting("5/4", ((0.0, 3.0), (2.0, 4.0))),
    Cutting("5/4", ((0.0, 2.0), (1.0, 4.0))),
    Cutting("3/4", ((0.0, 3.0),)),
)


def recut(piece: Piece, cutting: Cutting) -> Piece:
    """Return a piece in 4/4 with each whole bar recut. Raises ValueError for other meters and for less than a bar."""
    if piece.meter != "4/4":
        raise ValueError(f"only 4/4 can be recut, {piece.name} is in {piece.meter}")
    beats = np.asarray(piece.beats)
    first = int(np.argmin(np.abs(beats - piece.downbeats[0])))
    bars = (len(beats) - 1 - first) // 4
    if bars < 1:
        raise ValueError(f"{piece.name} has no whole bar")
    length = sum(end - start for start, end in cutting.stretches)
    # Consecutive bars: (start in the old time, its end, start in the new one).
    moves: list[tuple[float, float, float]] = []
    grid = [0.0]
    bar_starts = []
    now = 0.0
    for bar in range(bars):
        bar_starts.append(now)
        for start, end in cutting.stretches:
            places = np.array([start, end]) + bar * 4 + first
            old_start, old_end = (float(value) for value in np.interp(places, np.arange(len(beats)), beats))
            moves.append((old_start, old_end, now))
            now += old_end - old_start
        grid.append(now)
    beat = quarters_per_beat(cutting.meter)
    count = beats_in_bar(cutting.meter)
    inner = [
        float(start + (end - start) * number * beat / length)
        for start, end in pairwise(grid)
        for number in range(count)
    ]
    return replace(
        piece,
        duration=now,
        beats=tuple(inner),
        downbeats=tuple(bar_starts),
        meter=cutting.meter,
        tones=tuple(
            replace(tone, start=tone.start - old + new, end=min(tone.end - old, end - old) + new)
            for old, end, new in moves
            for tone in piece.tones
            if old - 0.02 <= tone.start < end - 0.02
        ),
        strokes=tuple(
            replace(stroke, time=stroke.time - old + new)
            for old, end, new in moves
            for stroke in piece.strokes
            if old - 0.02 <= stroke.time < end - 0.02
        ),
        chords=_moved(piece.chords, moves),
        keys=_moved(piece.keys, moves),
        sections=None,
        made=True,
    )


def choose_cutting(meter: str, chance: Random) -> Cutting:
    """Return one of the ways to make a meter."""
    return chance.choice([cutting for cutting in CUTTINGS if cutting.meter == meter])


def _moved(spans: tuple[Span, ...] | None, moves: list[tuple[float, float, float]]) -> tuple[Span, ...] | None:
    if spans is None:
        return None
    moved: list[Span] = []
    for old, end, new in moves:
        for start, stop, label in spans:
            if start < end - 1e-6 and stop > old + 1e-6:
                first, last = max(start, old) - old + new, min(stop, end) - old + new
                if moved and moved[-1][2] == label and abs(moved[-1][1] - first) < 1e-6:
                    moved[-1] = (moved[-1][0], last, label)
                else:
                    moved.append((first, last, label))
    return tuple(moved)
