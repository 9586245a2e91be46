"""Tempo maps: tempo changes over beats, and their times in seconds."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.music.timing import beats_to_seconds, mean_bpm

FASTEST: Final = 100_000.0
"""The highest tempo in BPM: files counted in ticks have tempos of thousands, but no music is faster."""


@dataclass(frozen=True, slots=True)
class TempoMap:
    """The tempo changes as sorted (beat, BPM) in quarters, the first at beat 0; each lasts until the next.

    >>> TempoMap(((0.0, 120.0), (4.0, 60.0))).seconds(5.0)
    3.0
    """

    changes: tuple[tuple[float, float], ...]
    _seconds: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.changes or self.changes[0][0] != 0.0:
            raise ParamError("tempo changes", "at least one, the first of them at beat 0", self.changes[:1])
        for _, bpm in self.changes:
            if not 0.0 < bpm < FASTEST:
                raise ParamError("tempo", f"above 0 BPM, below {FASTEST:g}", bpm)
        at = [0.0]
        for (start, bpm), (end, _) in pairwise(self.changes):
            if end <= start:
                raise ParamError("tempo changes", "in order of their beats", (start, end))
            at.append(at[-1] + beats_to_seconds(end - start, bpm))
        object.__setattr__(self, "_seconds", tuple(at))

    def seconds(self, beat: float) -> float:
        """Return the time of a beat in seconds from beat 0; before it the first tempo applies."""
        index = 0
        if len(self.changes) > 1:
            index = max(0, bisect_right(self.changes, beat, key=_beat) - 1)
        start, bpm = self.changes[index]
        return self._seconds[index] + beats_to_seconds(beat - start, bpm)

    def mean_bpm(self, length: float) -> float:
        """Return the average tempo over `length` beats from the start."""
        return self.changes[0][1] if length <= 0.0 else mean_bpm(length, self.seconds(length))

    def cut(self, start: float, end: float) -> TempoMap:
        """Return the tempos between two beats, counted from the first.

        >>> TempoMap(((0.0, 120.0), (4.0, 60.0), (8.0, 90.0))).cut(3.0, 8.0).changes
        ((0.0, 120.0), (1.0, 60.0))
        """
        at = max(0, bisect_right(self.changes, start, key=_beat) - 1)
        inside = ((beat - start, bpm) for beat, bpm in self.changes[at + 1 :] if beat < end)
        return TempoMap(((0.0, self.changes[at][1]), *inside))


def _beat(change: tuple[float, float]) -> float:
    return change[0]
