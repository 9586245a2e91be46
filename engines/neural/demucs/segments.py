"""Split a sound into overlapping segments, and overlap-add their stems.

A segment is as long as what the model was trained on. Where a sound is longer, each but the last gives way to the next
over a quarter of its length, by the weights of `demucs.apply.apply_model`: each segment weighs most in its middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray

OVERLAP: Final = 0.25
"""The part of a segment that the next one takes over: what Demucs' own separation has."""

SHIFT_SECONDS: Final = 0.5
"""How far a shifted pass is moved at most: as Demucs' own, which draws where we spread evenly."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sound.

    start: its first sample, below 0 where a shifted pass begins ahead of the sound. size: samples that the model takes.
    share: how much this pass is of all. before, after: whether the pass has a segment there, `stride` samples away.
    """

    start: int
    length: int
    size: int
    share: float
    before: bool
    after: bool

    @property
    def read(self) -> int:
        """The first sample that the model is given: a short stretch stands amid what is around it."""
        return self.start - (self.size - self.length) // 2

    @property
    def inner(self) -> slice:
        """The stretch within what the model is given."""
        return slice(self.start - self.read, self.start - self.read + self.length)

    @property
    def gain(self) -> FloatArray:
        """float32 (length): how much of each sample it gives; all the segments over a sample give 1."""
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
    """How many samples after a segment the next one begins."""
    return int((1.0 - OVERLAP) * size)


def plan_segments(samples: int, size: int, shifts: int = 0, rate: int = 44_100) -> list[Segment]:
    """The segments of a sound, in the order of their starts.

    With `shifts`, as many passes of segments that start at other places each; their mean is what is heard.

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
    """Rises to the middle and falls again, never 0."""
    half = size // 2
    rising, falling = np.arange(1, half + 1), np.arange(size - half, 0, -1)
    return np.concatenate([rising, falling]).astype(np.float32)


class OverlapAdd:
    """Sums stems (stems, channels, samples) at rising places, and gives what is complete.

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
        """Adds what begins at `start`, which is nothing that was taken; what is outside of the sound is dropped."""
        stems = stems[..., max(0, -start) : self._samples - start]
        start = max(0, start) - self._start
        missing = start + stems.shape[2] - self._sums.shape[2]
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, 0), (0, 0), (0, missing)))
        self._sums[..., start : start + stems.shape[2]] += stems

    def take(self, stop: int) -> FloatArray:
        """What comes before `stop` and was not taken yet; nothing will be added there any more."""
        count = max(0, min(stop, self._samples) - self._start)
        missing = count - self._sums.shape[2]
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, 0), (0, 0), (0, missing)))
        done, self._sums = self._sums[..., :count].copy(), self._sums[..., count:].copy()
        self._start += count
        return done
