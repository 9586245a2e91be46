"""Messages between the daemon and its MIDI process: frozen data over a pipe.

Times are seconds of `time.perf_counter`, which is one clock for all processes of a machine. Beats are quarter notes of
the set's time line, 0 at its beginning; without a set they are counted from where the clock began.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ClockSource(StrEnum):
    """Whom the beat clock follows."""

    LIVE = "live"
    """Live's transport, as the Remote Script tells it."""
    MIDI = "midi"
    """MIDI clock at an input."""
    LINK = "link"
    """An Ableton Link session."""
    OWN = "own"
    """Nobody: a tempo that was set, running from when it was set."""


@dataclass(frozen=True, slots=True)
class TimedMessage:
    """A MIDI message, as its bytes, so many beats after the beginning of its part."""

    beat: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """What is to sound at an output: messages in order of their beats, all within `length` beats.

    Every note that goes on in it goes off in it, at its end at the latest.
    """

    messages: tuple[TimedMessage, ...]
    length: float
    loops: bool = False


# --- daemon → MIDI process -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choose:
    """The ports to use. Names, or parts of them, of ports that may not be there yet; "" for MuseAroo's own (virtual)
    ones, where the system has such."""

    inputs: tuple[str, ...] = ("",)
    outputs: tuple[str, ...] = ("",)
    clock_outputs: tuple[str, ...] = ()
    """Outputs that are sent MIDI clock as well."""
    latency: float = 0.0
    """Seconds from the moment a message is sent until its note sounds: everything is sent so much earlier."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Whom the clock follows; of several that are there, the first."""

    sources: tuple[ClockSource, ...] = (ClockSource.LIVE, ClockSource.MIDI, ClockSource.OWN)
    bpm: float = 120.0
    """Of OWN, and until anything else is known."""


@dataclass(frozen=True, slots=True)
class Transport:
    """Live's transport at a moment: `beat` is where it is, or stands."""

    time: float
    is_playing: bool
    beat: float
    bpm: float
    loop: tuple[float, float] | None = None
    """The beats between which Live goes round, if its loop is on."""


@dataclass(frozen=True, slots=True)
class Play:
    """Plays a part from a beat on, in place of the one of this number if there is one: without a gap, all its notes
    ended. A beat that has passed means the part's own place in it: what should sound now sounds."""

    number: int
    part: Part
    start: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Ends a part at a beat, or at once."""

    number: int
    beat: float | None = None


@dataclass(frozen=True, slots=True)
class Panic:
    """Ends everything: every note that sounds goes off, parts are forgotten."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Ends the process, all notes off first."""


# --- MIDI process → daemon -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PortState:
    """A port of this machine. `chosen` ones are in use as long as they are `there`."""

    name: str
    is_input: bool
    chosen: bool
    there: bool


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports, at the start and whenever one comes or goes."""

    ports: tuple[PortState, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message was played at an input. `beat` is where it was by the clock, without the input's own latency."""

    time: float
    beat: float
    port: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ClockState:
    """The beat clock, five times a second and when it starts, stops, or jumps."""

    time: float
    source: ClockSource
    is_running: bool
    beat: float
    bpm: float
    jitter: float
    """Seconds, the RMS of how far what it follows is from what it predicts."""


@dataclass(frozen=True, slots=True)
class PartState:
    """A part began, went round, was swapped, or has ended, at this beat."""

    number: int
    beat: float
    is_sounding: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Something does not work, in a sentence for the user: a port that is gone, no virtual ports here."""

    sentence: str


Order = Choose | Follow | Transport | Play | Silence | Panic | Leave
Report = Ports | Incoming | ClockState | PartState | Fault
