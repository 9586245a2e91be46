"""The harmony section of a preset: progressions in Roman numerals, their variation, voicing and comping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import BY_HARTE
from musearoo.engines.music.numeral import parse_numerals
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind
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
from musearoo.engines.styles.rows import OnsetRow, Row

Mode = Literal["major", "minor"]

Part = Literal["verse", "pre", "chorus", "bridge"]
"""The parts that a progression suits: verse (and intro), pre-chorus (and build), chorus (and drop), or bridge."""

Family = Literal["pop", "jazz", "folk", "classical"]
"""The corpora of chord transitions, see `engines.players.chords.corpora`."""

VoicingKind = Literal[
    "triad", "close", "drop2", "open", "shell", "rootless", "quartal", "satb", "guitar", "power", "two_hands"
]

SILENT: Final = OnsetRow(". . . .")


class ChordRow(Row):
    """A row of chord strokes.

    C, c and s strike the whole chord hard, normally and softly; g is a muted scratch, u an upstroke on the upper
    strings; 1 to 9 is one chord tone, counted from the lowest up into the next octave; L is the root below the chord,
    F its fifth there, O the octave of L.
    """

    MARKS = "Ccsgu123456789LFO"


NOTHING: Final = ChordRow(". . . .")


class Progression(Preset, frozen=True, kw_only=True):
    """A chord loop: bars of Roman numerals, with steps counted from the major scale in either mode."""

    name: Name
    weight: Weight = 1
    mode: Mode = "major"
    chords: str
    suits: tuple[Part, ...] = ()


class Ways(Preset, frozen=True, kw_only=True):
    """Weights of the sources of progressions: written loops, phrases by grammar, walks through corpora."""

    loops: Annotated[float, Meta(ge=0, le=100)] = 6
    grammar: Annotated[float, Meta(ge=0, le=100)] = 1
    corpus: Annotated[float, Meta(ge=0, le=100)] = 1


class Substitutions(Preset, frozen=True, kw_only=True):
    """The likelihood of each substitution wherever it is possible, at middle complexity."""

    secondary_dominant: Share = 0.05
    two_five: Share = 0.02
    tritone: Share = 0.0
    backdoor: Share = 0.0
    diminished: Share = 0.0
    relative: Share = 0.04
    borrowed: Share = 0.03
    suspended: Share = 0.03


class Comping(Preset, frozen=True, kw_only=True):
    """A comping pattern of one or more bars: rhythm, voicing, and the sections it suits.

    `hand` is the chord hand, `low` the other hand below it, `extra` optional random chords. `gate` is the sounding
    share of the time up to the next stroke, `longest` the greatest length in beats; with `rings` notes sound until the
    chord changes, as with a pedal or a picked guitar. With `follows` every new chord is struck even on a rest.
    `anticipates` is the likelihood that a stroke in the last half beat takes the next chord, `breathes` that a light
    off-beat stroke is left out; `strum` is the time from the lowest to the highest string in milliseconds. `plays` is
    the energy range and `sections` the kinds of section in which it is chosen (see `engines.styles.section_choices`),
    `instruments` the instruments it is for; none means any.
    """

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    plays: Range = (0, 1)
    sections: tuple[SectionKind, ...] = ()
    instruments: tuple[Name, ...] = ()
    voicing: VoicingKind = "close"
    hand: ChordRow
    low: ChordRow = NOTHING
    extra: OnsetRow = SILENT
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.95
    longest: Annotated[float, Meta(gt=0, le=64)] = 8
    rings: bool = False
    follows: bool = True
    anticipates: Share = 0
    breathes: Share = 0.1
    strum: Annotated[float, Meta(ge=0, le=60)] = 0


_PADS: Final = Comping(name="held chords", hand=ChordRow("c... .... .... ...."), longest=16)
_QUARTERS: Final = Comping(name="quarters", plays=(0.35, 1), hand=ChordRow("C... c... c... c..."), gate=0.85)


class HarmonyStyle(WithRange, frozen=True, kw_only=True):
    """The harmony of a style.

    `key` is the default key, "" for the vamp's. `families` are the weights of the corpora, and `chord_bars` the weights
    of chord durations in generated units. `colours` are weighted replacements of plain triads and sevenths ("dom" is a
    plain V), `colour` how often they apply. `cadences` are the bar before the last chord of a song, `turnarounds` the
    bar that leads back to the first chord; `turnaround` is their likelihood after eight bars. `half_close` is the
    likelihood that a rising section ends on the dominant, `one_loop` that a whole song repeats one loop, `aaba` that 32
    bars have the form AABA. `low` and `high` are the register of the chords as note names; `parallels` allows parallel
    fifths and octaves.
    """

    key: str = ""
    progressions: tuple[Progression, ...] = ()
    ways: Ways = Ways()
    families: dict[Family, Weight] = msgspec.field(default_factory=lambda: {"pop": 1.0})
    chord_bars: dict[Literal["1/2", "1", "2", "4", "8"], Weight] = msgspec.field(default_factory=lambda: {"1": 1.0})
    substitutions: Substitutions = Substitutions()
    colour: Share = 0.2
    colours: dict[str, dict[str, Weight]] = msgspec.field(
        default_factory=lambda: {
            "maj": {"maj7": 1.0, "maj(9)": 1.0},
            "min": {"min7": 2.0, "min(9)": 1.0},
            "dom": {"7": 1},
        }
    )
    cadences: tuple[str, ...] = ("V", "IV V")
    turnarounds: tuple[str, ...] = ("V",)
    turnaround: Share = 0.2
    half_close: Share = 0.5
    one_loop: Share = 0.4
    aaba: Share = 0.0
    low: str = "C3"
    high: str = "C5"
    comping: Annotated[tuple[Comping, ...], Meta(min_length=1)] = (_PADS, _QUARTERS)
    levels: Levels = Levels(ghost=38, soft=58, normal=74, accent=90, spread=5)
    parallels: bool = True


def check_harmony(harmony: HarmonyStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""

    def read(field: str, parse: Callable[[str], object], text: str) -> None:
        try:
            parse(text)
        except ParamError as error:
            fail(f"harmony.{field}", str(error))

    if harmony.key:
        read("key", Key.parse, harmony.key)
    check_range("harmony", harmony, fail)
    for index, progression in enumerate(harmony.progressions):
        read(f"progressions[{index}].chords", parse_numerals, progression.chords)
    for field, lines in (("cadences", harmony.cadences), ("turnarounds", harmony.turnarounds)):
        for index, line in enumerate(lines):
            read(f"{field}[{index}]", parse_numerals, line)
    if harmony.high_pitch - harmony.low_pitch < 12:
        fail("harmony.high", f"expected at least an octave above low ({harmony.low}), got {harmony.high}")
    if not (harmony.ways.loops or harmony.ways.grammar or harmony.ways.corpus):
        fail("harmony.ways", "expected at least one of loops, grammar and corpus above 0")
    check_complexity("harmony.comping", harmony.comping, fail)
    for index, comping in enumerate(harmony.comping):
        if comping.plays[0] > comping.plays[1]:
            fail(f"harmony.comping[{index}].plays", f"expected low <= high, got {list(comping.plays)}")
    for quality, choices in harmony.colours.items():
        for name in (quality, *choices):
            if name != "dom" and name not in BY_HARTE:
                fail(f"harmony.colours.{quality}", f"expected Harte's shorthands or dom, got {name!r}")
