"""The bass section of a preset: instrument, register, approach notes, and lines and fills in the notation of `rows`."""

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
"""The default home of the roots in semitones above the lowest note: B on a bass guitar with lowest string E."""


class Approach(Preset, frozen=True, kw_only=True):
    """Approach notes to the next chord: their likelihood, and the weight of each kind.

    `guide` is the third or seventh of the current chord, if it is a step from the next root.
    """

    likelihood: Share = 0.4
    chromatic: Annotated[float, Meta(ge=0, le=100)] = 1
    scale: Annotated[float, Meta(ge=0, le=100)] = 1
    fifth: Annotated[float, Meta(ge=0, le=100)] = 0
    guide: Annotated[float, Meta(ge=0, le=100)] = 0


class BassLine(Preset, frozen=True, kw_only=True):
    """A bass pattern: onsets, the tone of each step, and note lengths.

    `energy` and `sections` restrict where in a song it is chosen; no section means any. `lock` is the likelihood that a
    kick adds a note where the row has none, `downbeat` whether a new chord always adds one (an off-beat bass waits for
    its next step). `gate` is the sounding share of the time up to the next note, `longest` the greatest length in
    beats. `pedal` keeps the line on the tonic under changing chords; with `slap` the thumb strikes low notes and a
    finger pops the octaves; `glide` is the likelihood that a synth note slides into the next.
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
    """A bass fill at the end of a phrase: the tones of a bar's last beats."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    tones: ToneRun


class BassStyle(WithRange, frozen=True, kw_only=True):
    """The bass player of a style. `low` and `high` are note names, E1 being a bass guitar's open string.

    `home` is the note around which roots are placed, "" for a fifth above the lowest. `rests` is the likelihood that a
    phrase's last bar is silent after its first note if it has no fill, `inversions` that the bass takes a chord's third
    or fifth to move by step. `wander` is how many semitones the register drifts over several bars.
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
        """Semitones from the lowest pitch to the home of the roots."""
        return parse_pitch(self.home) - self.low_pitch if self.home else HOME_ABOVE_LOW

    @property
    def played_on(self) -> Instrument:
        """The instrument with its range and playing limits."""
        return INSTRUMENTS[self.instrument]


def check_bass(bass: BassStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""
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
