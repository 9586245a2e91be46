"""Decimation for low frequencies: a short filter and every n-th sample, in blocks that suit BLAS."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray

TAPS_PER_PHASE = 8
"""With a Kaiser window this keeps aliases in the lower half of the new band 60 dB down."""
KAISER_BETA = 6.0
CHUNK = 1 << 15
"""Output samples computed at a time: their input fits the processor's cache, however long the sound is."""


def decimate(samples: FloatArray, factor: int) -> FloatArray:
    """Return every `factor`-th sample of `samples`, float32 (frames,), low-pass filtered: float32 (ceil(frames /
    factor),).

    Sample k of the result is centred on sample k * factor. Only the lower half of the new band is free of aliases.
    Equals `np.convolve` with the filter and a slice, without computing the discarded samples.
    """
    if factor == 1:
        return samples
    phases = _polyphase_filter(factor)
    result = np.empty(-(-samples.size // factor), dtype=np.float32)
    for start in range(0, result.size, CHUNK):
        chunk = result[start : start + CHUNK]
        blocks = chunk.size + TAPS_PER_PHASE
        first = (start - TAPS_PER_PHASE // 2) * factor
        wanted = samples[max(0, first) : first + blocks * factor]
        padded = np.zeros(blocks * factor, dtype=np.float32)
        padded[max(0, -first) : max(0, -first) + wanted.size] = wanted
        # (taps per phase, factor) @ (factor, blocks): row p is the contribution of block b to output b - p.
        partial = phases @ padded.reshape(blocks, factor).T
        chunk[:] = partial[0, : chunk.size]
        for phase in range(1, TAPS_PER_PHASE):
            chunk += partial[phase, phase : phase + chunk.size]
    return result


@lru_cache(maxsize=16)
def _polyphase_filter(factor: int) -> FloatArray:
    """Return the low pass as (taps per phase, factor), 6 dB down at three quarters of the new Nyquist frequency."""
    taps = TAPS_PER_PHASE * factor
    # Tap `taps // 2` is the centre, so the delay is an integer; the first tap has no counterpart and is set to 0.
    places = np.arange(taps) - taps // 2
    taper = np.concatenate([[0.0], np.kaiser(taps - 1, KAISER_BETA)])
    cutoff = 0.75 / factor
    kernel = np.sinc(places * cutoff) * taper
    kernel /= kernel.sum()
    phases: FloatArray = kernel.reshape(TAPS_PER_PHASE, factor).astype(np.float32)
    return phases
