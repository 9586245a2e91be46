"""Features of a drummer's style: the position, sound, velocity and swing of each limb; never the tempo."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.tools.bench.engines.drums.measures import CYMBALS, loud_snares, measure_window
from musearoo.tools.bench.engines.drums.window import BEATS_PER_BAR, SOUNDS, STEPS_PER_BAR, Floats, Window

TRIPLETS_PER_BAR: Final = 12


def window_features(window: Window) -> Floats:
    """Return the features of a window, float64 (140,).

    The frequency per bar of each limb on each sixteenth, of toms on each beat, of any stroke on each triplet, and of
    each sound, all as square roots; the velocity of each sound relative to the loudest; and the measures.
    """
    loud = loud_snares(window)
    limbs = (window.of("kick"), loud, window.of("snare", "rim") & ~loud, window.of(*CYMBALS), window.of("pedal"))
    rates = [_rates(window.steps[limb], STEPS_PER_BAR, window.bars) for limb in limbs]
    toms = _rates(window.steps[window.of("tom")] // 4, BEATS_PER_BAR, window.bars)
    triplets = _rates(_triplets(window), TRIPLETS_PER_BAR, window.bars)
    counts = np.bincount(window.sounds, minlength=len(SOUNDS)) / window.bars
    parts = [*rates, toms, triplets, counts]
    return np.concatenate([*map(np.sqrt, parts), _touch(window), np.array(measure_window(window))])


def _triplets(window: Window) -> np.ndarray:
    """Return the thirds of a beat, counted from the first, of off-beat strokes nearer to a third than to a
    sixteenth.
    """
    thirds = np.rint(window.places * 3.0).astype(np.int64)
    from_third = np.abs(window.places - thirds / 3.0)
    from_sixteenth = np.abs(window.places - np.rint(window.places * 4.0) / 4.0)
    found: np.ndarray = thirds[(thirds % 3 != 0) & (from_third < from_sixteenth)]
    return found


def _touch(window: Window) -> Floats:
    """Return the mean velocity of each sound relative to the loud strokes'; one half where there is none."""
    loudest = float(np.quantile(window.velocities, 0.95))
    played = [window.velocities[window.sounds == number] for number in range(len(SOUNDS))]
    return np.array([float(np.mean(own)) / loudest if len(own) else 0.5 for own in played])


def _rates(steps: np.ndarray, per_bar: int, bars: int) -> Floats:
    counted: Floats = np.bincount(steps % per_bar, minlength=per_bar).astype(np.float64) / bars
    return counted
