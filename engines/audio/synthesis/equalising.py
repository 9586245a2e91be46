"""Apply the EQ cuts of a mix."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from scipy import signal

from musearoo.engines.audio.synthesis.stem import Samples
from musearoo.engines.players.mix.eq_bands import Cut


def apply_cuts(samples: Samples, cuts: Sequence[Cut], rate: int) -> Samples:
    """Return the samples, float32 (channels, samples), with all cuts applied."""
    if not cuts:
        return samples
    filtered = signal.sosfilt(np.array([_section(cut, rate) for cut in cuts]), samples, axis=1)
    return np.asarray(filtered, dtype=np.float32)


def _section(cut: Cut, rate: int) -> list[float]:
    """Return the second-order section of a cut: b0, b1, b2, a0 (1), a1, a2.

    After Robert Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients" (1998).
    """
    turn = 2.0 * pi * min(cut.hertz, 0.45 * rate) / rate
    alpha = sin(turn) / (2.0 * cut.q)
    if cut.kind == "low cut":
        b = ((1.0 + cos(turn)) / 2.0, -(1.0 + cos(turn)), (1.0 + cos(turn)) / 2.0)
        a = (1.0 + alpha, -2.0 * cos(turn), 1.0 - alpha)
    else:
        gain = 10.0 ** (cut.gain_db / 40.0)
        b = (1.0 + alpha * gain, -2.0 * cos(turn), 1.0 - alpha * gain)
        a = (1.0 + alpha / gain, -2.0 * cos(turn), 1.0 - alpha / gain)
    return [value / a[0] for value in (*b, *a)]
