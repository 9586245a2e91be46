"""Decide whether half precision is audibly as good, by comparing both on the actual music.

Let a stem be 10 dB above what is wrong with it, which is better than today's models are on average. Errors of half
precision, e times as strong as the stem, then lower that figure by 10 log10(1 + 10 e^2) dB, for they have nothing to do
with the rest of what is wrong. 0.05 dB allows an e of -29.4 dB; a margin of 4 dB is for what is not in the stretch that
was heard.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray

LARGEST_ERROR_DB: Final = -33.4
"""Of a stem: 0.02 dB of a stem that is 10 dB above what is wrong with it."""

FAINT_DB: Final = -30.0
"""A stem so far below the loudest is judged as if it were that loud: there is next to nothing in it."""


def is_close_enough(full: FloatArray, half: FloatArray) -> bool:
    """Whether stems (stems, channels, samples) of half precision can stand for those of full precision."""
    return bool(np.all(np.isfinite(half))) and bool(np.all(measure_error_db(full, half) <= LARGEST_ERROR_DB))


def measure_error_db(full: FloatArray, half: FloatArray) -> FloatArray:
    """How strong the difference is, for each stem, relative to the stem.

    >>> stems = np.array([[[1.0, -1.0]], [[0.0, 0.0]]])
    >>> measure_error_db(stems, stems + np.array([[[0.1, 0.1]], [[0.0, 0.0]]])).round(1).tolist()
    [-20.0, -120.0]
    """
    energies = np.square(full, dtype=np.float64).sum(axis=(1, 2))
    errors = np.square(np.subtract(half, full, dtype=np.float64)).sum(axis=(1, 2))
    floor = energies.max() * 10.0 ** (FAINT_DB / 10.0) + np.finfo(np.float64).tiny
    return np.asarray(10.0 * np.log10(errors / np.maximum(energies, floor) + 1e-12), dtype=np.float32)
