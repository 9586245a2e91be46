"""Mono excerpts of a sound at the networks' sample rate, resampled block by block."""

from __future__ import annotations

from math import gcd

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.neural.madmom.spectrograms import RATE, Excerpt, FloatArray

_FILTER_REACH = 10
"""Half-width of scipy's default resampling filter, in samples at the lower rate."""


def count_samples(sound: Sound) -> int:
    """Return the length of a sound in samples at `RATE`, at least 1."""
    return max(1, -(-sound.frames * RATE // sound.rate))


def take_excerpt(sound: Sound, start: int, stop: int) -> Excerpt:
    """Return samples `start` to `stop` of the sound's mono mix at `RATE`, padded with silence."""
    if sound.rate == RATE:
        return Excerpt(_take(sound.mono, start, stop), start)
    # Imported here: it is slow to import, and most clips have the right rate.
    from scipy.signal import resample_poly

    common = gcd(RATE, sound.rate)
    up, down = RATE // common, sound.rate // common
    # Whole periods of both rates, so that an excerpt equals the same part of the resampled whole.
    margin = (_FILTER_REACH * max(up, down) // up + 1) // down + 1
    first, last = start // up - margin, -(-stop // up) + margin
    piece = resample_poly(_take(sound.mono, first * down, last * down), up, down)
    return Excerpt(np.asarray(piece[start - first * up : stop - first * up], dtype=np.float32), start)


def _take(samples: FloatArray, start: int, stop: int) -> FloatArray:
    """Return samples `start` to `stop`, zero-padded beyond both ends."""
    inside = samples[max(start, 0) : max(stop, 0)]
    before = min(max(-start, 0), stop - start)
    return np.pad(inside, (before, stop - start - before - len(inside)))
