"""The schema of a style preset, and the reading of one.

Everything that makes a style lives in its YAML file; this module says which fields there are and within which bounds.
Rows of steps are written in the notation of `engines.rows`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal

import msgspec
import yaml
from msgspec import Meta

from engines.errors import ParamError, PresetError
from engines.music.meter import Meter
from engines.music.pitch import parse_pitch
from engines.music.progression import ChordSpan, parse_progression
from engines.music.swing import MAX_RATIO, Swing
from engines.rows import HitRow, Row, StrokeRow, ToneRow, ToneRun

Weight = Annotated[float, Meta(gt=0, le=100)]
Share = Annotated[float, Meta(ge=0, le=1)]
Velocity = Annotated[float, Meta(ge=1, le=127)]
Milliseconds = Annotated[float, Meta(ge=-60, le=60)]
Bpm = Annotated[float, Meta(ge=20, le=999)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Range = tuple[Share, Share]
Cymbal = Literal["closed_hat", "ride", "ride_bell", "cross_stick", "shaker", "tambourine", "low_tom"]

SILENT: Final = HitRow(". . . .")
NO_STROKES: Final = StrokeRow(".")


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts of a preset share: they cannot change, and an unknown field is an error."""


class TempoRange(Preset, frozen=True, kw_only=True):
    """Beats a minute: the slowest, the usual and the fastest at which the style is itself."""

    low: Bpm
    usual: Bpm
    high: Bpm


class SwingFeel(Preset, frozen=True, kw_only=True):
    """How long the on-beat subdivision is against the off-beat one, and which subdivision that is."""

    ratio: Annotated[float, Meta(ge=1, le=MAX_RATIO)] = 1.0
    pair: Literal["eighths", "sixteenths"] = "eighths"

    @property
    def swing(self) -> Swing:
        """The same as music data."""
        return Swing(self.ratio, 1.0 if self.pair == "eighths" else 0.5)


class Levels(Preset, frozen=True, kw_only=True):
    """Velocities of one voice by how it is struck, and how much they vary by nature (standard deviation)."""

    ghost: Velocity = 32
    soft: Velocity = 60
    normal: Velocity = 88
    accent: Velocity = 112
    spread: Annotated[float, Meta(ge=0, le=30)] = 6


class Groove(Preset, frozen=True, kw_only=True):
    """What feet and left hand play: one or more bars of kick, snare and what stands in for it."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    kick: HitRow
    snare: HitRow = SILENT
    cross_stick: HitRow = SILENT
    clap: HitRow = SILENT
    ghosts: HitRow = SILENT


class Timekeeper(Preset, frozen=True, kw_only=True):
    """What the right hand plays through the bar, which of its steps may open the hat, and the left foot."""

    name: Name
    weight: Weight = 1
    density: Range = (0, 1)
    voice: Cymbal = "closed_hat"
    hits: HitRow
    opens: HitRow = SILENT
    pedal: HitRow = SILENT


class Fill(Preset, frozen=True, kw_only=True):
    """The last beats of a phrase, as many as the rows have; `left` is the left hand where both strike at once."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    hands: StrokeRow
    left: StrokeRow = NO_STROKES
    feet: StrokeRow = NO_STROKES


class Feel(Preset, frozen=True, kw_only=True):
    """Time as the style's players keep it, in milliseconds; positive is behind the beat.

    `drift` is how far the whole kit wanders over some bars, `jitter` how far single strokes scatter, both as standard
    deviations.
    """

    drift: Annotated[float, Meta(ge=0, le=40)] = 6
    jitter: Annotated[float, Meta(ge=0, le=30)] = 5
    kick: Milliseconds = 0
    snare: Milliseconds = 0
    cymbals: Milliseconds = 0
    bass: Milliseconds = 0


class DrumStyle(Preset, frozen=True, kw_only=True):
    """The drummer of a style."""

    grooves: Annotated[tuple[Groove, ...], Meta(min_length=1)]
    timekeepers: Annotated[tuple[Timekeeper, ...], Meta(min_length=1)]
    fills: Annotated[tuple[Fill, ...], Meta(min_length=1)]
    levels: dict[Literal["kick", "snare", "cymbals", "toms", "crash", "percussion"], Levels] = {}
    variation: Share = 0.12
    fill_likelihood: Share = 0.8
    crash_likelihood: Share = 0.8


class Approach(Preset, frozen=True, kw_only=True):
    """How the line walks into the next chord: how often, and by which way how heavily."""

    likelihood: Share = 0.4
    chromatic: Annotated[float, Meta(ge=0, le=100)] = 1
    scale: Annotated[float, Meta(ge=0, le=100)] = 1
    fifth: Annotated[float, Meta(ge=0, le=100)] = 0


class BassLine(Preset, frozen=True, kw_only=True):
    """One way to play: when notes may start, which tone each step takes, and how long notes ring.

    `lock` is how surely a kick brings a note where the row has none; `downbeat`, whether a new chord always brings one
    (a bass that lives between the beats waits for its next step); `gate` is the share of the time up to the next
    note that a note sounds, and `longest` the most beats that it does.
    """

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    onsets: HitRow
    tones: ToneRow
    lock: Share = 0.5
    downbeat: bool = True
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.9
    longest: Annotated[float, Meta(gt=0, le=16)] = 4
    ghosts: HitRow = SILENT


class BassFill(Preset, frozen=True, kw_only=True):
    """The bass at the end of a phrase: onsets and tones of the last beats of a bar."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    tones: ToneRun


class BassStyle(Preset, frozen=True, kw_only=True):
    """The bass player of a style. `low` and `high` are note names, E1 being a bass guitar's open string."""

    low: str = "E1"
    high: str = "G3"
    lines: Annotated[tuple[BassLine, ...], Meta(min_length=1)]
    fills: tuple[BassFill, ...] = ()
    approach: Approach = Approach()
    levels: Levels = Levels(ghost=42, soft=72, normal=92, accent=108, spread=5)
    fill_likelihood: Share = 0.6

    @property
    def low_pitch(self) -> int:
        """The lowest pitch as a MIDI number."""
        return parse_pitch(self.low)

    @property
    def high_pitch(self) -> int:
        """The highest pitch as a MIDI number."""
        return parse_pitch(self.high)


class Style(Preset, frozen=True, kw_only=True):
    """A style of music: what its players do, and the chords they jam on when nobody gives them any.

    `meters` says for a meter which beats of the written bar, counted from 1, its pulses play, where the general rule
    of `engines.grid` does not suit the style.
    """

    name: Name
    summary: Annotated[str, Meta(min_length=1, max_length=200)]
    aliases: tuple[Name, ...] = ()
    tempo: TempoRange
    swing: SwingFeel = SwingFeel()
    feel: Feel = Feel()
    meters: dict[str, tuple[Annotated[int, Meta(ge=1, le=4)], ...]] = {}
    vamp: str
    drums: DrumStyle
    bass: BassStyle

    @property
    def vamp_chords(self) -> tuple[ChordSpan, ...]:
        """The style's own chords, a bar of 4/4 each or as the bar lines say."""
        return parse_progression(self.vamp)

    def written_beats(self, meter: Meter) -> tuple[int, ...] | None:
        """The written beats, counted from 0, that this style plays in a meter; None leaves it to the rule."""
        beats = self.meters.get(str(meter))
        return None if beats is None else tuple(beat - 1 for beat in beats)


def parse_style(text_or_mapping: str | Mapping[str, object], source_name: str = "style") -> Style:
    """The style of a YAML text, or of the data in it; what is wrong raises PresetError with file, field and bounds."""
    data = _read_yaml(text_or_mapping, source_name) if isinstance(text_or_mapping, str) else text_or_mapping
    try:
        style = msgspec.convert(data, Style, dec_hook=_decode_row, str_keys=True)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        field = path.rstrip("`").removeprefix("$").removeprefix(".")
        raise PresetError(source_name, field, problem[:1].lower() + problem[1:]) from error
    _check_style(style, source_name)
    return style


def find_style(name: str, styles: Mapping[str, Style]) -> Style:
    """The style of that name or alias, however it is written; an unknown one raises ParamError with the names."""
    wanted = _plain(name)
    for style in styles.values():
        if wanted in map(_plain, (style.name, *style.aliases)):
            return style
    raise ParamError("style", f"one of {', '.join(sorted(style.name for style in styles.values()))}", name)


@cache
def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


def _read_yaml(text: str, source_name: str) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise PresetError(source_name, "", f"this is not YAML: {error}") from error


def _decode_row(kind: type, value: object) -> Row:
    if not issubclass(kind, Row):
        raise NotImplementedError(f"no preset field has the type {kind.__name__}")
    if not isinstance(value, str):
        raise ValueError(f"expected a row of steps as a text, but got {value!r}")
    return kind(value)


def _check_style(style: Style, source_name: str) -> None:
    """Raises PresetError where fields contradict each other."""

    def fail(field: str, problem: str) -> None:
        raise PresetError(source_name, field, problem)

    tempo = style.tempo
    if not tempo.low <= tempo.usual <= tempo.high:
        fail("tempo", f"expected low <= usual <= high, got {tempo.low:g}, {tempo.usual:g}, {tempo.high:g}")
    for meter, beats in style.meters.items():
        try:
            pulses = len(Meter.parse(meter).pulses)
        except ParamError as error:
            fail(f"meters[{meter}]", str(error))
        if len(beats) != pulses:
            fail(f"meters[{meter}]", f"expected {pulses} written beats, one a pulse, got {len(beats)}")
    try:
        style.vamp_chords[0]
    except (ParamError, IndexError) as error:
        fail("vamp", f"expected at least one chord ({error})")
    pitches = {}
    for field in ("low", "high"):
        try:
            pitches[field] = parse_pitch(getattr(style.bass, field))
        except ParamError as error:
            fail(f"bass.{field}", str(error))
    if pitches["high"] - pitches["low"] < 12:
        fail("bass.high", f"expected at least an octave above low ({style.bass.low}), got {style.bass.high}")
    ranged: tuple[tuple[str, tuple[Groove | Fill | BassLine | BassFill, ...]], ...] = (
        ("drums.grooves", style.drums.grooves),
        ("drums.fills", style.drums.fills),
        ("bass.lines", style.bass.lines),
        ("bass.fills", style.bass.fills),
    )
    for field, items in ranged:
        for index, item in enumerate(items):
            if item.complexity[0] > item.complexity[1]:
                fail(f"{field}[{index}].complexity", f"expected low <= high, got {list(item.complexity)}")
    for index, timekeeper in enumerate(style.drums.timekeepers):
        if timekeeper.density[0] > timekeeper.density[1]:
            fail(f"drums.timekeepers[{index}].density", f"expected low <= high, got {list(timekeeper.density)}")


# The C parser where PyYAML was built with it: ten times faster, and the daemon reads all presets at start.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
