"""Messages between the daemon and its MIDI process: frozen data over a pipe.

Times are seconds of `time.perf_counter`, a clock that all processes of a machine share. Beats are quarter notes of the
set's time line, 0 at its beginning; without a set they count from the clock's start.
"""

from __future__ import annotations

from enum import StrEnum

from musearoo.engines.foundation.frozen import frozen


class ClockSource(StrEnum):
    """The source that the beat clock follows."""

    LIVE = "live"
    """Live's transport, as the Remote Script reports it."""
    MIDI = "midi"
    """MIDI clock at an input."""
    LINK = "link"
    """An Ableton Link session."""
    OWN = "own"
    """No source: a fixed tempo, running from the moment at which it was set."""


@frozen
class TimedMessage:
    """A MIDI message's bytes, and its beat from the beginning of its part."""

    beat: float
    data: bytes


@frozen
class Part:
    """A part to play at an output: messages in order of their beats, all within `length` beats.

    Every note on has its note off in the part, at the end at the latest.
    """

    messages: tuple[TimedMessage, ...]
    length: float
    loops: bool = False


# --- daemon → MIDI process -------------------------------------------------------------------------------------------


@frozen
class Choose:
    """The ports to use. Names, or parts of them, of ports that may not exist yet; "" for MuseAroo's own virtual ports,
    if the system supports them."""

    inputs: tuple[str, ...] = ("",)
    outputs: tuple[str, ...] = ("",)
    clock_outputs: tuple[str, ...] = ()
    """Outputs that also get MIDI clock."""
    latency: float = 0.0
    """Output latency in seconds, from sending a message until its note sounds: everything is sent earlier by it."""


@frozen
class Follow:
    """The sources that the clock may follow: the first one that is present."""

    sources: tuple[ClockSource, ...] = (ClockSource.LIVE, ClockSource.MIDI, ClockSource.OWN)
    bpm: float = 120.0
    """The tempo of OWN, and until another is known."""


@frozen
class Transport:
    """Live's transport at a moment: `beat` is its position, running or stopped."""

    time: float
    is_playing: bool
    beat: float
    bpm: float
    loop: tuple[float, float] | None = None
    """Start and end beat of Live's loop, if it is on."""


@frozen
class Play:
    """Play a part from a beat on, in place of the one of this number, if any: without a gap, and with its notes ended.
    If the beat has passed, the part starts in the middle, at its present position."""

    number: int
    part: Part
    start: float


@frozen
class Silence:
    """End a part at a beat, or at once."""

    number: int
    beat: float | None = None


@frozen
class Panic:
    """End everything: all notes off, all parts removed."""


@frozen
class Leave:
    """End the process, all notes off first."""


# --- MIDI process → daemon -------------------------------------------------------------------------------------------


@frozen
class PortState:
    """A port of this machine. `chosen` ones are in use while they are `there` (present)."""

    name: str
    is_input: bool
    chosen: bool
    there: bool


@frozen
class Ports:
    """All ports, sent at the start and at every change."""

    ports: tuple[PortState, ...]


@frozen
class Incoming:
    """A message from an input. `beat` is its time by the clock, with the input's latency compensated."""

    time: float
    beat: float
    port: str
    data: bytes


@frozen
class ClockState:
    """The beat clock, five times a second and when it starts, stops, or jumps."""

    time: float
    source: ClockSource
    is_running: bool
    beat: float
    bpm: float
    jitter: float
    """The RMS deviation in seconds of the source from the clock's prediction."""


@frozen
class PartState:
    """A part began, looped, was swapped, or ended, at this beat."""

    number: int
    beat: float
    is_sounding: bool


@frozen
class Fault:
    """A fault, as a sentence for the user: a lost port, no virtual ports on this system."""

    sentence: str


Command = Choose | Follow | Transport | Play | Silence | Panic | Leave
Report = Ports | Incoming | ClockState | PartState | Fault
