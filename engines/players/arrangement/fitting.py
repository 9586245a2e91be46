"""Fit a form to a number of bars: change the number of rounds, drop optional sections, resize sections by phrases.

Every way of unrolling the form gets a strain, its distance from the form's usual shape; the least strain wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final, NamedTuple

from musearoo.engines.styles.form_plan import MAX_SECTION_BARS, FormPlan, PlannedSection

SCALES: Final = ((1.0, 0.0), (0.5, 1.2), (2.0, 2.2), (0.25, 2.6))
"""Factors that may scale all sections together, each with its strain."""
SHORTEST: Final = 4
"""The least bars to which a section is shortened."""
_ROUND, _DROP, _PHRASE, _IRREGULAR, _MISSED = 0.25, 0.4, 0.35, 0.8, 2.0
"""The strain of one round more or less, a dropped section, one phrase more or less in a section, a section with an
irregular number of phrases such as 3 or 5, and one phrase more or less in the whole song.
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
"""The extra strain of resizing sections that listeners know: less readily than intros, solos and outros, never longer.
"""
_CORE: Final = ("chorus", "drop", "head", "verse")
"""The one section of a very short song: the first of these that its form has."""


@dataclass(frozen=True, slots=True)
class FittedForm:
    """The sections of a form with their fitted bars, and the strain: the distance from the usual shape, 0 if equal."""

    sections: tuple[PlannedSection, ...]
    strain: float

    @property
    def bars(self) -> int:
        """The total number of bars."""
        return sum(section.bars for section in self.sections)


class _Shape(NamedTuple):
    """An unrolled form, the factor that scales all its sections, and its strain."""

    sections: tuple[PlannedSection, ...]
    scale: float
    strain: float


def fit_form(plan: FormPlan, bars: float, phrase: int) -> FittedForm:
    """Return the form fitted to a number of bars with the least strain, its sections in whole phrases.

    >>> from musearoo.engines.styles.form_plan import parse_plan
    >>> pop = parse_plan("intro 4?, [verse 16, chorus 8]2, bridge 8?, chorus 8?, outro 4??")
    >>> [(section.kind, section.bars) for section in fit_form(pop, 33.0, 4).sections]
    [('intro', 4), ('verse', 8), ('chorus', 8), ('bridge', 4), ('chorus', 8)]
    """
    best: FittedForm | None = None
    for shape in _shapes(plan, bars):
        # Resizing only adds strain, so a shape above the best cannot win.
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
    """Yield every way to unroll a form near a length in bars."""
    spares = sorted({section.spare for section in plan.unrolled(1) if section.spare})
    for scale, scale_strain in SCALES:
        for left_out in (*spares, 0):
            kept = _without_spares(plan, left_out)
            # Sections marked to go first cost least; dropping a chorus costs more than an intro.
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
                # Four rounds instead of two are common; fourteen are not.
                strain = scale_strain + dropped + _ROUND * more * (1.0 + min(more, 16) / 8.0)
                if sections:
                    yield _Shape(sections, scale, strain)


def _without_spares(plan: FormPlan, left_out: int) -> FormPlan:
    """Return the form without its sections of spare level `left_out` and above; 0 keeps all sections."""

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
    """Resize sections by phrases until the song is within half a phrase of its length."""
    sections = shape.sections
    unit = max(min(phrase, SHORTEST), round(phrase * min(1.0, shape.scale)))
    now = [_scaled(section, shape.scale).bars for section in sections]
    # The factor if all sections were scaled equally.
    even = bars / sum(section.bars for section in sections)
    strain = shape.strain
    while abs(bars - sum(now)) > unit / 2.0:
        moves = list(_moves(sections, now, bars - sum(now), unit))
        if not moves:
            # Halve a jazz chorus rather than return a song that is much too long.
            moves = [
                (place, length // 2)
                for place, length in enumerate(now)
                if length % (2 * unit) == 0 and length // 2 <= sum(now) - bars + unit / 2.0
            ]
        if not moves:
            break
        costs = []
        for place, length in moves:
            kind, ideal = sections[place].kind, sections[place].bars * even
            deviation = (abs(length - ideal) - abs(now[place] - ideal)) / ideal
            irregular = _IRREGULAR if _is_irregular(length, unit) else 0.0
            costs.append((deviation + irregular + _FIRM.get(kind, 0.0)) / (abs(length - now[place]) / unit))
        place, length = moves[min(range(len(moves)), key=lambda number: (costs[number], -moves[number][0]))]
        strain += _PHRASE * (1.0 + _FIRM.get(sections[place].kind, 0.0))
        now[place] = length
    strain += fsum(_IRREGULAR for length in now if _is_irregular(length, unit))
    missed = abs(bars - sum(now)) / phrase
    fitted = tuple(section._replace(bars=length) for section, length in zip(sections, now, strict=True))
    return FittedForm(fitted, strain + _MISSED * missed * (0.3 if missed <= 0.5 else 1.0 + missed))


def _moves(sections: Sequence[PlannedSection], now: Sequence[int], off: float, unit: int) -> Iterator[tuple[int, int]]:
    """Yield (section index, new bars) for every change by a phrase, or to half or double, that approaches the length.

    `off` is how many bars the song lacks, negative if it is too long.
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


def _is_irregular(bars: int, phrase: int) -> bool:
    """Return whether a section's number of phrases is not a power of two, as listeners expect it to be."""
    phrases, rest = divmod(bars, phrase)
    return rest == 0 and phrases & (phrases - 1) != 0


def _sketch(plan: FormPlan, bars: float) -> FittedForm:
    """Return a song of one section, the core of the form, with 1, 2, 4, 8 or 16 bars."""
    sections = plan.unrolled(1)
    cores = [section for kind in _CORE for section in sections if section.kind == kind]
    length = min((1, 2, 4, 8, 16), key=lambda count: (abs(count - bars), count))
    return FittedForm(((*cores, *sections)[0]._replace(bars=length),), 4.0 + _MISSED * abs(length - bars) / SHORTEST)
