"""The times of quarter notes with human timing: with swing, and a tempo that fluctuates."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from random import Random

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class TimeMap:
    """`quarters[n]` is the time in seconds of quarter `n`, float64; off-beat eighths are late by `swing`, long to
    short.
    """

    quarters: npt.NDArray[np.float64]
    swing: float = 1.0

    def seconds(self, place: float) -> float:
        """Return the time in seconds of a position in quarters.

        >>> TimeMap(np.array([0.0, 0.5, 1.0]), 2.0).seconds(1.5)
        0.8333333333333333
        """
        beat = floor(place + 1e-9)
        inside = place - beat
        half = self.swing / (1.0 + self.swing)
        swung = inside * 2.0 * half if inside <= 0.5 else half + (inside - 0.5) * 2.0 * (1.0 - half)
        return float(np.interp(beat + swung, np.arange(len(self.quarters)), self.quarters))


def breathe(quarters: int, seconds_per_quarter: float, chance: Random, depth: float, swing: float = 1.0) -> TimeMap:
    """Return a time map of `quarters` quarter notes whose tempo drifts slowly by about `depth` (relative)."""
    wander, gaps = 0.0, []
    for _ in range(quarters):
        wander = 0.95 * wander + chance.gauss(0.0, depth * 0.3)
        gaps.append(seconds_per_quarter * (1.0 + wander))
    return TimeMap(np.concatenate([[0.0], np.cumsum(gaps)]), swing)
