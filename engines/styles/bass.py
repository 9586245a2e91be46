"""The bass player of a style: instrument, register, approach, and lines and fills in the notation of `rows`."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.music.pitch import parse_pitch, pitch_name
from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.styles.bass_instruments import INSTRUMENTS, Instrument, InstrumentName
from musearoo.engines.styles.drums import SILENT
from musearoo.engines.styles.preset import (
    Fail,
    Levels,
    Name,
    Preset,
    Range,
    Share,
    Weight,
    WithRange,
    check_complexity,
    check_range,
)
from musearoo.engines.styles.rows import OnsetRow, ToneRow, ToneRun

HOME_ABOVE_LOW: Final = 7
"""Semitones: roots lie around the B of a bass guitar whose lowest string is E."""


class Approach(Preset, frozen=True, kw_only=True):
    """How the line walks into the next chord: how often, and by which way how heavily.

    `guide` is the third or seventh of the chord that is left, where it lies a step from the root that comes.
    """

    likelihood: Share = 0.4
    chromatic: Annotated[float, Meta(ge=0, le=100)] = 1
    scale: Annotated[float, Meta(ge=0, le=100)] = 1
    fifth: Annotated[float, Meta(ge=0, le=100)] = 0
    guide: Annotated[float, Meta(ge=0, le=100)] = 0


class BassLine(Preset, frozen=True, kw_only=True):
    """One way to play: when notes may start, which tone each step takes, and how long notes ring.

    `energy` and `sections` say where in a song it is among the choices: anywhere, where no section is named. `lock` is
    how surely a kick brings a note where the row has none; `downbeat`, whether a new chord always brings one (a bass
    that lives between the beats waits for its next step); `gate` is the share of the time up to the next note that a
    note sounds, and `longest` the most beats that it does. `pedal` keeps the line on the keynote under changing chords;
    `slap` has the thumb strike the low notes and a finger pop the octaves; `glide` is how surely a note of a synth
    slides into the next.
    """

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    energy: Range = (0, 1)
    sections: tuple[SectionKind, ...] = ()
    onsets: OnsetRow
    tones: ToneRow
    lock: Share = 0.5
    downbeat: bool = True
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.9
    longest: Annotated[float, Meta(gt=0, le=16)] = 4
    ghosts: OnsetRow = SILENT
    pedal: bool = False
    slap: bool = False
    glide: Share = 0


class BassFill(Preset, frozen=True, kw_only=True):
    """The bass at the end of a phrase: onsets and tones of the last beats of a bar."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    tones: ToneRun


class BassStyle(WithRange, frozen=True, kw_only=True):
    """The bass player of a style. `low` and `high` are note names, E1 being a bass guitar's open string.

    `home` is the note around which roots lie, "" for a fifth above the lowest. `rests` is how surely the last bar of a
    phrase falls silent after its first note, where no fill is played there; `inversions`, how surely the bass takes a
    chord's third or fifth where that makes it move by step; `wander`, by how many semitones its register strays in the
    course of some bars.
    """

    instrument: InstrumentName = "bass guitar"
    low: str = "E1"
    high: str = "G3"
    home: str = ""
    lines: Annotated[tuple[BassLine, ...], Meta(min_length=1)]
    fills: tuple[BassFill, ...] = ()
    approach: Approach = Approach()
    levels: Levels = Levels(ghost=42, soft=72, normal=92, accent=108, spread=5)
    fill_likelihood: Share = 0.6
    rests: Share = 0
    inversions: Share = 0
    wander: Annotated[float, Meta(ge=0, le=12)] = 0

    @property
    def home_above_low(self) -> int:
        """Semitones from the lowest pitch to the one around which roots lie."""
        return parse_pitch(self.home) - self.low_pitch if self.home else HOME_ABOVE_LOW

    @property
    def played_on(self) -> Instrument:
        """The instrument, with what it can reach."""
        return INSTRUMENTS[self.instrument]


def check_bass(bass: BassStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
    instrument = bass.played_on
    check_range("bass", bass, fail)
    for field, pitch in (("low", bass.low_pitch), ("high", bass.high_pitch)):
        if not instrument.low <= pitch <= instrument.high:
            bounds = f"{pitch_name(instrument.low)} to {pitch_name(instrument.high)}"
            fail(f"bass.{field}", f"expected what a {bass.instrument} has, {bounds}, got {getattr(bass, field)}")
    if bass.home:
        try:
            if not bass.low_pitch <= parse_pitch(bass.home) <= bass.high_pitch:
                fail("bass.home", f"expected a note from {bass.low} to {bass.high}, got {bass.home}")
        except ParamError as error:
            fail("bass.home", str(error))
    check_complexity("bass.lines", bass.lines, fail)
    check_complexity("bass.fills", bass.fills, fail)
    for index, line in enumerate(bass.lines):
        if line.energy[0] > line.energy[1]:
            fail(f"bass.lines[{index}].energy", f"expected low <= high, got {list(line.energy)}")
        if line.glide and not instrument.glides:
            fail(f"bass.lines[{index}].glide", f"expected 0, for a {bass.instrument} has no keys to hold over")
    if all(line.sections for line in bass.lines):
        fail("bass.lines", "expected at least one without sections, to be played anywhere")
