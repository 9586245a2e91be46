"""Fit warp markers to the beats of an analysis: as few as keep every beat, one at each real change of tempo."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from musearoo.engines.music.knowledge.analysis import Rhythm
from musearoo.engines.music.meter import Meter

TOLERANCE: Final = 0.012
"""Seconds that a beat may be off the line of the markers: more than the jitter of the beat trackers (one frame, 10 ms),
less than an audible flam (20 ms)."""

ON_THE_ONE: Final = 0.15
"""Quarters within which the first downbeat counts as the loop's start."""

SHORTEST_STRETCH: Final = 0.010
"""Least seconds between two markers: the tempo of a shorter segment would depend on the beats' jitter."""

Point = tuple[float, float]
"""A pair (second, quarter); quarters count from the first downbeat."""


def pin_beats(rhythm: Rhythm, duration: float) -> tuple[Point, ...]:
    """Return the warp markers that pin analysed beats to Live's: (second after the clip's start, quarter), both rising.

    Quarter 0 is the first downbeat, or the first beat if no downbeat is known. A loop of whole bars gets two markers
    that span exactly its length; anything else gets one at its first beat, one at each bar line where the tempo
    changes, and one at its end. Empty if fewer than two beats are known.

    >>> from musearoo.engines.music.knowledge.context import Estimate
    >>> pin_beats(Rhythm(Estimate(120.0, 1.0, "clip"), beats=(0.25, 0.75, 1.25, 1.75), downbeats=(0.25,)), 2.25)
    ((0.25, 0.0), (2.25, 4.0))
    """
    quarters = rhythm.quarters_per_beat
    first = _first_downbeat(rhythm)
    if rhythm.loop_bars.value is not None:
        meter = rhythm.meter.value or Meter()
        length = rhythm.loop_bars.value * meter.bar_beats
        start = _start_of_loop(rhythm.beats[first] if rhythm.beats else 0.0, length / duration, quarters)
        return (0.0, start), (duration, start + length)
    if len(rhythm.beats) < 2:
        return ()
    beats = tuple((second, (number - first) * quarters) for number, second in enumerate(rhythm.beats))
    markers = _follow(beats, _bar_lines(rhythm))
    (s0, q0), (s1, q1) = markers[-2:]
    if duration - s1 > SHORTEST_STRETCH:
        markers = _without_bend((*markers, (duration, q1 + (duration - s1) * (q1 - q0) / (s1 - s0))))
    return markers


def _first_downbeat(rhythm: Rhythm) -> int:
    """Return the index of the beat that is the first downbeat; 0 if none is known."""
    return bisect_left(rhythm.beats, rhythm.downbeats[0]) if rhythm.downbeats and rhythm.beats else 0


def _start_of_loop(downbeat: float, quarters_per_second: float, quarters_per_beat: float) -> float:
    """Return the quarter on which a loop starts, at most 0: whole beats before its first downbeat, if possible."""
    before = downbeat * quarters_per_second
    if before <= ON_THE_ONE:
        return 0.0
    whole = round(before / quarters_per_beat) * quarters_per_beat
    return -(whole if abs(whole - before) <= ON_THE_ONE else before)


def _bar_lines(rhythm: Rhythm) -> frozenset[int]:
    """Return the indices of the beats that begin a bar; all beats if no bars are known."""
    if not rhythm.downbeats:
        return frozenset(range(len(rhythm.beats)))
    return frozenset(bisect_left(rhythm.beats, downbeat) for downbeat in rhythm.downbeats)


def _follow(beats: Sequence[Point], bar_lines: frozenset[int]) -> tuple[Point, ...]:
    """Return the first and last beat, and the fewest bar lines that keep every beat within TOLERANCE of the line.

    The cone of admissible slopes narrows beat by beat; when it is empty, the segment ends at the last bar line inside
    it (Reumann and Witkam's corridor, "Optimizing curve segmentation in computer graphics", 1974, with the corridor
    opened from its first point).
    """
    kept, anchor, last = [beats[0]], 0, len(beats) - 1
    while anchor < last:
        anchor = _end_of_stretch(beats, anchor, bar_lines)
        kept.append(beats[anchor])
    return tuple(kept)


def _end_of_stretch(beats: Sequence[Point], anchor: int, bar_lines: frozenset[int]) -> int:
    s0, q0 = beats[anchor]
    last, end = len(beats) - 1, 0
    low, high = 0.0, float("inf")
    for number in range(anchor + 1, last + 1):
        second, quarter = beats[number][0] - s0, beats[number][1] - q0
        can_end = number in bar_lines or number == last
        if can_end and (low <= second / quarter <= high or not end):
            # A bar is never divided, even if its beats are uneven: at most one marker per bar.
            end = number
        low, high = max(low, (second - TOLERANCE) / quarter), min(high, (second + TOLERANCE) / quarter)
        if low > high and end:
            return end
    return end


def _without_bend(markers: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return the markers without the last but one, which is on the line between its neighbours."""
    return (*markers[:-2], markers[-1]) if len(markers) > 2 else markers


def is_rising(markers: Sequence[Point]) -> bool:
    """Whether every marker comes after the one before, in seconds and in quarters."""
    return all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(markers))
