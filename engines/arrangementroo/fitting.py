"""Fits a form to a number of bars: the round comes more or less often, spare sections go, sections stretch by phrases.

All ways of unrolling a form are weighed against each other; each says how far it is from what the style is used to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engines.styles.form_plan import MAX_SECTION_BARS, FormPlan, PlannedSection

SCALES: Final = ((1.0, 0.0), (0.5, 1.2), (2.0, 1.6), (0.25, 2.6))
"""What sections may be stretched by all together, and how far from usual that is."""
SHORTEST: Final = 4
"""No section is squeezed below this many bars."""
_ROUND, _DROP, _PHRASE, _MISSED = 0.25, 0.4, 0.35, 2.0
"""How far from usual it is: a round more or less, a section left out, a phrase more or less in a section; and how bad
a phrase more or less in the whole song is.
"""


@dataclass(frozen=True, slots=True)
class FittedForm:
    """The sections of a form with the bars they get, and how far from the form's usual shape that is (0 as usual)."""

    sections: tuple[PlannedSection, ...]
    strain: float

    @property
    def bars(self) -> int:
        """The bars of all sections."""
        return sum(section.bars for section in self.sections)


def fit_form(plan: FormPlan, bars: float, phrase: int) -> FittedForm:
    """The form that is nearest to a number of bars and to its own usual shape, its sections in whole phrases.

    >>> from engines.styles.form_plan import parse_plan
    >>> pop = parse_plan("intro 4?, [verse 16, chorus 8]2, bridge 8?, chorus 8?, outro 4??")
    >>> [(section.kind, section.bars) for section in fit_form(pop, 33.0, 4).sections]
    [('intro', 4), ('verse', 16), ('chorus', 8), ('outro', 4)]
    """
    best: FittedForm | None = None
    for strain, sections in _shapes(plan, bars):
        # What is far from usual already cannot win.
        if best is None or strain < best.strain:
            fitted = _stretched(sections, bars, phrase, strain)
            if best is None or fitted.strain < best.strain:
                best = fitted
    if best is None or bars < 2 * SHORTEST - 1:
        return _sketch(plan, bars)
    return best


def _shapes(plan: FormPlan, bars: float) -> Iterator[tuple[float, list[PlannedSection]]]:
    """Every way to unroll a form near a length, with how far from usual it is."""
    spares = sorted({section.spare for section in plan.unrolled(1) if section.spare})
    for scale, scale_strain in SCALES:
        for left_out in (*spares, 0):
            kept = _without_spares(plan, left_out)
            dropped = len(plan.unrolled(1)) - len(kept.unrolled(1))
            around = sum(_scaled(section, scale).bars for section in kept.before + kept.after)
            per_round = max(1, sum(_scaled(section, scale).bars for section in kept.round))
            middle = round((bars - around) / per_round)
            for rounds in sorted({max(plan.least, middle + step) for step in (-1, 0, 1)} if kept.round else {0}):
                sections = [_scaled(section, scale) for section in kept.unrolled(rounds)]
                if sections:
                    strain = scale_strain + _DROP * dropped + _ROUND * abs(rounds - plan.rounds)
                    yield strain, sections


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


def _stretched(sections: Sequence[PlannedSection], bars: float, phrase: int, strain: float) -> FittedForm:
    """Sections longer or shorter by a phrase here and there, until the song is within half a phrase of its length."""
    usual = [section.bars for section in sections]
    now = list(usual)
    while True:
        off = bars - sum(now)
        step = phrase if off > 0 else -phrase
        if abs(off) <= phrase / 2.0:
            break
        able = [
            place
            for place, section in enumerate(sections)
            if not section.fixed
            and usual[place] % phrase == 0
            and min(phrase, usual[place]) <= now[place] + step <= min(MAX_SECTION_BARS, 2 * usual[place])
        ]
        if not able:
            break
        # The least felt change: of the section that has strayed least for its length, the latest one.
        chosen = min(able, key=lambda place: (abs(now[place] + step - usual[place]) / usual[place], -place))
        now[chosen] += step
        strain += _PHRASE
    missed = abs(bars - sum(now)) / phrase
    fitted = tuple(section._replace(bars=length) for section, length in zip(sections, now, strict=True))
    return FittedForm(fitted, strain + _MISSED * missed * (0.3 if missed <= 0.5 else 1.0))


def _sketch(plan: FormPlan, bars: float) -> FittedForm:
    """One section where there is no time for more: the one that is never left out, of 1, 2, 4 or 8 bars."""
    core = next(section for section in reversed(plan.unrolled(max(1, plan.least))) if not section.spare)
    length = min((1, 2, 4, 8), key=lambda count: (abs(count - bars), count))
    return FittedForm((core._replace(bars=length),), 10.0)
