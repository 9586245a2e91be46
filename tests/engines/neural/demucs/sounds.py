"""Sounds to separate."""

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray


def make_noise(frames: int, seed: int = 0) -> FloatArray:
    """Return noise that differs between channels: float32 (2, frames)."""
    return (0.1 * np.random.default_rng(seed).standard_normal((2, frames))).astype(np.float32)
