"""What a drummer's style is told by: where each limb strikes, on what, how hard and how swung; never the tempo."""

from __future__ import annotations

from typing import Final

import numpy as np

from tools.engines_bench.drums.measures import CYMBALS, loud_snares, measure_window
from tools.engines_bench.drums.window import BEATS_PER_BAR, SOUNDS, STEPS_PER_BAR, Floats, Window

TRIPLETS_PER_BAR: Final = 12


def window_features(window: Window) -> Floats:
    """The features of a window, float64 (FEATURES,).

    How often a bar has each limb on each sixteenth, and any stroke on each triplet; how often each sound is struck; how
    loud each is against the loudest; and the measures.
    """
    loud = loud_snares(window)
    limbs = (window.of("kick"), loud, window.of("snare", "rim") & ~loud, window.of(*CYMBALS), window.of("pedal"))
    profiles = [_profile(window.steps[limb], STEPS_PER_BAR, window.bars) for limb in limbs]
    toms = _profile(window.steps[window.of("tom")] // 4, BEATS_PER_BAR, window.bars)
    places = window.places * 3.0
    thirds = np.rint(places).astype(np.int64)
    is_third = (thirds % 3 != 0) & (
        np.abs(places - thirds) / 3.0 < np.abs(window.places - np.rint(window.places * 4.0) / 4.0)
    )
    triplets = _profile(thirds[is_third], TRIPLETS_PER_BAR, window.bars)
    counts = np.array([np.sum(window.sounds == number) for number in range(len(SOUNDS))]) / window.bars
    loudest = float(np.quantile(window.velocities, 0.95))
    touch = np.array(
        [
            float(np.mean(window.velocities[window.sounds == number])) / loudest if count else 0.5
            for number, count in enumerate(counts)
        ]
    )
    parts = [*profiles, toms, triplets, np.sqrt(counts), touch, np.array(measure_window(window))]
    return np.concatenate(parts)


def _profile(steps: np.ndarray, per_bar: int, bars: int) -> Floats:
    counted: Floats = np.bincount(steps % per_bar, minlength=per_bar).astype(np.float64) / bars
    return np.sqrt(counted)
