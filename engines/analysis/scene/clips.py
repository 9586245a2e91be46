"""The clips of a scene, and the mapping of an audio clip's seconds to the scene's beats."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from musearoo.engines.analysis.groove import GrooveOnset
from musearoo.engines.analysis.symbolic.roles import guess_audio_role
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_map import PITCHES
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Part, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import MAX_BEATS, Note
from musearoo.engines.music.timing import seconds_per_beat

DRUM_NOTE_LENGTH: Final = 0.25
"""Length in quarters of the notes written for drum onsets found in audio."""


@dataclass(frozen=True, slots=True)
class AnalyzedClip:
    """An analyzed audio clip, and its position in the scene.

    `beats_of_seconds` are points (second of the analysis, beat), both rising, beats being quarters from where the clip
    starts to play; linear between points and beyond them. With fewer than two, Live does not report them, and the
    detected beats are used. `length` is the number of beats after which the clip repeats.
    """

    analysis: Analysis
    beats_of_seconds: tuple[tuple[float, float], ...]
    length: float

    def __post_init__(self) -> None:
        if not 0.0 < self.length <= MAX_BEATS:
            raise ParamError("length", f"above 0 to {MAX_BEATS:g} beats", self.length)
        if any(b[0] <= a[0] or b[1] <= a[1] for a, b in pairwise(self.beats_of_seconds)):
            raise ParamError("beats_of_seconds", "pairs (second, beat), both rising", self.beats_of_seconds)


@dataclass(frozen=True, slots=True)
class ScenePart:
    """One clip of a scene under its track's name, MIDI or analyzed audio; the role is guessed when it is not given."""

    name: str
    content: Clip | AnalyzedClip
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class SceneClip:
    """An audio clip in its scene: its role, and points that map its seconds to beats."""

    role: Role
    name: str
    analysis: Analysis
    points: tuple[tuple[float, float], ...]
    length: float
    has_live_beats: bool
    """Whether the points come from Live.

    For detected beats, the time before the first downbeat is also the loop's end.
    """

    @classmethod
    def of(cls, name: str, role: Role | None, clip: AnalyzedClip, meter: Meter, bpm: float) -> SceneClip:
        has_live_beats = len(clip.beats_of_seconds) > 1
        points = clip.beats_of_seconds if has_live_beats else _points_of_beats(clip.analysis, meter, bpm)
        known = role or guess_audio_role(name, clip.analysis)[0]
        return cls(known, name, clip.analysis, points, clip.length, has_live_beats)

    def beat(self, seconds: float) -> float:
        """Return the scene's beat at a second of the analysis."""
        return _interpolate(self.points, seconds)

    def part(self, meter: Meter) -> Part:
        """Return the part with its drum onsets as notes; without notes for anything but drums."""
        notes = self._notes() if self.role == "drums" else ()
        return Part(self.role, self.name, Clip(self.name, self.length, tuple(notes), meter))

    def strokes(self, until: float) -> list[GrooveOnset]:
        """Return the onsets in order by beat, looped up to a beat."""
        once: list[GrooveOnset] = []
        for hit in self.analysis.hits:
            beat = self.beat(hit.time)
            if not self.has_live_beats and beat < -DRUM_NOTE_LENGTH:
                beat %= self.length
            if -DRUM_NOTE_LENGTH < beat < self.length:
                once.append(GrooveOnset(beat, hit.kind, hit.velocity))
        once.sort(key=lambda onset: onset.time)
        starts = (round_ * self.length for round_ in range(ceil(until / self.length)))
        looped = (onset._replace(time=start + onset.time) for start in starts for onset in once)
        return [onset for onset in looped if onset.time < until]

    def _notes(self) -> tuple[Note, ...]:
        return end_before_next(
            Note(max(0.0, beat), PITCHES[kind][0], DRUM_NOTE_LENGTH, min(127.0, max(1.0, velocity)))
            for beat, kind, velocity in self.strokes(self.length)
            if kind is not None
        )


def _points_of_beats(analysis: Analysis, meter: Meter, bpm: float) -> tuple[tuple[float, float], ...]:
    """Return points from the detected beats, with the first downbeat on beat 0; without beats, a steady tempo."""
    rhythm = analysis.rhythm
    if len(rhythm.beats) < 2:
        return (0.0, 0.0), (seconds_per_beat(bpm), 1.0)
    unit = rhythm.quarters_per_beat if rhythm.meter.value is not None else beat_quarters(meter)
    first = rhythm.beats.index(rhythm.downbeats[0]) if rhythm.downbeats else 0
    return tuple((time, (index - first) * unit) for index, time in enumerate(rhythm.beats))


def _interpolate(points: Sequence[tuple[float, float]], at: float) -> float:
    """Interpolate linearly between points of (first, second value); extrapolate from the nearest two."""
    after = min(max(bisect_right(points, at, key=_first), 1), len(points) - 1)
    (left, low), (right, high) = points[after - 1], points[after]
    return low + (at - left) * (high - low) / (right - left)


def _first(point: tuple[float, float]) -> float:
    return point[0]
