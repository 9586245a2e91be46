"""Melody tracking in a mix: pitch salience from harmonics, and the best path over time.

Salience as a weighted sum of the magnitudes at a pitch's harmonics after Salamon and Gómez, "Melody extraction from
polyphonic music signals using pitch contour characteristics" (2012); the path by Viterbi's algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.separation.bands import Bands
from musearoo.engines.audio.separation.contract import FloatArray

FADE: Final = 0.84
"""Weight of each harmonic relative to the one below it; 0.8 in Salamon and Gómez."""
BETWEEN: Final = 0.5
"""Weight subtracted halfway between harmonics: otherwise an octave below would explain as much as the pitch."""
STEP_COST: Final = 0.08
"""Per step of the pitch grid from frame to frame; costs are relative to the root mean square of salience."""
REACH: Final = 4
"""Largest step of a glide per frame; anything larger is a new note."""
JUMP_COST: Final = 1.2
"""Cost of a new note, at any distance."""


@dataclass(frozen=True, eq=False)
class Pitches:
    """A grid of pitches: `weights` float32 (pitches, bands) for salience, and `combs` (pitches, bands), 0..1, masks of
    the partials of each pitch.
    """

    hertz: FloatArray
    weights: FloatArray
    combs: FloatArray

    @classmethod
    def of(cls, bands: Bands, low: float, high: float, steps_an_octave: int, harmonics: int, top: float) -> Pitches:
        """Return the pitches from `low` to `high` Hz, with `harmonics` partials up to `top` Hz."""
        count = int(np.floor(steps_an_octave * np.log2(high / low))) + 1
        hertz = low * 2.0 ** (np.arange(count) / steps_an_octave)
        width = np.maximum(np.gradient(bands.centres.astype(np.float64)), 1.0)
        weights, combs = np.zeros((2, count, bands.count))
        for number in range(1, int(top / low) + 1):
            # The main lobe is about three bins wide, and a pitch is never exactly on the grid.
            spread = width[np.newaxis] + 0.006 * number * hertz[:, np.newaxis]
            at = (bands.centres - number * hertz[:, np.newaxis]) / spread
            near = np.exp(-0.5 * at**2) * (number * hertz[:, np.newaxis] < top)
            combs = np.maximum(combs, near)
            if number <= harmonics:
                below = (bands.centres - (number - 0.5) * hertz[:, np.newaxis]) / spread
                weights += FADE ** (number - 1) * (near - BETWEEN * np.exp(-0.5 * below**2))
        return cls(hertz.astype(np.float32), weights.astype(np.float32), combs.astype(np.float32))


@dataclass(frozen=True, eq=False)
class Line:
    """A melodic line: `path` are indices into the pitch grid, int (frames,), `strength` its salience, float32
    (frames,)."""

    path: npt.NDArray[np.int64]
    strength: FloatArray


def follow(magnitudes: FloatArray, pitches: Pitches) -> Line:
    """Track the strongest line through magnitudes, float32 (frames, bands); use their square roots.

    Its strength is relative to the root mean square of the salience of all pitches in all frames.
    """
    salience = np.maximum(magnitudes @ pitches.weights.T, 0.0)
    salience /= np.float32(np.sqrt(np.mean(salience**2)) + 1e-9)
    path = _best_path(salience)
    return Line(path, salience[np.arange(path.size), path])


def _best_path(scores: FloatArray) -> npt.NDArray[np.int64]:
    """Return the path (frames,) with the highest sum of scores (frames, states) less its step costs."""
    frames, states = scores.shape
    came = np.zeros((frames, states), dtype=np.int64)
    steps = np.arange(-REACH, REACH + 1)
    costs = (STEP_COST * np.abs(steps)).astype(np.float32)[:, np.newaxis]
    places = np.arange(states)
    before = np.clip(places + steps[:, np.newaxis], 0, states - 1)
    best = scores[0].copy()
    for frame in range(1, frames):
        candidates = best[before] - costs
        step = candidates.argmax(axis=0)
        value = candidates[step, places]
        leader = int(best.argmax())
        jumps = best[leader] - JUMP_COST > value
        came[frame] = np.where(jumps, leader, before[step, places])
        best = np.where(jumps, best[leader] - JUMP_COST, value) + scores[frame]
    path = np.zeros(frames, dtype=np.int64)
    path[-1] = best.argmax()
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return path
