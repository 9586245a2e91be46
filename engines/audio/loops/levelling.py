"""Adjust a loop to a loudness without clipping, measured as it repeats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

from musearoo.engines.analysis.fast.character.loudness import k_filters, measure_integrated
from musearoo.engines.audio.sound_model import FloatArray

STEPS_PER_SECOND: Final = 10
"""BS.1770's blocks consist of steps of a tenth of a second."""
LEAST_SECONDS: Final = 3.0
"""Minimum duration for measuring, by repeating the loop."""
WARM_SECONDS: Final = 0.5
"""Pre-roll of the weighting filters: their state comes from the loop's own end."""
OVERSAMPLING: Final = 4
"""For true peaks, as in BS.1770-4, annex 2."""
LOOK_AHEAD_SECONDS: Final = 0.005
"""Attack and release of the limiter: shorter ones distort the bass audibly."""
MOST_LIMITING_DB: Final = 3.0
"""Maximum gain reduction at a peak: beyond that drums lose their punch, so the loop stays quieter than requested."""
MARGIN_DB: Final = 0.05
"""Margin of the limiter below the ceiling: the true peak may exceed the four-times oversampled one."""
NO_DB: Final = 1e-4
"""Tolerance for rounding."""
ROUNDS: Final = 2
"""Limiting reduces the loudness: the second round compensates, as far as allowed."""


@dataclass(frozen=True, slots=True, eq=False)
class Levelled:
    """A levelled loop: float32 (channels, n), its gain, and how much loudness is missing."""

    samples: FloatArray
    gain_db: float
    missing_db: float


def level(loop: FloatArray, rate: int, loudness_lufs: float | None, ceiling_db: float) -> Levelled:
    """Level a loop to a loudness, its true peak at most `ceiling_db`; without a loudness only peaks are limited.

    Any DC offset is removed.
    """
    loop = (loop - loop.mean(axis=1, keepdims=True, dtype=np.float64)).astype(np.float32)
    peaks = find_peaks(loop)
    room = ceiling_db - 20.0 * float(np.log10(max(float(peaks.max()), 1e-9)))
    loudness = None if loudness_lufs is None else measure_loudness(loop, rate)
    if loudness_lufs is None or loudness is None:
        return Levelled(_amplify(loop, peaks, rate, min(0.0, room), ceiling_db), min(0.0, room), 0.0)
    gain, louder, missing = 0.0, loop, loudness_lufs - loudness
    for _ in range(ROUNDS):
        gain = min(gain + missing, room + MOST_LIMITING_DB)
        louder = _amplify(loop, peaks, rate, gain, ceiling_db)
        reached = measure_loudness(louder, rate)
        missing = 0.0 if reached is None else loudness_lufs - reached
    return Levelled(louder, gain, missing)


def measure_loudness(loop: FloatArray, rate: int) -> float | None:
    """Measure the loudness of a loop as it repeats, in LUFS (BS.1770-4); None for silence."""
    step = rate // STEPS_PER_SECOND
    warm = round(WARM_SECONDS * rate)
    # Whole repetitions, so that all parts count equally.
    rounds = -(-round(LEAST_SECONDS * rate) // loop.shape[1])
    looped = np.take(loop, np.arange(-warm, rounds * loop.shape[1]), axis=1, mode="wrap").astype(np.float64)
    for numerator, denominator in k_filters(rate):
        looped = signal.lfilter(numerator, denominator, looped, axis=1)
    looped = looped[:, warm:]
    steps = looped.shape[1] // step
    powers = (looped[:, : steps * step].reshape(looped.shape[0], steps, step) ** 2).mean(axis=2)
    return measure_integrated(powers.sum(axis=0))


def find_peaks(loop: FloatArray) -> npt.NDArray[np.float64]:
    """Return the highest magnitude at and right after each sample over all channels: (n,), four times oversampled."""
    reach = 64
    round_and_round = np.take(loop, np.arange(-reach, loop.shape[1] + reach), axis=1, mode="wrap")
    between = signal.resample_poly(round_and_round.astype(np.float64), OVERSAMPLING, 1, axis=1)
    inside = np.abs(between[:, reach * OVERSAMPLING : -reach * OVERSAMPLING])
    highest: npt.NDArray[np.float64] = inside.reshape(loop.shape[0], -1, OVERSAMPLING).max(axis=(0, 2))
    return highest


def _amplify(
    loop: FloatArray, peaks: npt.NDArray[np.float64], rate: int, gain_db: float, ceiling_db: float
) -> FloatArray:
    """Apply a gain to a loop and limit its peaks."""
    factor = 10.0 ** (gain_db / 20.0)
    louder = loop * np.float32(factor)
    if float(peaks.max()) * factor <= 10.0 ** ((ceiling_db + NO_DB) / 20.0):
        return louder
    return louder * _limit(peaks * factor, rate, 10.0 ** ((ceiling_db - MARGIN_DB) / 20.0))


def _limit(peaks: npt.NDArray[np.float64], rate: int, ceiling: float) -> FloatArray:
    """Return the gain per sample that keeps peaks below the ceiling: smooth, also across the seam."""
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    reach = max(1, min(round(LOOK_AHEAD_SECONDS * rate), (peaks.size - 1) // 2))
    lowest = ndimage.minimum_filter1d(needed, 2 * reach + 1, mode="wrap")
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.asarray(ndimage.convolve1d(lowest, window / window.sum(), mode="wrap"), dtype=np.float32)
