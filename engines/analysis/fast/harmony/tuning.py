"""The tuning of a sound relative to 440 Hz, from the deviation of its partials from the semitones."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray

HIGHEST_HZ: Final = 1_800.0
"""Higher partials are inharmonic on pianos and strings."""
LEAST_SHARE: Final = 0.02
"""The minimum power relative to a frame's strongest partial: weaker ones are side lobes and noise."""
LEAST_AGREEMENT: Final = 0.1
"""Below this agreement there is no tuning (drums, noise, speech), and 440 Hz is assumed."""


def measure_tuning(powers: FloatArray, first_bin: int, bin_hz: float) -> tuple[float, float]:
    """Return the tuning in cents relative to 440 Hz, -50 to 50, and the agreement of the partials, 0..1.

    `powers`: float32 (frames, bins) of a Hann-windowed transform, bin 0 at `first_bin * bin_hz` Hz. The result is the
    circular mean over a semitone, weighted by the square root of power, so that soft frames also count.
    """
    usable = min(powers.shape[1], int(HIGHEST_HZ / bin_hz) - first_bin)
    if usable < 3:
        return 0.0, 0.0
    spectrum = powers[:, :usable]
    middle = spectrum[:, 1:-1]
    least = LEAST_SHARE * spectrum.max(axis=1, keepdims=True) + np.float32(1e-20)
    frames, bins = np.nonzero((middle > spectrum[:, :-2]) & (middle >= spectrum[:, 2:]) & (middle > least))
    if not frames.size:
        return 0.0, 0.0
    # A parabola through the logarithms of three bins: exact for a Gaussian, within 2 % of a bin for Hann.
    below, peak, above = (np.log(spectrum[frames, bins + shift] + 1e-30) for shift in range(3))
    curvature = below - 2.0 * peak + above
    places = bins + 1 + 0.5 * (below - above) / np.where(curvature < 0.0, curvature, -1.0)
    semitones = 12.0 * np.log2((places + first_bin) * bin_hz / 440.0)
    weights = np.sqrt(spectrum[frames, bins + 1] / spectrum.max(axis=1)[frames])
    mean = np.sum(weights * np.exp(2j * np.pi * semitones)) / weights.sum()
    agreement = float(np.abs(mean))
    return (float(np.angle(mean)) / (2.0 * np.pi) * 100.0 if agreement >= LEAST_AGREEMENT else 0.0), agreement
