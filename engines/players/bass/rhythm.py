"""The rhythm of the bass: the style's line, the kick that it locks to, and fills at phrase ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import pick, scaled_chance, stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.bass.arc import PERIOD_BARS, PHRASE_BARS, BarPlan
from musearoo.engines.players.bass.other_parts import BandCues
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.bass import BassFill, BassLine
from musearoo.engines.styles.row_fitting import BarStep, fit_row, fit_row_at_end
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, SOFT, Row, likelihood, strength
from musearoo.engines.styles.schema import Style

NEAR: Final = 0.24
"""The distance in beats below which a kick adds no note of its own, since it would flam with an existing one."""
EIGHTH: Final = 0.5
WITH_CHORDS: Final = 0.25
"""How much likelier an optional note is where a chord is played, and less likely elsewhere."""


class BassOnset(NamedTuple):
    """An onset of the line before it has a pitch: its straight position, its tone in the line ("" for the root), and
    its strength.

    `loudness` is added to its velocity; a note that `rings` lasts until the next one, whatever the line says.
    """

    at: float
    tone: str
    strength: int
    line: BassLine
    loudness: float = 0.0
    in_fill: bool = False
    rings: bool = False


def write_rhythm(
    lines: Sequence[BassLine],
    plans: Sequence[BarPlan],
    params: EngineParams,
    meter: Meter,
    band: BandCues,
    changes: Sequence[float],
    tied: Collection[float],
    seed: int,
) -> list[BassOnset]:
    """Return the sorted onsets of a whole take.

    `lines` and `plans` have one entry per bar; chords change at `changes`; at `tied` an anticipated chord is already
    ringing.
    """
    onsets: list[BassOnset] = []
    for bar, (line, plan) in enumerate(zip(lines, plans, strict=True)):
        start, end = bar * meter.bar_beats, (bar + 1) * meter.bar_beats
        new = changes[bisect_left(changes, start - 1e-9) : bisect_left(changes, end - 1e-9)]
        if plan.ends or plan.thin:
            stroke = ACCENT if plan.ends else NORMAL
            own = {at: BassOnset(at, "", stroke, line, rings=True) for at in (start, *new)}
        else:
            own = _play_bar(line, plan, params, meter, band, bar, seed)
            if line.downbeat:
                _meet_changes(own, line, new)
        if not plan.ends:
            for at in tied:
                own.pop(at, None)
        rest = start + plan.rests_from * meter.bar_beats - 1e-9
        for at in sorted(own):
            if at < rest or plan.rests_from == 1.0:
                onset = own[at]
                if onset.strength == NORMAL and at in band.accents:
                    onset = onset._replace(strength=ACCENT)
                onsets.append(onset._replace(loudness=plan.loudness) if plan.loudness else onset)
    return onsets


def _play_bar(
    line: BassLine, plan: BarPlan, params: EngineParams, meter: Meter, band: BandCues, bar: int, seed: int
) -> dict[float, BassOnset]:
    """Return the onsets of one bar by position in the take."""
    start, end = bar * meter.bar_beats, (bar + 1) * meter.bar_beats
    style = params.style
    tones = {step.at: step.mark for step in _placed(line.tones, style, meter, bar)}
    onsets = {
        start + step.at: BassOnset(start + step.at, tones.get(step.at, ""), strength(step.mark), line)
        for step in _drawn(line.onsets, style, meter, bar, "onsets", plan.amount, seed, band)
    }
    for step in _drawn(line.ghosts, style, meter, bar, "ghosts", plan.amount, seed, band):
        onsets.setdefault(start + step.at, BassOnset(start + step.at, "", GHOST, line))
    kicks = band.kicks[bisect_left(band.kicks, start - 1e-9) : bisect_left(band.kicks, end - 1e-9)]
    for kick, draw in zip(kicks, _draws(seed, "lock", _cycle(bar), len(kicks)), strict=True):
        if draw < line.lock and not any(abs(at - kick) < NEAR for at in onsets):
            onsets[kick] = BassOnset(kick, tones.get(kick - start, ""), NORMAL, line)
    if plan.drives:
        for eighth in range(int(meter.bar_beats / EIGHTH)):
            at = start + eighth * EIGHTH
            onsets.setdefault(at, BassOnset(at, "R", NORMAL if eighth % 2 == 0 else SOFT, line))
    fill = None if bar in band.talking else _pick_fill(params, plan, meter, bar, seed)
    if fill is not None:
        steps, first = fit_row_at_end(fill.tones, meter)
        for at in [at for at in onsets if start + first - 1e-9 <= at]:
            del onsets[at]
        for step in steps:
            onsets[start + step.at] = BassOnset(start + step.at, step.mark, NORMAL, line, in_fill=True)
    return onsets


def _meet_changes(onsets: dict[float, BassOnset], line: BassLine, changes: Sequence[float]) -> None:
    """Make sure that a note sounds on every chord change."""
    for change in changes:
        there = onsets.get(change)
        if there is None:
            onsets[change] = BassOnset(change, "", NORMAL, line)
        else:
            onsets[change] = there._replace(tone="", strength=max(SOFT, there.strength))


def _pick_fill(params: EngineParams, plan: BarPlan, meter: Meter, bar: int, seed: int) -> BassFill | None:
    bass, section = params.style.bass, params.section
    is_last = bar == params.bars - 1
    if params.bars == 1 or plan.rests_from < 1.0 or not (is_last or (bar + 1) % PHRASE_BARS == 0):
        return None
    chance = stream(seed, "bass", "fill", bar)
    likely = bass.fill_likelihood * (1.3 if is_last and section.rises else 1.0)
    if chance.random() >= scaled_chance(min(0.99, likely), plan.amount):
        return None
    fitting = [
        fill
        for fill in bass.fills
        if len(fill.tones.beats) <= len(meter.pulses) and fill.complexity[0] <= params.complexity <= fill.complexity[1]
    ]
    return pick(chance, fitting, [fill.weight for fill in fitting]) if fitting else None


def _placed(row: Row, style: Style, meter: Meter, bar: int) -> tuple[BarStep, ...]:
    return fit_row(row, meter, bar, style.written_beats(meter))


def _drawn(
    row: Row, style: Style, meter: Meter, bar: int, label: str, amount: float, seed: int, band: BandCues
) -> Sequence[BarStep]:
    """Return the steps of a row in a bar, optional ones by chance; steps with a chord are likelier."""
    steps = _placed(row, style, meter, bar)
    if all(not step.mark.isdigit() for step in steps):
        return steps
    draws = _draws(seed, label, _cycle(bar), len(steps))
    start = bar * meter.bar_beats
    amounts = (min(1.0, amount + WITH_CHORDS), max(0.0, amount - WITH_CHORDS)) if band.struck else (amount, amount)
    return [
        step
        for step, draw in zip(steps, draws, strict=True)
        if draw < scaled_chance(likelihood(step.mark), amounts[start + step.at not in band.struck])
    ]


def _cycle(bar: int) -> int:
    """Return the number that seeds a bar's draws: every second bar shares one, the last of a phrase has its own."""
    period = bar // PERIOD_BARS % 2
    return 3 * period + (2 if bar % PHRASE_BARS == PHRASE_BARS - 1 else bar % 2)


@lru_cache(maxsize=4096)
def _draws(seed: int, label: str, cycle: int, count: int) -> tuple[float, ...]:
    chance = stream(seed, "bass", label, cycle)
    return tuple(chance.random() for _ in range(count))
