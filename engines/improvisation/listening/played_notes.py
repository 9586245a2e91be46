"""Frozen snapshots of what was played, note by note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import seconds_to_beats


class Source(NamedTuple):
    """The source of a note: the name of an input and a MIDI channel, 0 to 15."""

    port: str
    channel: int


class Moment(NamedTuple):
    """A moment: its beat (counted on through loops of the set), its seconds, and its stretch number."""

    beat: float
    seconds: float
    stretch: int


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A played note: `key_end` is when the key was released, `end` when it fell silent; None while it sounds."""

    start: Moment
    pitch: int
    velocity: int
    source: Source
    key_end: Moment | None = None
    end: Moment | None = None
    release_velocity: int = 64


@dataclass(frozen=True, slots=True)
class PlayedControl:
    """A controller, pitch bend or pressure message, as bytes."""

    at: Moment
    data: bytes
    source: Source


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which the set ran without interruption, or was stopped.

    `bpm` is its latest tempo; `offset` is added to the set's beats to count on through loops.
    """

    is_running: bool
    bpm: float
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """The last minutes up to `now`: notes and controls in order of time, and their `stretches` by number."""

    notes: tuple[PlayedNote, ...]
    controls: tuple[PlayedControl, ...]
    stretches: Mapping[int, Stretch]
    now: Moment
    meter: Meter
    drum_channels: frozenset[int]

    def length(self, start: Moment, end: Moment | None) -> float:
        """Return the beats from one moment to another, or to now."""
        end = end or self.now
        if start.stretch == end.stretch and self.stretches[start.stretch].is_running:
            return max(0.0, end.beat - start.beat)
        return seconds_to_beats(max(0.0, end.seconds - start.seconds), self.stretches[start.stretch].bpm)
