"""Mono excerpts of a sound at the networks' sample rate, resampled block by block."""

from __future__ import annotations

from math import gcd

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.neural.madmom.spectrograms import RATE, Excerpt, FloatArray

_FILTER_REACH = 10
"""Samples at the lower rate that scipy's resampling filter reaches to each side (its default design)."""


def count_samples(sound: Sound) -> int:
    """How many samples the sound has at `RATE`, at least 1."""
    return max(1, -(-sound.frames * RATE // sound.rate))


def take_excerpt(sound: Sound, start: int, stop: int) -> Excerpt:
    """Samples `start` to `stop` of the sound's mean channel at `RATE`; silence where they lie beyond it."""
    if sound.rate == RATE:
        return Excerpt(_take(sound.mono, start, stop), start)
    # Imported here: it is slow to import, and most clips have the right rate.
    from scipy.signal import resample_poly

    common = gcd(RATE, sound.rate)
    up, down = RATE // common, sound.rate // common
    # Whole cycles of both rates, so that a piece is resampled just as it would be within the whole.
    margin = (_FILTER_REACH * max(up, down) // up + 1) // down + 1
    first, last = start // up - margin, -(-stop // up) + margin
    piece = resample_poly(_take(sound.mono, first * down, last * down), up, down)
    return Excerpt(np.asarray(piece[start - first * up : stop - first * up], dtype=np.float32), start)


def _take(samples: FloatArray, start: int, stop: int) -> FloatArray:
    """The samples from `start` to `stop`, with zeros before the first and after the last."""
    inside = samples[max(start, 0) : max(stop, 0)]
    before = min(max(-start, 0), stop - start)
    return np.pad(inside, (before, stop - start - before - len(inside)))
