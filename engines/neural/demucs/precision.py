"""Decide whether half precision is good enough, by comparing both precisions on the loudest part of the music.

Assume a stem is 10 dB above its separation error, which is better than today's models are on average. A rounding
error e times as strong as the stem lowers that figure by 10 log10(1 + 10 e^2) dB, since it is uncorrelated with the
separation error. 0.05 dB allows an e of -29.4 dB; a margin of 4 dB covers the music that was not compared.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray

LARGEST_ERROR_DB: Final = -33.4
"""Relative to a stem: costs 0.02 dB of a stem that is 10 dB above its separation error."""

FAINT_DB: Final = -30.0
"""Quieter stems, relative to the loudest, are judged as if they were this loud: they are nearly empty."""


def is_close_enough(full: FloatArray, half: FloatArray) -> bool:
    """Return whether half-precision stems (stems, channels, samples) can replace those of full precision."""
    return bool(np.all(np.isfinite(half))) and bool(np.all(measure_error_db(full, half) <= LARGEST_ERROR_DB))


def measure_error_db(full: FloatArray, half: FloatArray) -> FloatArray:
    """Return the level of the difference relative to each stem, in dB.

    >>> stems = np.array([[[1.0, -1.0]], [[0.0, 0.0]]])
    >>> measure_error_db(stems, stems + np.array([[[0.1, 0.1]], [[0.0, 0.0]]])).round(1).tolist()
    [-20.0, -120.0]
    """
    energies = np.square(full, dtype=np.float64).sum(axis=(1, 2))
    errors = np.square(np.subtract(half, full, dtype=np.float64)).sum(axis=(1, 2))
    floor = energies.max() * 10.0 ** (FAINT_DB / 10.0) + np.finfo(np.float64).tiny
    return np.asarray(10.0 * np.log10(errors / np.maximum(energies, floor) + 1e-12), dtype=np.float32)
