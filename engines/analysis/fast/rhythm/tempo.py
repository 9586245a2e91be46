"""Tempo from beats: one number where they are even, a curve where they are not."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.rhythm.beats import Beats
from musearoo.engines.music.knowledge.analysis import TempoPoint
from musearoo.engines.music.timing import bpm_of_period

CURVE_BEATS: Final = 8
"""Beats over which a local tempo is measured: shorter spans would mistake loose timing for a tempo change."""

REAL_CHANGE: Final = 0.03
"""A tempo that changes by less over a whole clip is steady: beats are accurate to some 10 ms."""


def measure_curve(beats: Beats, bpm: float) -> tuple[TempoPoint, ...]:
    """Return the tempo curve, a point every four beats; one point where the tempo is constant."""
    steady = (TempoPoint(float(beats[0]) if beats.size else 0.0, bpm),)
    if beats.size <= 2 * CURVE_BEATS:
        return steady
    starts = np.arange(0, beats.size - CURVE_BEATS, 4)
    # The median interval of each span: a misplaced beat changes two intervals and not the median.
    steps = np.median(np.lib.stride_tricks.sliding_window_view(np.diff(beats), CURVE_BEATS)[starts], axis=1)
    spans = (beats[starts + CURVE_BEATS] - beats[starts]) / CURVE_BEATS
    local = np.where(np.abs(spans / steps - 1.0) < REAL_CHANGE, spans, steps)
    if local.max() / local.min() - 1.0 < REAL_CHANGE:
        return steady
    return tuple(TempoPoint(float(beats[k]), float(bpm_of_period(step))) for k, step in zip(starts, local, strict=True))
