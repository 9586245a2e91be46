"""The beat grid that groove is measured against: a smooth curve through the beats.

Beats detected in audio follow the onsets they were detected by. Measured against them, a player who drags would be in
time. A click or a band drifts slowly, so the grid keeps the slow component of the beats and leaves the rest to the
onsets: Whittaker's smoother (E. T. Whittaker, "On a new method of graduation", 1923) of the beats' times, or a straight
line where that fits nearly as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import pi, sin, sqrt
from typing import Final

WANDERING_BEATS: Final = (32.0, 16.0, 8.0)
"""Periods of tempo drift, in beats, that the grid follows by half; shorter ones only where longer ones fit too
badly.
"""
SIDE_BEATS: Final = 6
LARGEST_DRIFT: Final = 0.02
"""The largest mean deviation in seconds of consecutive beats to one side of the grid: beyond, the tempo really
changes.
"""
CLICK_MISFIT: Final = 0.012
"""The rms difference in seconds between the smooth grid and a straight line below which the music was played to a
click.
"""


@dataclass(frozen=True, slots=True)
class BeatGrid:
    """The times of beats 0, 1, 2, … in seconds: at least two, rising."""

    times: tuple[float, ...]

    @property
    def beat_seconds(self) -> float:
        """The mean duration of a beat."""
        return (self.times[-1] - self.times[0]) / (len(self.times) - 1)

    def position(self, time: float) -> float:
        """Return the position of a time, in beats from beat 0; extrapolated beyond the ends.

        >>> grid = BeatGrid((1.0, 2.0, 2.5))
        >>> grid.position(0.5), grid.position(2.25), grid.position(3.0)
        (-0.5, 1.5, 3.0)
        """
        times = self.times
        # Clamped so that the first and the last segment extend beyond the ends.
        index = bisect_right(times, time, 1, len(times) - 1) - 1
        start = times[index]
        return index + (time - start) / (times[index + 1] - start)


def fit_grid(beats: Sequence[float], exact: bool = False) -> BeatGrid | None:
    """Return the grid through beats in seconds, in order, with as many beats; None for fewer than two.

    Exact beats, those of a MIDI clip, are used unchanged.

    >>> wobbly = [beat * 0.5 + (0.01 if beat % 2 else -0.01) for beat in range(16)]
    >>> max(abs(time - beat * 0.5) for beat, time in enumerate(fit_grid(wobbly).times)) < 0.003
    True
    """
    rising = [time for index, time in enumerate(beats) if index == 0 or time > beats[index - 1]]
    if len(rising) < 2:
        return None
    if exact or len(rising) < 4:
        return BeatGrid(tuple(rising))
    line = _fit_line(rising)
    smooth = line
    for period in WANDERING_BEATS:
        smooth = _smooth(rising, period)
        if _drift(smooth, rising) <= LARGEST_DRIFT:
            break
    else:
        smooth = rising
    if _rms(smooth, line) <= CLICK_MISFIT and _drift(line, rising) <= LARGEST_DRIFT:
        smooth = line
    rises = all(late > early for early, late in pairwise(smooth))
    return BeatGrid(tuple(smooth if rises else rising))


def _fit_line(times: Sequence[float]) -> list[float]:
    """Return evenly spaced times nearest to the given ones by the median deviation, which is robust to outliers."""
    line = _fit_weighted_line(times, [1.0] * len(times))
    for _ in range(2):
        misfits = [abs(time - near) for time, near in zip(times, line, strict=True)]
        scale = max(1e-6, 1.5 * sorted(misfits)[len(times) // 2])
        line = _fit_weighted_line(times, [min(1.0, scale / max(misfit, 1e-12)) for misfit in misfits])
    return line


def _fit_weighted_line(times: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return evenly spaced times nearest to the given ones by weighted least squares."""
    total = sum(weights)
    mean_index = sum(weight * index for index, weight in enumerate(weights)) / total
    mean_time = sum(weight * time for weight, time in zip(weights, times, strict=True)) / total
    spread = sum(weight * (index - mean_index) ** 2 for index, weight in enumerate(weights))
    shared = sum(
        weight * (index - mean_index) * time for index, (weight, time) in enumerate(zip(weights, times, strict=True))
    )
    return [mean_time + shared / spread * (index - mean_index) for index in range(len(times))]


def _smooth(times: Sequence[float], period: float) -> list[float]:
    """Return smoothed times: drift of a period in beats is halved, and faster drift nearly removed.

    Solves (1 + stiffness * D'D) smooth = times for second differences D, a band of five diagonals, by elimination.
    """
    count = len(times)
    stiffness = 1.0 / (2.0 * sin(pi / period)) ** 4
    main = [1.0] * count
    first = [0.0] * count
    second = [0.0] * count
    for row in range(count - 2):
        for position, factor in ((row, 1.0), (row + 1, 4.0), (row + 2, 1.0)):
            main[position] += stiffness * factor
        first[row] += stiffness * -2.0
        first[row + 1] += stiffness * -2.0
        second[row] += stiffness
    # Cholesky's L D L' of the band, then forward and backward substitution.
    smooth = list(times)
    for row in range(count):
        for back, band in ((1, first), (2, second)):
            if row >= back:
                before = row - back
                factor = band[before] / main[before]
                main[row] -= factor * band[before]
                if back == 1:
                    first[row] -= factor * second[before]
                smooth[row] -= factor * smooth[before]
    for row in range(count - 1, -1, -1):
        above = first[row] * smooth[row + 1] if row + 1 < count else 0.0
        above += second[row] * smooth[row + 2] if row + 2 < count else 0.0
        smooth[row] = (smooth[row] - above) / main[row]
    return smooth


def _drift(grid: Sequence[float], beats: Sequence[float]) -> float:
    """Return the largest mean deviation of `SIDE_BEATS` consecutive beats to one side of a grid, in seconds."""
    misfits = [beat - time for beat, time in zip(beats, grid, strict=True)]
    width = min(SIDE_BEATS, len(misfits))
    total = sum(misfits[:width])
    worst = abs(total)
    for new, old in zip(misfits[width:], misfits, strict=False):
        total += new - old
        worst = max(worst, abs(total))
    return worst / width


def _rms(left: Sequence[float], right: Sequence[float]) -> float:
    return sqrt(sum((a - b) ** 2 for a, b in zip(left, right, strict=True)) / len(left))
