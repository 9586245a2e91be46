"""Beat tracking: the best path through beat activations in nearly even steps.

Dynamic programming after Ellis, "Beat Tracking by Dynamic Programming" (2007). Since no step is shorter than
`SHORTEST` periods, that many frames do not depend on one another and are relaxed together.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from musearoo.engines.analysis.fast.activation.sound import FloatArray

Beats = npt.NDArray[np.float64]
"""Beat positions in order, in frames or seconds, as the variable's name says."""

SHORTEST: Final = 0.8
LONGEST: Final = 1.25
"""The shortest and longest beat interval, in periods."""

TIGHTNESS: Final = 12.0
"""The cost of deviating from the period, per squared log ratio, in units of one full beat of evidence: a deviation of
10 % costs a tenth of a beat.
"""

PEAK_REACH: Final = 3
"""Frames within which a beat moves to the nearest peak of the evidence."""


def track_beats(evidence: FloatArray, period: float) -> Beats:
    """Track beats through a clip and return their fractional frames: float64 (beats,), increasing.

    `evidence`: float32 (frames,), about 1 where a beat is; `period`: frames from beat to beat.
    """
    frames = evidence.shape[0]
    if not frames:
        return np.zeros(0)
    near = max(1, int(SHORTEST * period))
    far = max(near + 1, round(LONGEST * period))
    # From the longest step to the shortest.
    costs = TIGHTNESS * np.log(np.arange(far, near - 1, -1, dtype=np.float32) / np.float32(period)) ** 2
    scores = np.zeros(far + frames, dtype=np.float32)
    scores[far:] = evidence
    # Column k: the scores of the frames from which a beat at frame k can come, the farthest first.
    sources = sliding_window_view(scores, costs.size).T
    for start in range(0, frames, near):
        stop = min(start + near, frames)
        scores[far + start : far + stop] += np.maximum.reduce(sources[:, start:stop] - costs[:, np.newaxis], axis=0)
    last = min(round(period), frames)
    frame = frames - last + int(scores[far + frames - last :].argmax())
    found = []
    while frame >= 0:
        found.append(frame)
        # The predecessor is computed only for beats on the path.
        frame -= far - int((sources[:, frame] - costs).argmax())
    return sharpen(evidence, np.asarray(found[::-1]))


def sharpen(evidence: FloatArray, beats: npt.NDArray[np.int64]) -> Beats:
    """Move beats onto nearby activation peaks, interpolated by a parabola; others stay."""
    reach = np.arange(-PEAK_REACH, PEAK_REACH + 1)
    padded = np.pad(evidence, PEAK_REACH + 1)
    around = padded[beats[:, np.newaxis] + reach + PEAK_REACH + 1]
    peaks = beats + reach[around.argmax(axis=1)] + PEAK_REACH + 1
    before, at, after = padded[peaks - 1], padded[peaks], padded[peaks + 1]
    bend = before - 2.0 * at + after
    is_peak = (at >= before) & (at >= after) & (bend < 0.0)
    offsets = np.where(is_peak, 0.5 * (before - after) / np.where(bend < 0.0, bend, -1.0), 0.0)
    moved = np.where(is_peak, peaks - PEAK_REACH - 1 + np.clip(offsets, -0.5, 0.5), beats)
    return np.maximum.accumulate(np.clip(moved, 0.0, evidence.shape[0] - 1.0)).astype(np.float64)
