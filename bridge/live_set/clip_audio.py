"""Map seconds of a clip's file to beats of the clip, by its warp markers and loop."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from musearoo.bridge.protocol import ClipAudio, ClipState
from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.timing import mean_bpm, seconds_per_beat

TOUCHING: Final = 1e-9
"""Seconds or beats: warp markers nearer than this count as one, because they define no tempo."""

LOWEST_RATE: Final = 8_000.0
"""Hz, used if Live does not know the file's rate: the region may then end after the file's end, never before."""

SHORTEST_BEATS: Final = 1e-3
"""Least length of a clip in beats, if rounding would leave none."""


@dataclass(frozen=True, slots=True)
class WarpMap:
    """Map seconds of a file to beats of its clip and back, linearly between warp markers.

    The first and last segments extrapolate, as in Live. `markers` are pairs (second, beat), at least two, both rising;
    anything else raises ParamError.

    >>> warp = WarpMap(((0.0, 0.0), (1.0, 2.0), (3.0, 4.0)))
    >>> warp.beats_at(0.5), warp.beats_at(2.0), warp.beats_at(4.0), warp.seconds_at(-1.0)
    (1.0, 3.0, 5.0, -0.5)
    """

    markers: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        rising = all(b[0] - a[0] > TOUCHING and b[1] - a[1] > TOUCHING for a, b in pairwise(self.markers))
        if len(self.markers) < 2 or not rising:
            raise ParamError("markers", "two or more pairs (second, beat), both rising", self.markers)

    @classmethod
    def steady(cls, bpm: float, first_second: float = 0.0) -> WarpMap:
        """Return a map of constant tempo; beat 0 falls on `first_second`."""
        require_between("bpm", bpm, MIN_BPM, MAX_BPM, "BPM")
        return cls(((first_second, 0.0), (first_second + seconds_per_beat(bpm), 1.0)))

    @classmethod
    def of(cls, markers: Sequence[tuple[float, float]]) -> WarpMap | None:
        """Return the map of markers in any order, without duplicates; None if they define no tempo."""
        rising: list[tuple[float, float]] = []
        for seconds, beats in sorted(markers):
            if not rising or (seconds - rising[-1][0] > TOUCHING and beats - rising[-1][1] > TOUCHING):
                rising.append((seconds, beats))
        return cls(tuple(rising)) if len(rising) > 1 else None

    def beats_at(self, seconds: float) -> float:
        """Return the beat of the clip at a second of the file."""
        (s0, b0), (s1, b1) = self._segment(seconds, 0)
        return b0 + (seconds - s0) * (b1 - b0) / (s1 - s0)

    def seconds_at(self, beats: float) -> float:
        """Return the second of the file at a beat of the clip; the inverse of `beats_at`."""
        (s0, b0), (s1, b1) = self._segment(beats, 1)
        return s0 + (beats - b0) * (s1 - s0) / (b1 - b0)

    def bpm_at(self, seconds: float) -> float:
        """Return the file's tempo at a second: a set of this tempo plays it unchanged."""
        (s0, b0), (s1, b1) = self._segment(seconds, 0)
        return mean_bpm(b1 - b0, s1 - s0)

    def _segment(self, position: float, side: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the two markers around a position (side 0: seconds, 1: beats), or the nearest two."""
        after = bisect_right(self.markers, position, key=lambda marker: marker[side])
        index = min(max(after, 1), len(self.markers) - 1)
        return self.markers[index - 1], self.markers[index]


@dataclass(frozen=True, slots=True)
class ClipRegion:
    """The region of its file that a clip plays, from second `start` to `end`; both are equal if it plays nothing.

    Both are within the file; if Live does not report the file's rate, `end` may be after it.
    """

    start: float
    end: float
    repeats: bool
    """Whether the clip loops exactly this region, so that its length is a musical one."""
    warp: WarpMap | None
    """The map from its seconds to the clip's beats; None for a warped clip whose markers Live does not report."""

    @classmethod
    def of(
        cls, clip: ClipState, audio: ClipAudio, markers: Sequence[tuple[float, float]] = (), bpm: float = 120.0
    ) -> ClipRegion:
        """Return the region that a clip plays in a set at `bpm`; `markers` are its warp markers, pairs (second, beat).

        Loop and markers of an unwarped clip are in seconds, and it starts at beat 0. For a warped clip with unknown
        markers, the region is the whole file.
        """
        length = audio.sample_length / (audio.sample_rate or LOWEST_RATE)
        first = min(clip.start_marker, clip.loop_start) if clip.looping else clip.start_marker
        last = clip.loop_end if clip.looping else clip.end_marker
        repeats = bool(clip.looping) and clip.start_marker >= clip.loop_start - TOUCHING
        if not audio.warping:
            # Live loops only warped clips.
            steady = WarpMap.steady(bpm, clip.start_marker)
            return cls(*_clamp(clip.start_marker, clip.end_marker, length), False, steady)
        warp = WarpMap.of(markers)
        if warp is None:
            return cls(0.0, length, False, None)
        return cls(*_clamp(warp.seconds_at(first), warp.seconds_at(last), length), repeats, warp)

    @property
    def duration(self) -> float:
        """The length in seconds of the file, 0 if it plays nothing."""
        return max(0.0, self.end - self.start)

    def beats_at(self, seconds: float) -> float | None:
        """Return the beat of the clip at a second after the region's start, or None if Live does not report it."""
        return None if self.warp is None else self.warp.beats_at(self.start + seconds)

    def seconds_at(self, beats: float) -> float | None:
        """Return the second after the region's start at a beat of the clip; the inverse of `beats_at`."""
        return None if self.warp is None else self.warp.seconds_at(beats) - self.start

    def place_in_scene(self, clip: ClipState) -> tuple[tuple[tuple[float, float], ...], float]:
        """Return the map from seconds to the scene's beats, and the beats after which the clip repeats.

        The map is given by points (second after the region's start, beat after it), both rising, linear between them;
        it is empty if Live does not report the clip's warp markers.
        """
        if self.warp is None:
            return (), max(clip.length, SHORTEST_BEATS)
        first = self.warp.beats_at(self.start)
        inside = [marker for marker in self.warp.markers if self.start < marker[0] < self.end]
        ends = [(second, self.warp.beats_at(second)) for second in (self.start, self.end)]
        seconds = [ends[0], *inside, ends[1]]
        points = tuple((second - self.start, beat - first) for second, beat in seconds)
        rising = [points[0], *(b for a, b in pairwise(points) if b[0] - a[0] > TOUCHING and b[1] - a[1] > TOUCHING)]
        length = clip.length if clip.looping else points[-1][1]
        return tuple(rising), max(length, SHORTEST_BEATS)


def _clamp(start: float, end: float, length: float) -> tuple[float, float]:
    start = min(max(0.0, start), length)
    return start, max(start, min(end, length))
