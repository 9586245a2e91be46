"""The harmony of a style: its progressions in Roman numerals, how they are varied, voiced and played."""

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
"""What a progression suits: verses and intros, what rises to a chorus, choruses and drops, or what stands apart."""

Family = Literal["pop", "jazz", "folk", "classical"]
"""Whose chord successions a style leans on, see `engines.players.chords.corpora`."""

VoicingKind = Literal[
    "triad", "close", "drop2", "open", "shell", "rootless", "quartal", "satb", "guitar", "power", "two_hands"
]

SILENT: Final = OnsetRow(". . . .")


class ChordRow(Row):
    """What a chord player's fingers do.

    C, c and s strike the whole chord hard, as usual and softly; g is a muted scratch, u an upstroke over the upper
    strings; 1 to 9 is one tone of the chord, counted from below and on into the next octave; L is the root below the
    chord, F its fifth there, O the octave of L.
    """

    MARKS = "Ccsgu123456789LFO"


NOTHING: Final = ChordRow(". . . .")


class Progression(Preset, frozen=True, kw_only=True):
    """Chords that the style's songs go round on: bars of Roman numerals, all counted from the major scale."""

    name: Name
    weight: Weight = 1
    mode: Mode = "major"
    chords: str
    suits: tuple[Part, ...] = ()


class Ways(Preset, frozen=True, kw_only=True):
    """How progressions come about, and how often: written loops, phrases by grammar, walks as corpora have them."""

    loops: Annotated[float, Meta(ge=0, le=100)] = 6
    grammar: Annotated[float, Meta(ge=0, le=100)] = 1
    corpus: Annotated[float, Meta(ge=0, le=100)] = 1


class Substitutions(Preset, frozen=True, kw_only=True):
    """How likely each is at middle complexity, at every place where it is possible."""

    secondary_dominant: Share = 0.05
    two_five: Share = 0.02
    tritone: Share = 0.0
    backdoor: Share = 0.0
    diminished: Share = 0.0
    relative: Share = 0.04
    borrowed: Share = 0.03
    suspended: Share = 0.03


class Comping(Preset, frozen=True, kw_only=True):
    """One way to play chords: what the hands do in a bar or more, on which voicing, in which sections.

    `hand` is the chord hand, `low` the other one below it, `extra` chords that chance adds. `gate` is the share of the
    time up to the next stroke that a chord sounds, `longest` the most beats; `rings` lets all sound until the chord
    changes, as a pedal or a picked guitar does. `follows` strikes every new chord even where the row is silent,
    `anticipates` is how surely a stroke in the last half beat takes the coming chord, `breathes` how surely a light
    stroke off the beat is left out, `strum` the time from the lowest to the highest string in milliseconds. `plays`
    and `sections` say at which energy and in which kinds of section it is chosen (see
    `engines.styles.section_choices`), `instruments` names those of the style's songs that it is for; any, where none
    is named.
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

    `key` is where its players are at home, "" where the vamp tells. `families` are whose successions it leans on, and
    `chord_bars` weights of how many bars a chord lasts, where no loop says so. `colours` says what plain triads and
    sevenths become ("dom" being a plain V), and how heavily; `colour` how often they do. `cadences` are the bar before
    the last chord of a song, `turnarounds` the bar that leads back to the first one, with `turnaround` the likelihood
    of it after eight bars; `half_close` is how surely what rises ends on the dominant. `one_loop` is how surely a whole
    song goes round on the same chords, `aaba` how surely 32 bars are a theme, twice, a bridge, and the theme. `low` and
    `high` are the register of the chords, as note names; `parallels` says whether voices may move in fifths and
    octaves.
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
    """Fails where fields contradict each other."""

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
