"""Split a sound into overlapping segments, and overlap-add their stems.

A segment is as long as the model's training segments. In longer sounds neighbours overlap by a quarter and are
cross-faded with the weights of `demucs.apply.apply_model`: each segment weighs most in its middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray

OVERLAP: Final = 0.25
"""Overlap as a fraction of a segment, as in Demucs' own separation."""

SHIFT_SECONDS: Final = 0.5
"""Largest offset of a shifted pass, as in Demucs, which draws offsets at random; here they are evenly spaced."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a sound.

    start: its first sample, negative if a shifted pass begins before the sound. size: samples of the model's input.
    share: weight of this pass. before, after: whether the pass has a neighbouring segment, `stride` samples away.
    """

    start: int
    length: int
    size: int
    share: float
    before: bool
    after: bool

    @property
    def read(self) -> int:
        """First sample of the model's input: a short segment is centred in its surroundings."""
        return self.start - (self.size - self.length) // 2

    @property
    def inner(self) -> slice:
        """The segment within the model's input."""
        return slice(self.start - self.read, self.start - self.read + self.length)

    @property
    def gain(self) -> FloatArray:
        """Weight of each sample, float32 (length); over all segments the weights of a sample sum to 1."""
        triangle, stride = _triangle(self.size), find_stride(self.size)
        own = triangle[: self.length]
        total = own.copy()
        if self.before:
            earlier = triangle[stride : stride + self.length]
            total[: earlier.size] += earlier
        if self.after:
            total[stride:] += triangle[: self.length - stride]
        return np.asarray(self.share * own / total, dtype=np.float32)


def find_stride(size: int) -> int:
    """Return the samples from one segment's start to the next."""
    return int((1.0 - OVERLAP) * size)


def plan_segments(samples: int, size: int, shifts: int = 0, rate: int = 44_100) -> list[Segment]:
    """Return the segments of a sound, in the order of their starts.

    `shifts` is the number of passes with evenly shifted segments, which are averaged; 0 means one unshifted pass.

    >>> [(one.start, one.length) for one in plan_segments(1000, 400)]
    [(0, 400), (300, 400), (600, 400), (900, 100)]
    """
    leads = [round(SHIFT_SECONDS * rate * (number + 1) / (shifts + 1)) for number in range(shifts)] or [0]
    passes = [segment for lead in leads for segment in _plan_pass(samples, size, lead, 1.0 / len(leads))]
    return sorted(passes, key=lambda segment: segment.start)


def _plan_pass(samples: int, size: int, lead: int, share: float) -> Iterator[Segment]:
    if samples + lead <= size:
        yield Segment(-lead, samples + lead, size, share, before=False, after=False)
        return
    for start in range(-lead, samples, find_stride(size)):
        length = min(size, samples - start)
        yield Segment(start, length, size, share, start > -lead, start + find_stride(size) < samples)


@lru_cache(maxsize=1)
def _triangle(size: int) -> FloatArray:
    """Return weights that rise to the middle and fall again, never 0."""
    half = size // 2
    rising, falling = np.arange(1, half + 1), np.arange(size - half, 0, -1)
    return np.concatenate([rising, falling]).astype(np.float32)


class OverlapAdd:
    """Sums stems (stems, channels, samples) at increasing positions, and returns what is complete.

    >>> sums = OverlapAdd(samples=4, stems=1, channels=1)
    >>> sums.add(-1, np.ones((1, 1, 3)))
    >>> sums.take(1).tolist(), sums.take(4).tolist()
    ([[[1.0]]], [[[1.0, 0.0, 0.0]]])
    """

    def __init__(self, samples: int, stems: int, channels: int) -> None:
        self._samples = samples
        self._start = 0
        self._sums = np.zeros((stems, channels, 0), dtype=np.float32)

    def add(self, start: int, stems: FloatArray) -> None:
        """Add stems from sample `start`, which must not be returned yet; samples outside the sound are dropped."""
        stems = stems[..., max(0, -start) : self._samples - start]
        start = max(0, start) - self._start
        missing = start + stems.shape[2] - self._sums.shape[2]
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, 0), (0, 0), (0, missing)))
        self._sums[..., start : start + stems.shape[2]] += stems

    def take(self, stop: int) -> FloatArray:
        """Return the samples before `stop` that were not returned yet; no more can be added to them."""
        count = max(0, min(stop, self._samples) - self._start)
        missing = count - self._sums.shape[2]
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, 0), (0, 0), (0, missing)))
        done, self._sums = self._sums[..., :count].copy(), self._sums[..., count:].copy()
        self._start += count
        return done
