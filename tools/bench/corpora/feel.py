"""Swing and microtiming of a performance whose beats are known: the truth that hearing is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

import numpy as np

LEAST_OFF_BEATS: Final = 4
"""Fewer off-beat eighths say nothing of swing."""
_ON_BEAT: Final = 0.12
_OFF_BEAT: Final = (0.42, 0.72)
"""Where in a beat an off-beat eighth lies: from a little before the half to a little beyond the triplet."""
_SIXTEENTHS: Final = ((0.17, 0.33), (0.72, 0.88))
"""Beats with strokes here are divided into four, so their off-beat eighth is no swung one."""
_NEAR_GRID: Final = 0.075
"""Beats from the grid up to which an onset is a loose one; sixteenths are .25 apart, so beyond .125 none is nearest."""
_TRIPLETS_FROM: Final = 1.5
TOGETHER_SECONDS: Final = 0.02
"""Strokes this close are one onset."""


def onsets_of(times: Sequence[float]) -> list[float]:
    """The onsets of notes: those that begin within 20 ms of the first of a group are one, at their mean.

    >>> onsets_of([0.0, 0.01, 0.5])
    [0.005, 0.5]
    """
    groups: list[list[float]] = []
    for time in sorted(times):
        if groups and time - groups[-1][0] <= TOGETHER_SECONDS:
            groups[-1].append(time)
        else:
            groups.append([time])
    return [sum(group) / len(group) for group in groups]


def beat_places(onsets: Sequence[float], beats: Sequence[float]) -> np.ndarray:
    """Where onsets lie, float64 (onsets,), in beats from the first beat; beyond the ends the tempo there goes on."""
    if len(beats) < 2:
        raise ValueError(f"a place in beats needs two beats or more, got {len(beats)}")
    known = np.asarray(beats, dtype=np.float64)
    times = np.asarray(onsets, dtype=np.float64)
    places = np.interp(times, known, np.arange(len(known)))
    early, late = times < known[0], times > known[-1]
    places[early] = (times[early] - known[0]) / (known[1] - known[0])
    places[late] = len(known) - 1 + (times[late] - known[-1]) / (known[-1] - known[-2])
    return places


def swing_ratio(times: Sequence[float], beats: Sequence[float]) -> float | None:
    """Long to short of the off-beat eighths, 1 straight and 2 triplets; None where fewer than four say it.

    It is p / (1 - p), where p is the median place of the onsets between .42 and .72 of a beat, counted from the median
    place of those on the beat; beats that are divided into four, and what is off by more, are left out.
    """
    if len(beats) < 2:
        return None
    places = beat_places(onsets_of(times), beats)
    numbers = np.floor(places + _ON_BEAT).astype(int)
    on: list[float] = []
    off: list[float] = []
    for number in np.unique(numbers):
        inside = places[numbers == number] - number
        if any(low < place < high for place in inside for low, high in _SIXTEENTHS):
            continue
        on += [float(place) for place in inside if abs(place) <= _ON_BEAT]
        off += [float(place) for place in inside if _OFF_BEAT[0] <= place <= _OFF_BEAT[1]]
    if len(off) < LEAST_OFF_BEATS:
        return None
    place = median(off) - (median(on) if len(on) >= LEAST_OFF_BEATS else 0.0)
    return place / (1.0 - place)


def microtiming_rms(times: Sequence[float], beats: Sequence[float], swing: float | None) -> tuple[float, float] | None:
    """Milliseconds rms from onsets to the grid that swings by `swing`: as they are, and with their mean taken out.

    The grid is sixteenths within swung eighths, and beyond a ratio of 1.5 the triplets too. Each onset counts to the
    nearest place of the grid; what is far from all of them, as in rolls, is left out. None where fewer than four count.
    """
    if len(beats) < 2:
        return None
    onsets = onsets_of(times)
    places = beat_places(onsets, beats)
    ratio = swing or 1.0
    half = ratio / (1.0 + ratio)
    grid = [0.0, half / 2, half, (1.0 + half) / 2, 1.0]
    if ratio > _TRIPLETS_FROM:
        grid.append(1.0 - half)
    inside = places - np.floor(places)
    off = inside[:, None] - np.asarray(sorted(grid))[None, :]
    nearest = off[np.arange(len(inside)), np.abs(off).argmin(axis=1)]
    beat_seconds = median(np.diff(np.asarray(beats)).tolist())
    near = nearest[np.abs(nearest) < _NEAR_GRID] * beat_seconds * 1000.0
    if len(near) < LEAST_OFF_BEATS:
        return None
    return float(np.sqrt(np.mean(near**2))), float(np.std(near))
