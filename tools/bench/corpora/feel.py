"""Swing and microtiming of a performance with known beats: the ground truth for analysis."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

import numpy as np

LEAST_OFF_BEATS: Final = 4
"""The minimum number of off-beat eighths to measure swing."""
_ON_BEAT: Final = 0.12
_OFF_BEAT: Final = (0.42, 0.72)
"""The range of off-beat eighths within a beat: from a little before the half to a little beyond the triplet."""
_SIXTEENTHS: Final = ((0.17, 0.33), (0.72, 0.88))
"""Beats with onsets here are divided into four, so their off-beat eighth is not a swung one."""
_NEAR_GRID: Final = 0.075
"""The largest distance in beats of an onset from the grid; sixteenths are .25 apart, so beyond .125 none is nearest."""
_TRIPLETS_FROM: Final = 1.5
TOGETHER_SECONDS: Final = 0.02
"""Notes this close are one onset."""


def onsets_of(times: Sequence[float]) -> list[float]:
    """Return the onsets of notes: notes within 20 ms of the first of a group are one onset, at their mean.

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
    """Return the positions of onsets, float64 (onsets,), in beats from the first beat; extrapolated beyond the ends."""
    if len(beats) < 2:
        raise ValueError(f"a position in beats needs two beats or more, got {len(beats)}")
    known = np.asarray(beats, dtype=np.float64)
    times = np.asarray(onsets, dtype=np.float64)
    places = np.interp(times, known, np.arange(len(known)))
    early, late = times < known[0], times > known[-1]
    places[early] = (times[early] - known[0]) / (known[1] - known[0])
    places[late] = len(known) - 1 + (times[late] - known[-1]) / (known[-1] - known[-2])
    return places


def swing_ratio(times: Sequence[float], beats: Sequence[float]) -> float | None:
    """Return the long-to-short ratio of the off-beat eighths, 1 straight and 2 triplets; None with fewer than four.

    It is p / (1 - p), where p is the median position of the onsets between .42 and .72 of a beat, relative to the
    median position of those on the beat. Beats divided into four and larger deviations are excluded.
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
    """Return the rms distance in milliseconds of onsets from the swung grid: absolute, and with the mean removed.

    The grid is sixteenths within swung eighths, and beyond a ratio of 1.5 also triplets. Each onset counts to the
    nearest grid position; onsets far from all of them, as in rolls, are excluded. None with fewer than four onsets.
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
