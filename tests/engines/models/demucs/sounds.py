"""Sounds in memory that are read like files."""

from collections.abc import Iterator

import numpy as np

from engines.separation.contract import FloatArray


class InMemory:
    """Samples, float32 (channels, frames), as a `Source`."""

    def __init__(self, samples: FloatArray, rate: int = 44_100, block: int = 7777) -> None:
        self.samples = samples.astype(np.float32)
        self.rate = rate
        self.channels, self.frames = samples.shape
        self._block = block

    def blocks(self) -> Iterator[FloatArray]:
        for start in range(0, self.frames, self._block):
            yield self.samples[:, start : start + self._block]


def make_noise(frames: int, seed: int = 0) -> FloatArray:
    """float32 (2, frames): noise whose channels differ."""
    return (0.1 * np.random.default_rng(seed).standard_normal((2, frames))).astype(np.float32)
