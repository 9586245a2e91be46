"""Places beats: the path through a clip that meets beat evidence in nearly even steps.

Dynamic programming after Ellis, "Beat Tracking by Dynamic Programming" (2007). Since no step is shorter than
`SHORTEST` periods, that many frames do not depend on one another and are relaxed together.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from engines.brainaroo.hearing.sound import FloatArray

Beats = npt.NDArray[np.float64]
"""Places of beats, in order: frames or seconds, as the name says."""

SHORTEST: Final = 0.8
LONGEST: Final = 1.25
"""The shortest and longest step, in periods: what a player may hurry or linger from one beat to the next."""

TIGHTNESS: Final = 12.0
"""What leaving the period costs, for the square of the log of the ratio, in units of one full beat of evidence:
10 % off the period costs a tenth of a beat."""

PEAK_REACH: Final = 3
"""Frames within which evidence pulls a beat onto its own peak."""


def track_beats(evidence: FloatArray, period: float | FloatArray) -> Beats:
    """The frames of beats through the whole of a clip, between the frames too: float64 (beats,), increasing.

    `evidence`: float32 (frames,), about 1 where a beat is; `period`: frames, one for all or one for each frame.
    """
    frames = evidence.shape[0]
    periods = np.broadcast_to(np.asarray(period, dtype=np.float32), (frames,))
    if not frames:
        return np.zeros(0)
    near = max(1, int(SHORTEST * float(periods.min())))
    far = max(near + 1, round(LONGEST * float(periods.max())))
    logs = np.log(np.arange(far, near - 1, -1, dtype=np.float32))
    scores = np.zeros(far + frames, dtype=np.float32)
    scores[far:] = evidence
    # Row k: the scores of the frames from which a beat at frame k can come, the farthest first.
    sources = sliding_window_view(scores, far - near + 1)
    steps = np.empty(frames, dtype=np.int64)
    is_even = np.ndim(period) == 0
    costs = TIGHTNESS * (logs - np.log(periods[0])) ** 2
    for start in range(0, frames, near):
        stop = min(start + near, frames)
        if not is_even:
            costs = TIGHTNESS * (logs - np.log(periods[start])) ** 2
        paths = sources[start:stop] - costs
        steps[start:stop] = paths.argmax(axis=1)
        scores[far + start : far + stop] += paths.max(axis=1)
    last = round(float(periods[-1]))
    frame = frames - min(last, frames) + int(scores[far + frames - min(last, frames) :].argmax())
    found = []
    while frame >= 0:
        found.append(frame)
        frame -= far - int(steps[frame])
    return sharpen(evidence, np.asarray(found[::-1]))


def sharpen(evidence: FloatArray, beats: npt.NDArray[np.int64]) -> Beats:
    """Beats moved onto the peaks of evidence nearby, between frames by a parabola; others stay."""
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
