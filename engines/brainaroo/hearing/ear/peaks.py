"""Peaks of frame-wise evidence, and where exactly in the sound they lie."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from engines.brainaroo.hearing.evidence import FRAMES_PER_SECOND
from engines.brainaroo.hearing.sound import FloatArray

SEARCH_STEPS: Final = 18
"""How far around a peak its attack is looked for: a frame and a half, and a little for slow attacks."""
BEFORE_STEPS: Final = 6
AFTER_STEPS: Final = 3
"""An attack is where the power of the next 3 ms exceeds that of the last 6 ms most: short enough for flams."""

FrameNumbers = npt.NDArray[np.intp]
Seconds = npt.NDArray[np.float64]


def find_peaks(evidence: FloatArray, threshold: float, reach: int) -> FrameNumbers:
    """The frames whose evidence is at least `threshold` and the highest within `reach` frames to either side.

    >>> find_peaks(np.array([0, 0.2, 0.9, 0.3, 0, 0.6, 0.6], dtype=np.float32), 0.5, 1).tolist()
    [2, 5]
    """
    if not evidence.size:
        return np.zeros(0, dtype=np.intp)
    highest = ndimage.maximum_filter1d(evidence, 2 * reach + 1, mode="constant")
    found = np.flatnonzero((evidence >= highest) & (evidence >= threshold))
    # Of a plateau, the first frame.
    return found[np.diff(found, prepend=-reach - 1) > reach]


def sharpen(envelope: FloatArray) -> FloatArray:
    """How much more there is right after each millisecond than right before it, float32 (milliseconds,)."""
    sums = np.concatenate([np.zeros(1), np.cumsum(envelope, dtype=np.float64)])
    count = envelope.size
    here = np.arange(count)
    after = (sums[np.minimum(here + AFTER_STEPS, count)] - sums[here]) / AFTER_STEPS
    before = (sums[here] - sums[np.maximum(here - BEFORE_STEPS, 0)]) / BEFORE_STEPS
    return np.asarray(after - before, dtype=np.float32)


def place_peaks(frames: FrameNumbers, sharpness: FloatArray, step_seconds: float) -> Seconds:
    """The seconds at which what peaks at these frames begins: the sharpest rise near each."""
    if not frames.size or not sharpness.size:
        return frames / FRAMES_PER_SECOND
    middle = np.rint(frames * (1.0 / FRAMES_PER_SECOND / step_seconds)).astype(np.intp)
    offsets = np.arange(-SEARCH_STEPS, SEARCH_STEPS + 1)
    # Far from the peak a rise must be clearly sharper to be taken for its attack.
    trust = 1.0 - 0.6 * (np.abs(offsets) / SEARCH_STEPS) ** 2
    near = sharpness[np.clip(middle[:, np.newaxis] + offsets, 0, sharpness.size - 1)] * trust
    steps = middle + offsets[near.argmax(axis=1)]
    times: Seconds = np.clip(steps, 0, sharpness.size) * step_seconds
    return times
