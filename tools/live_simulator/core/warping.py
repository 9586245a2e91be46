"""The mapping of an audio clip's sample to beats: warp markers and the interpolation between them."""

from __future__ import annotations

import math
from typing import NamedTuple

from musearoo.tools.live_simulator.core.values import WarpPoint

PHANTOM_BEATS = 1.0 / 32.0
"""The distance of Live's hidden marker after the last visible one, in beats."""

LONGEST_LOOP_SECONDS = 60.0
"""Longer samples start unwarped, as with Live's preference for long samples."""

LOOP_TOLERANCE = 0.15
"""The maximum relative tempo difference at which a short sample counts as a loop of whole beats."""


class Warp(NamedTuple):
    """The visible warp markers, in order, and the seconds per beat after the last one."""

    points: tuple[WarpPoint, ...]
    seconds_per_beat: float

    @classmethod
    def straight(cls, seconds_per_beat: float) -> Warp:
        """Return the single marker of a sample with a constant tempo."""
        return cls((WarpPoint(0.0, 0.0),), seconds_per_beat)

    def with_phantom(self) -> tuple[WarpPoint, ...]:
        """Return the markers as scripts see them, with the hidden last one that sets the tempo after the others."""
        beat = self.points[-1].beat_time + PHANTOM_BEATS
        return (*self.points, WarpPoint(self.second_at(beat), beat))

    def second_at(self, beat: float) -> float:
        """Return the position in the sample, in seconds, at a beat."""
        anchor, pace = self._segment(beat, by_beat=True)
        return anchor.sample_time + (beat - anchor.beat_time) * pace

    def beat_at(self, second: float) -> float:
        """Return the beat at a position in the sample, in seconds."""
        anchor, pace = self._segment(second, by_beat=False)
        return anchor.beat_time + (second - anchor.sample_time) / pace

    def _segment(self, place: float, by_beat: bool) -> tuple[WarpPoint, float]:
        """Return the marker before a position (or the first marker) and the seconds per beat there."""
        for before, after in zip(self.points, self.points[1:]):
            if place < (after.beat_time if by_beat else after.sample_time):
                pace = (after.sample_time - before.sample_time) / (after.beat_time - before.beat_time)
                return before, pace
        return self.points[-1], self.seconds_per_beat

    def added(self, point: WarpPoint, seconds: float) -> Warp:
        """Return the markers with one added; it must keep them in order and be within the sample."""
        if not 0.0 <= point.sample_time <= seconds:
            bounds = f"must be in range 0..{seconds:g} seconds, not {point.sample_time!r}"
            raise RuntimeError("Sample time " + bounds)
        others = [p for p in self.points if p.sample_time != point.sample_time]
        return Warp(tuple(sorted([*others, point])), self.seconds_per_beat)._in_order()

    def moved(self, beat_time: float, distance: float) -> Warp:
        """Return the markers with one moved by a distance in beats; the hidden one cannot move."""
        if _is_at(self.with_phantom()[-1], beat_time):
            raise RuntimeError("The shadow marker can't be moved.")
        index = self._find(beat_time)
        moved = self.points[index]._replace(beat_time=beat_time + distance)
        points = (*self.points[:index], moved, *self.points[index + 1 :])
        return Warp(points, self.seconds_per_beat)._in_order()

    def removed(self, beat_time: float) -> Warp:
        """Return the markers without one; at least one must remain."""
        index = self._find(beat_time)
        if len(self.points) == 1:
            raise RuntimeError("A clip must keep one warp marker")
        return Warp(self.points[:index] + self.points[index + 1 :], self.seconds_per_beat)

    def _find(self, beat_time: float) -> int:
        for index, point in enumerate(self.points):
            if _is_at(point, beat_time):
                return index
        raise RuntimeError("The specified warp marker doesn't exist")

    def _in_order(self) -> Warp:
        for before, after in zip(self.points, self.points[1:]):
            if not (before.sample_time < after.sample_time and before.beat_time < after.beat_time):
                raise RuntimeError(f"Warp markers must stay in order: {before!r}, {after!r}")
        return self


def _is_at(point: WarpPoint, beat_time: float) -> bool:
    return math.isclose(point.beat_time, beat_time, abs_tol=1e-9)


def guess_beats(seconds: float, tempo: float) -> tuple[float, bool]:
    """Return the length in beats that Live gives a new sample, and whether it starts warped.

    A short sample whose length is near a power of two of beats counts as a loop of that length. Any other sample keeps
    its length at the song's tempo. A long sample starts unwarped.

    >>> guess_beats(2.0, 120.0), guess_beats(3.99, 120.0), guess_beats(300.0, 120.0)
    ((4.0, True), (8.0, True), (600.0, False))
    """
    beats = seconds * tempo / 60.0
    if seconds > LONGEST_LOOP_SECONDS:
        return beats, False
    loop = 2.0 ** round(math.log(beats, 2))
    return (loop if abs(loop / beats - 1.0) <= LOOP_TOLERANCE and loop >= 1.0 else beats), True
