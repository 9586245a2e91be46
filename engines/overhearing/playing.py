"""What was played, note by note, as a frozen copy that may be looked at while the player goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engines.music.meter import Meter


class Source(NamedTuple):
    """Where notes come from: the name of an input and a MIDI channel, 0 to 15."""

    port: str
    channel: int


class Now(NamedTuple):
    """The moment that is asked: the set's beat, and seconds. What is held then ends then."""

    beat: float
    seconds: float


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note as it was played.

    `beat` counts on where a loop of the set goes round. `key_seconds` is how long the key was down and `pedal_seconds`
    how long it sounded by the pedal as well; None for both while it sounds.
    """

    beat: float
    seconds: float
    pitch: int
    velocity: int
    source: Source
    stretch: int
    key_seconds: float | None = None
    pedal_seconds: float | None = None
    release_velocity: int = 64


@dataclass(frozen=True, slots=True)
class PlayedControl:
    """A controller, a bend or a pressure, as its bytes."""

    beat: float
    seconds: float
    data: bytes
    source: Source
    stretch: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the set ran on from `start_beat` at `start_seconds`, or stood still.

    `bpm` is its latest tempo; `offset` is added to the set's beats to count on through a loop of the set.
    """

    is_running: bool
    start_beat: float
    start_seconds: float
    bpm: float
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """The last minutes: notes and controls in order of their seconds, each in one of the stretches, by its number."""

    notes: tuple[PlayedNote, ...]
    controls: tuple[PlayedControl, ...]
    stretches: dict[int, Stretch]
    stretch: int
    """The number of the one under way."""
    meter: Meter
    drum_channels: frozenset[int]

    @property
    def now_running(self) -> Stretch | None:
        """The stretch under way if the set runs."""
        stretch = self.stretches[self.stretch]
        return stretch if stretch.is_running else None
