"""The melody section of a preset: rhythms, forms, tones, register and ornaments, in the notation of `rows`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal

import msgspec
from msgspec import Meta

from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.styles.preset import Fail, Levels, Preset, Range, Share, Weight, WithRange, check_range
from musearoo.engines.styles.rows import Row

Contour = Literal["arch", "valley", "rise", "fall", "wave", "level"]
"""The shape of a phrase. Huron, "The melodic arch in Western folksongs" (1996), finds the arch the commonest."""
Colour = Literal["scale", "pentatonic", "blues", "chords", "arpeggio"]
"""The tones of the melody: all of the key, its pentatonic scale, that and blue notes, each chord's own scale, or only
chord tones."""

UNIT: Final = re.compile(r"([a-d])([+\-irfowns]*)([,.]?)|(_)")
"""One unit of a form; `engines.players.melody.planning` explains the signs."""


class MelodyRow(Row):
    """A melody's rhythm: X accented, x normal, o soft, a digit d is played in d of ten cases at middle complexity.

    A note sounds until the next one, or until an r, which is a rest.
    """

    MARKS: ClassVar[str] = "Xxo123456789r"


class Figure(Preset, frozen=True, kw_only=True):
    """A rhythm of one or more bars for a motif."""

    rhythm: MelodyRow
    weight: Weight = 1
    density: Range = (0, 1)


class MelodyForm(Preset, frozen=True, kw_only=True):
    """A sequence of units, such as "a a+ b, a a+ c.", and the sections it is for; none means all."""

    units: Annotated[str, Meta(min_length=1, max_length=200)]
    weight: Weight = 1
    sections: tuple[SectionKind, ...] = ()


class MelodyStyle(WithRange, frozen=True, kw_only=True):
    """The melodist of a style. `low` and `high` are note names, the comfortable range of the voice or instrument.

    `unit` is the bars of one unit of the forms. `leaps` is the size of intervals, `repeats` the frequency of repeated
    pitches, `dissonance` that of accented non-chord tones, `chromatic` that of semitone approaches to chord tones,
    `syncopation` that of anticipated onsets, `pickup` and `ornament` how often phrases begin with a pick-up and return
    ornamented. `span` is the semitones between the low and high points of a phrase. `gate` is the sounding share of the
    time up to the next note, `longest` the greatest note length in beats.
    """

    low: str = "A3"
    high: str = "E5"
    unit: Literal[1, 2, 4] = 2
    figures: Annotated[tuple[Figure, ...], Meta(min_length=1)] = (
        Figure(rhythm=MelodyRow("x.x. x.x. x... x...|x... .... r... ....")),
        Figure(rhythm=MelodyRow("x... ..x. x.x. x.x.|x... .... r... 5.x.")),
        Figure(rhythm=MelodyRow("x.x. x.x. x.x. x.x.|x... .... r... ....")),
        Figure(rhythm=MelodyRow("x... x... x... x.x.|x... x... .... r...")),
        Figure(rhythm=MelodyRow("..x. x.x. x.x. x.x.|x... x... r... ....")),
        Figure(rhythm=MelodyRow("x... .... .... x.x.|x... .... r... x.x.")),
    )
    closes: Annotated[tuple[Figure, ...], Meta(min_length=1)] = (
        Figure(rhythm=MelodyRow("x... .... .... r..."), weight=2),
        Figure(rhythm=MelodyRow("x.x. x... .... r...")),
    )
    forms: Annotated[tuple[MelodyForm, ...], Meta(min_length=1)] = (
        MelodyForm(units="a a+ b c, a a+ b c.", weight=2),
        MelodyForm(units="a b, a c."),
        MelodyForm(units="a a a+ b."),
    )
    contours: dict[Contour, Weight] = msgspec.field(
        default_factory=lambda: {"arch": 4.0, "fall": 2.0, "rise": 1.0, "wave": 1.0}
    )
    colour: Colour = "scale"
    leaps: Share = 0.5
    repeats: Share = 0.5
    dissonance: Share = 0.5
    chromatic: Share = 0
    syncopation: Share = 0.2
    pickup: Share = 0.4
    ornament: Share = 0.3
    span: Annotated[float, Meta(ge=0, le=24)] = 7
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.95
    longest: Annotated[float, Meta(gt=0, le=64)] = 4
    levels: Levels = Levels(ghost=56, soft=74, normal=88, accent=102, spread=4)


def check_melody(melody: MelodyStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""
    check_range("melody", melody, fail)
    for index, form in enumerate(melody.forms):
        for word in form.units.split():
            if UNIT.fullmatch(word) is None:
                fail(f"melody.forms[{index}].units", f"expected units such as a, b+ or c., got {word!r}")
        if not set("abcd") & set(form.units):
            fail(f"melody.forms[{index}].units", "expected at least one unit that is not silence")
    _check_figures("melody.figures", melody.figures, fail)
    _check_figures("melody.closes", melody.closes, fail)
    if not melody.contours:
        fail("melody.contours", "expected at least one contour with its weight")


def _check_figures(field: str, figures: Sequence[Figure], fail: Fail) -> None:
    for index, figure in enumerate(figures):
        if figure.density[0] > figure.density[1]:
            fail(f"{field}[{index}].density", f"expected low <= high, got {list(figure.density)}")
        if not any(step.mark in "Xx" for beat in figure.rhythm.beats for step in beat):
            fail(f"{field}[{index}].rhythm", "expected at least one step that is always played (X or x)")
