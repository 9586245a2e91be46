"""Repetition cues: similar frames elsewhere, and the part of each frame that their median explains.

After Rafii and Pardo, "Music/voice separation using the similarity matrix" (2012): a band repeats, its singer does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.separation.contract import FloatArray

ALIKE: Final = 9
"""Similar frames whose median is the repeating part."""
APART_SECONDS: Final = 0.5
"""Minimum distance of similar frames: closer ones belong to the same note."""

LOUD: Final = 0.1
"""Power relative to the mean from which the scale becomes logarithmic, so that softer parts are compared too."""
FRAMES_AT_ONCE: Final = 64
"""Frames processed at a time, each with `ALIKE` others."""


def measure_repeating(powers: FloatArray, frames_a_second: float, every: int) -> FloatArray:
    """Measure the repeating power in each cell, float32 (frames, bands), at most that of the cell itself.

    Frames are compared by means over `every` bands, so that similarity does not depend on the lead's exact pitch.
    """
    frames, bands = powers.shape
    coarse = powers[:, : bands // every * every].reshape(frames, -1, every).mean(axis=2)
    shapes = np.log1p(coarse / (LOUD * coarse.mean() + 1e-30))
    shapes -= shapes.mean(axis=0)
    shapes /= np.linalg.norm(shapes, axis=1, keepdims=True) + 1e-9
    likeness = shapes @ shapes.T
    apart = max(1, round(APART_SECONDS * frames_a_second))
    chosen = _choose_apart(likeness, apart)
    repeating = np.empty_like(powers)
    for first in range(0, frames, FRAMES_AT_ONCE):
        some = slice(first, first + FRAMES_AT_ONCE)
        repeating[some] = np.median(powers[chosen[some]], axis=1)
    return np.minimum(repeating, powers)


def _choose_apart(likeness: FloatArray, apart: int) -> npt.NDArray[np.int64]:
    """Return the indices of the most similar frames, int (frames, ALIKE): itself, and the best of separate blocks."""
    frames = likeness.shape[0]
    stretches = -(-frames // apart)
    padded = np.pad(likeness, ((0, 0), (0, stretches * apart - frames)), constant_values=-2.0)
    blocks = padded.reshape(frames, stretches, apart)
    best = blocks.argmax(axis=2) + np.arange(stretches) * apart
    values = blocks.max(axis=2)
    wanted = min(ALIKE, stretches)
    order = np.argpartition(-values, wanted - 1, axis=1)[:, :wanted]
    return np.asarray(np.take_along_axis(best, order, axis=1))
