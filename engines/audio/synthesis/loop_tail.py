"""Wrap the tail of a rendered loop around to its beginning."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.audio.sound_model import FloatArray
from musearoo.engines.audio.synthesis.mixing import limit_peak
from musearoo.engines.errors import ParamError

RELEASE: Final = 2048
"""Samples over which the very end of the tail fades out: the renderer may stop before everything has decayed (46 ms
at 44.1 kHz).
"""


def wrap_tail(samples: FloatArray, frames: int) -> FloatArray:
    """Return a sound as a loop of exactly so many frames: float32 (channels, frames), peak at most -1 dBFS.

    `samples` is float32 (channels, n), the loop followed by its tail; a tail longer than the loop wraps around several
    times, and a sound shorter than the loop is followed by silence.

    >>> wrap_tail(np.array([[0.5, 0.0, 0.0, 0.25]], dtype=np.float32), 3).tolist()
    [[0.5, 0.0, 0.0]]
    """
    if frames < 1:
        raise ParamError("frames", "1 or more", frames)
    looped = np.zeros((samples.shape[0], frames), dtype=np.float32)
    kept = samples[:, :frames]
    looped[:, : kept.shape[1]] = kept
    tail = samples[:, frames:].astype(np.float32)
    length = min(RELEASE, tail.shape[1])
    if length:
        tail[:, tail.shape[1] - length :] *= np.linspace(1.0, 0.0, length + 1, dtype=np.float32)[1:]
    for start in range(0, tail.shape[1], frames):
        lap = tail[:, start : start + frames]
        looped[:, : lap.shape[1]] += lap
    return limit_peak(looped)
