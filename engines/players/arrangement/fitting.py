"""Fits a form to a number of bars: the round comes more or less often, spare sections go, sections stretch by phrases.

All ways of unrolling a form are weighed against each other; each says how far it is from what the style is used to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final, NamedTuple

from musearoo.engines.styles.form_plan import MAX_SECTION_BARS, FormPlan, PlannedSection

SCALES: Final = ((1.0, 0.0), (0.5, 1.2), (2.0, 2.2), (0.25, 2.6))
"""What sections may be stretched by all together, and how far from usual that is."""
SHORTEST: Final = 4
"""No section is squeezed below this many bars."""
_ROUND, _DROP, _PHRASE, _CROOKED, _MISSED = 0.25, 0.4, 0.35, 0.8, 2.0
"""How far from usual it is: a round more or less, a section left out, a phrase more or less in a section, a section of
a crooked number of phrases such as 3 or 5; and how bad a phrase more or less in the whole song is.
"""
_FIRM: Final = {
    "chorus": 0.6,
    "drop": 0.6,
    "head": 0.6,
    "verse": 0.3,
    "pre_chorus": 0.3,
    "bridge": 0.1,
    "interlude": 0.1,
}
"""What is known and awaited changes its length less readily than introductions, solos and endings, and never grows."""
_CORE: Final = ("chorus", "drop", "head", "verse")
"""What a song of a few bars consists of: the first of these that its form has."""


@dataclass(frozen=True, slots=True)
class FittedForm:
    """The sections of a form with the bars they get, and how far from the form's usual shape that is (0 as usual)."""

    sections: tuple[PlannedSection, ...]
    strain: float

    @property
    def bars(self) -> int:
        """The bars of all sections."""
        return sum(section.bars for section in self.sections)


class _Shape(NamedTuple):
    """A form unrolled, what its sections are all stretched by, and how far from usual that is."""

    sections: tuple[PlannedSection, ...]
    scale: float
    strain: float


def fit_form(plan: FormPlan, bars: float, phrase: int) -> FittedForm:
    """The form that is nearest to a number of bars and to its own usual shape, its sections in whole phrases.

    >>> from musearoo.engines.styles.form_plan import parse_plan
    >>> pop = parse_plan("intro 4?, [verse 16, chorus 8]2, bridge 8?, chorus 8?, outro 4??")
    >>> [(section.kind, section.bars) for section in fit_form(pop, 33.0, 4).sections]
    [('intro', 4), ('verse', 8), ('chorus', 8), ('bridge', 4), ('chorus', 8)]
    """
    best: FittedForm | None = None
    for shape in _shapes(plan, bars):
        # What is far from usual already cannot win.
        if best is None or shape.strain < best.strain:
            fitted = _stretched(shape, bars, phrase)
            if best is None or fitted.strain < best.strain:
                best = fitted
    sketch = _sketch(plan, bars)
    if (
        best is None
        or abs(sketch.bars - bars) < abs(best.bars - bars) - min(phrase / 2.0, bars / 8.0)
        or bars < 2 * SHORTEST - 1
    ):
        return sketch
    return best


def _shapes(plan: FormPlan, bars: float) -> Iterator[_Shape]:
    """Every way to unroll a form near a length."""
    spares = sorted({section.spare for section in plan.unrolled(1) if section.spare})
    for scale, scale_strain in SCALES:
        for left_out in (*spares, 0):
            kept = _without_spares(plan, left_out)
            # What goes first is missed least, and a chorus more than an introduction.
            dropped = fsum(
                _DROP / section.spare + _FIRM.get(section.kind, 0.0)
                for section in plan.unrolled(1)
                if 0 < left_out <= section.spare
            )
            around = sum(_scaled(section, scale).bars for section in kept.before + kept.after)
            per_round = max(1, sum(_scaled(section, scale).bars for section in kept.round))
            middle = round((bars - around) / per_round)
            for rounds in sorted({max(plan.least, middle + step) for step in (-1, 0, 1)} if kept.round else {0}):
                sections = kept.unrolled(rounds)
                more = abs(rounds - plan.rounds)
                # Four rounds in place of two are usual enough; fourteen are not a song any more.
                strain = scale_strain + dropped + _ROUND * more * (1.0 + min(more, 16) / 8.0)
                if sections:
                    yield _Shape(sections, scale, strain)


def _without_spares(plan: FormPlan, left_out: int) -> FormPlan:
    """The form without the sections that are left out as readily as `left_out` says; with all of them at 0."""

    def kept(sections: tuple[PlannedSection, ...]) -> tuple[PlannedSection, ...]:
        return tuple(section for section in sections if not left_out or section.spare < left_out)

    return plan._replace(before=kept(plan.before), round=kept(plan.round), after=kept(plan.after))


def _scaled(section: PlannedSection, scale: float) -> PlannedSection:
    if section.fixed or scale == 1.0:
        return section
    least = min(section.bars, SHORTEST)
    bars = max(least, round(section.bars * scale / least) * least)
    return section._replace(bars=min(MAX_SECTION_BARS, bars))


def _stretched(shape: _Shape, bars: float, phrase: int) -> FittedForm:
    """Sections longer or shorter by a phrase here and there, until the song is within half a phrase of its length."""
    sections = shape.sections
    unit = max(min(phrase, SHORTEST), round(phrase * min(1.0, shape.scale)))
    now = [_scaled(section, shape.scale).bars for section in sections]
    # What each section would have if all were stretched alike.
    even = bars / sum(section.bars for section in sections)
    strain = shape.strain
    while abs(bars - sum(now)) > unit / 2.0:
        moves = list(_moves(sections, now, bars - sum(now), unit))
        if not moves:
            # Rather half a chorus of jazz than a song that is much too long.
            moves = [
                (place, length // 2)
                for place, length in enumerate(now)
                if length % (2 * unit) == 0 and length // 2 <= sum(now) - bars + unit / 2.0
            ]
        if not moves:
            break
        felt = []
        for place, length in moves:
            kind, ideal = sections[place].kind, sections[place].bars * even
            strays = (abs(length - ideal) - abs(now[place] - ideal)) / ideal
            crooked = _CROOKED if _is_crooked(length, unit) else 0.0
            felt.append((strays + crooked + _FIRM.get(kind, 0.0)) / (abs(length - now[place]) / unit))
        place, length = moves[min(range(len(moves)), key=lambda number: (felt[number], -moves[number][0]))]
        strain += _PHRASE * (1.0 + _FIRM.get(sections[place].kind, 0.0))
        now[place] = length
    strain += fsum(_CROOKED for length in now if _is_crooked(length, unit))
    missed = abs(bars - sum(now)) / phrase
    fitted = tuple(section._replace(bars=length) for section, length in zip(sections, now, strict=True))
    return FittedForm(fitted, strain + _MISSED * missed * (0.3 if missed <= 0.5 else 1.0 + missed))


def _moves(sections: Sequence[PlannedSection], now: Sequence[int], off: float, unit: int) -> Iterator[tuple[int, int]]:
    """The sections that can come nearer to the length by a phrase, by half of themselves or twice themselves: their
    place, and the bars they would have. `off` is how many bars the song lacks.
    """
    for place, section in enumerate(sections):
        bars = now[place]
        if section.fixed or bars % unit:
            continue
        for length in (bars + unit, 2 * bars) if off > 0 else (bars - unit, bars // 2):
            reaches = abs(length - bars) <= abs(off) + unit / 2.0
            most = section.bars if section.kind in _FIRM else min(MAX_SECTION_BARS, 2 * section.bars)
            if reaches and length % unit == 0 and unit <= length <= most:
                yield place, length


def _is_crooked(bars: int, phrase: int) -> bool:
    """Whether a section has a number of phrases that is no power of two, which ears expect."""
    phrases, rest = divmod(bars, phrase)
    return rest == 0 and phrases & (phrases - 1) != 0


def _sketch(plan: FormPlan, bars: float) -> FittedForm:
    """One section where there is no time for more: the core of the form, of 1, 2, 4, 8 or 16 bars."""
    sections = plan.unrolled(1)
    cores = [section for kind in _CORE for section in sections if section.kind == kind]
    length = min((1, 2, 4, 8, 16), key=lambda count: (abs(count - bars), count))
    return FittedForm(((*cores, *sections)[0]._replace(bars=length),), 4.0 + _MISSED * abs(length - bars) / SHORTEST)
