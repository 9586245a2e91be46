"""Read a source in stereo blocks at non-decreasing positions, and measure its level."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray, Source

SILENCE: Final = 1e-8
"""Standard deviation below which a sound is constant: -160 dBFS, below the finest step of 24 bits."""


class StereoReader:
    """Random access to a source at non-decreasing positions, buffering no more than one block.

    `around`: the value before and after the sound.
    """

    def __init__(self, source: Source, around: float = 0.0) -> None:
        self._blocks = source.blocks()
        self._around = around
        self._kept: FloatArray = np.zeros((2, 0), dtype=np.float32)
        self._start = 0

    def read(self, start: int, stop: int) -> FloatArray:
        """Return float32 (2, stop - start), padded with `around`; `start` must not decrease between calls."""
        first = max(start, 0)
        while self._start + self._kept.shape[1] < stop and (block := next(self._blocks, None)) is not None:
            drop = min(max(0, first - self._start), self._kept.shape[1])
            # Mono is copied to both channels.
            stereo = np.broadcast_to(block, (2, block.shape[1]))
            self._kept = np.concatenate([self._kept[:, drop:], stereo], axis=1)
            self._start += drop
        found = self._kept[:, first - self._start : max(0, stop - self._start)]
        stretch = np.full((2, stop - start), self._around, dtype=np.float32)
        stretch[:, first - start : first - start + found.shape[1]] = found
        return stretch


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Level of a sound: mean and standard deviation of its mono mix, and its loudest block, float32 (2, samples)."""

    mean: float
    spread: float
    loudest: FloatArray

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to separate."""
        return self.spread < SILENCE


def measure_level(source: Source, stretch: int, on_stretch: Callable[[], None]) -> Level:
    """Measure the level of a sound in one pass, in blocks of `stretch` samples.

    The standard deviation is that of `torch.std`. Partial sums are combined after Chan, Golub, LeVeque, "Algorithms
    for Computing the Sample Variance" (1983), so that a mean far from 0 costs no precision.
    """
    reading = StereoReader(source)
    loudest, loudness = np.zeros((2, stretch), dtype=np.float32), -1.0
    mean, squares, count = 0.0, 0.0, 0
    while count < source.frames:
        length = min(stretch, source.frames - count)
        samples = reading.read(count, count + stretch)
        mono = samples[:, :length].mean(axis=0, dtype=np.float64)
        own_mean = float(mono.mean())
        own_squares = float(np.square(mono - own_mean).sum())
        if own_squares > loudness:
            loudest, loudness = samples, own_squares
        apart = own_mean - mean
        squares += own_squares + apart * apart * count * length / (count + length)
        mean += apart * length / (count + length)
        count += length
        on_stretch()
    return Level(mean, math.sqrt(squares / max(1, count - 1)), loudest)
