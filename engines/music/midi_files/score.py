"""Data types of a MIDI file: its time line, and tracks with notes and controllers.

Positions are in beats, as everywhere; those read from a file are ticks / resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import MAX_BEATS, Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap

TICKS_PER_BEAT: Final = 960
"""Live's own resolution on export; at 120 BPM a tick is half a millisecond."""
MOST_TICKS_PER_BEAT: Final = 0x7FFF
DRUM_CHANNEL: Final = 9
"""General MIDI's drum channel, 10 if counted from 1."""
USUAL_TEMPOS: Final = TempoMap(((0.0, 120.0),))
"""The standard's default for a file without a tempo."""

ROUNDING: Final = 1e-6
"""The rounding tolerance of an end in beats: an exact start plus an exact length may not be exact."""

VOLUME: Final = 7
PAN: Final = 10
BANK: Final = (0, 32)
"""Controller numbers: channel volume, pan, and the two of bank select."""


class ControllerKind(StrEnum):
    """The kinds of events other than notes."""

    CONTROL = "control"
    PROGRAM = "program"
    PITCH_BEND = "pitch bend"
    PRESSURE = "pressure"
    KEY_PRESSURE = "key pressure"


class KindSpec(NamedTuple):
    """The encoding of a kind: its status, its least and greatest value, and whether it has a number."""

    status: int
    low: int
    high: int
    numbered: bool


SPECS: Final = {
    ControllerKind.KEY_PRESSURE: KindSpec(0xA0, 0, 127, True),
    ControllerKind.CONTROL: KindSpec(0xB0, 0, 127, True),
    ControllerKind.PROGRAM: KindSpec(0xC0, 0, 127, False),
    ControllerKind.PRESSURE: KindSpec(0xD0, 0, 127, False),
    ControllerKind.PITCH_BEND: KindSpec(0xE0, -8192, 8191, False),
}
KIND_OF_STATUS: Final = {spec.status: kind for kind, spec in SPECS.items()}


@dataclass(frozen=True, slots=True)
class Controller:
    """A controller, programme, bend or pressure event at a beat.

    `value` is 0..127, for a bend -8192..8191; `number` is the controller's, or the pitch of a key pressure, 0..127.

    >>> Controller(0.0, ControllerKind.PITCH_BEND, 9000)
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: pitch bend must be -8192 to 8191, but was 9000
    """

    beat: float
    kind: ControllerKind
    value: int
    number: int = 0

    def __post_init__(self) -> None:
        spec = SPECS[self.kind]
        # One comparison in the valid case, since a file may have thousands of pedal or bend events.
        if (
            spec.low <= self.value <= spec.high
            and 0 <= self.number <= 127 * spec.numbered
            and 0.0 <= self.beat <= MAX_BEATS
        ):
            return
        require_between(self.kind.value, self.value, spec.low, spec.high)
        require_between(f"number of a {self.kind.value}", self.number, 0, 127 if spec.numbered else 0)
        require_between("beat", self.beat, 0.0, MAX_BEATS)


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """One instrument: the events of a track on one channel (0..15), over `length` beats.

    Notes are in a clip's order, controllers in order of beats, and at equal beats in order of effect. Of two
    overlapping notes of one pitch, the first to begin ends first, since MIDI cannot tell them apart.
    """

    name: str = ""
    channel: int = 0
    notes: tuple[Note, ...] = ()
    controllers: tuple[Controller, ...] = ()
    length: float = 0.0

    def __post_init__(self) -> None:
        require_between("channel", self.channel, 0, 15)
        last = max((note.end for note in self.notes), default=0.0)
        last = max(last, self.controllers[-1].beat if self.controllers else 0.0)
        if not last - ROUNDING <= self.length <= MAX_BEATS:
            raise ParamError("length", f"{last:g} (where all has ended) to {MAX_BEATS:g} beats", self.length)

    @property
    def is_drums(self) -> bool:
        """Whether it is on General MIDI's drum channel."""
        return self.channel == DRUM_CHANNEL

    @property
    def program(self) -> int | None:
        """The first programme (0..127); None if there is none."""
        return next((one.value for one in self.controllers if one.kind is ControllerKind.PROGRAM), None)

    @property
    def bank(self) -> int | None:
        """The bank of the first programme, 0..16383; None if none is selected before it."""
        coarse_and_fine: dict[int, int] = {}
        for one in self.controllers:
            if one.kind is ControllerKind.PROGRAM:
                break
            if one.kind is ControllerKind.CONTROL and one.number in BANK:
                coarse_and_fine[one.number] = one.value
        return coarse_and_fine.get(BANK[0], 0) * 128 + coarse_and_fine.get(BANK[1], 0) if coarse_and_fine else None


@dataclass(frozen=True, slots=True)
class MidiScore:
    """A whole file. Meters, keys, markers and lyrics are in order, each from its beat on; the first meter from beat 0.

    Keys are major or minor, since a file has no others. `has_tempo` is whether the file has a tempo event; without one
    the tempo is the standard's default of 120 BPM.
    """

    tracks: tuple[MidiTrack, ...] = ()
    tempos: TempoMap = USUAL_TEMPOS
    meters: tuple[tuple[float, Meter], ...] = ((0.0, Meter()),)
    keys: tuple[tuple[float, Key], ...] = ()
    markers: tuple[tuple[float, str], ...] = ()
    lyrics: tuple[tuple[float, str], ...] = ()
    title: str = ""
    has_tempo: bool = True
    resolution: int = TICKS_PER_BEAT

    def __post_init__(self) -> None:
        require_between("resolution", self.resolution, 1, MOST_TICKS_PER_BEAT, "ticks a beat")
        if not self.meters or self.meters[0][0] != 0.0:
            raise ParamError("meters", "at least one, the first of them at beat 0", self.meters[:1])
        for _, key in self.keys:
            if key.scale not in ("Major", "Minor"):
                raise ParamError("key", "major or minor, as a MIDI file can say it", str(key))

    @property
    def length(self) -> float:
        """The end of the longest track in beats."""
        return max((track.length for track in self.tracks), default=0.0)
