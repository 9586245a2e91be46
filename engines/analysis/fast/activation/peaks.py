"""Peak picking in activations, and sample-accurate refinement of the peak times."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.rises import RiseCurve
from musearoo.engines.analysis.fast.activation.sound import FloatArray

TRUST_SECONDS: Final = 0.0035
"""Standard deviation of an interpolated peak time: a rise further away must be sharper to be chosen."""
SEARCH_SECONDS: Final = 0.012
QUIET: Final = 0.01
"""Level below which samples count as quiet, 40 dB below the loudest step: out of silence any rise would be infinite."""
RISE_SECONDS: Final = 0.0012
"""Delay from an onset to the steepest rise, the median over rendered drum kits."""
BEFORE_STEPS: Final = 6
AFTER_STEPS: Final = 3
"""An onset is where the next 3 ms exceed the last 6 ms most: short enough for flams."""

FrameNumbers = npt.NDArray[np.intp]
Seconds = npt.NDArray[np.float64]
Rises = npt.NDArray[np.float64]


def find_peaks(evidence: FloatArray, threshold: float, reach: int) -> FrameNumbers:
    """Return the frames whose activation is at least `threshold` and the highest within `reach` frames to either side.

    >>> find_peaks(np.array([0, 0.2, 0.9, 0.3, 0, 0.6, 0.6], dtype=np.float32), 0.5, 1).tolist()
    [2, 5]
    """
    if not evidence.size:
        return np.zeros(0, dtype=np.intp)
    highest = ndimage.maximum_filter1d(evidence, 2 * reach + 1, mode="constant")
    found = np.flatnonzero((evidence >= highest) & (evidence >= threshold))
    # The first frame of a plateau.
    return found[np.diff(found, prepend=-reach - 1) > reach]


def interpolate_peaks(evidence: FloatArray, frames: FrameNumbers) -> Seconds:
    """Interpolate peak times in seconds between frames: activations fall off evenly on both sides."""
    around = np.pad(evidence, 1, mode="edge")
    before, peak, after = (around[frames + offset] for offset in range(3))
    shift = np.clip((after - before) / (2.0 * np.maximum(peak, 1e-6)), -0.5, 0.5)
    times: Seconds = np.maximum(frames + shift, 0.0) / FRAMES_PER_SECOND
    return times


def sharpen(curve: RiseCurve) -> Rises:
    """Return the log ratio of treble after and before each step, (steps,): high at attacks."""
    floor = QUIET * float(curve.strengths.max()) + 1e-9
    levels = np.log(curve.strengths + np.float32(floor))
    sums = np.concatenate([np.zeros(1), np.cumsum(levels - levels.min(), dtype=np.float64)])
    here = np.arange(levels.size)
    after = (sums[np.minimum(here + AFTER_STEPS, levels.size)] - sums[here]) / AFTER_STEPS
    before = (sums[here] - sums[np.maximum(here - BEFORE_STEPS, 0)]) / BEFORE_STEPS
    rises: Rises = np.maximum(after - before, 0.0)
    return rises


def locate_peaks(times: Seconds, rises: Rises, step_seconds: float) -> Seconds:
    """Move times to the sharpest rise nearby, in seconds; where nothing rises, keep the time."""
    if not rises.size:
        return times
    reach = round(SEARCH_SECONDS / step_seconds)
    steps = np.rint(times / step_seconds).astype(np.intp)[:, np.newaxis] + np.arange(-reach, reach + 1)
    places = steps * step_seconds
    trust = np.exp(-0.5 * ((places - times[:, np.newaxis]) / TRUST_SECONDS) ** 2)
    near = rises[np.clip(steps, 0, rises.size - 1)] * trust
    best = near.argmax(axis=1)
    rows = np.arange(times.size)
    found: Seconds = np.where(near[rows, best] > 0.0, places[rows, best] - RISE_SECONDS, times)
    return np.maximum(found, 0.0)
