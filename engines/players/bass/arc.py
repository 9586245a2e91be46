"""The plan of a take, bar by bar: density and loudness, and where the bass thins out, drives or ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.players.bass.other_parts import BandCues
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.bass import BassLine

PERIOD_BARS: Final = 8
"""The bars after which the player may switch to another line, and after as many more back to the first."""
PHRASE_BARS: Final = 4
QUIET: Final = 0.3
"""The energy below which an intro is played in long notes."""


LONGEST_DRIVEN: Final = 4.0
"""The ring in beats from which a line is a drone, which no build speeds up."""


class BarPlan(NamedTuple):
    """The plan of one bar.

    `amount` 0..1 is the share of optional notes; `loudness` is added to velocities; `thin` leaves only the first beat
    and the chord changes; `drives` plays every eighth; `rests_from` is the share of the bar after which no note starts;
    `ends` means the final long note.
    """

    amount: float
    loudness: float = 0.0
    thin: bool = False
    drives: bool = False
    rests_from: float = 1.0
    ends: bool = False


def choose_lines(params: EngineParams, seed: int) -> tuple[BassLine, ...]:
    """Choose the line of each bar: one for odd periods, one for even periods."""
    lines = _fitting(params)
    weights = [line.weight for line in lines]
    drawn = [pick(stream(seed, "bass", "line", period), lines, weights) for period in range(2)]
    return tuple(drawn[bar // PERIOD_BARS % 2] for bar in range(params.bars))


def plan_bars(params: EngineParams, lines: Sequence[BassLine], band: BandCues, seed: int) -> tuple[BarPlan, ...]:
    """Plan every bar by the section, the kick and the room that the melody leaves."""
    section, bass = params.section, params.style.bass
    lift = section.energy - 0.5
    chance = stream(seed, "bass", "rests")
    drops = [chance.random() < bass.rests for _ in range(PHRASE_BARS)]
    plans = []
    for bar, line in enumerate(lines):
        done = (bar + 1) / params.bars
        amount = 0.5 * (params.complexity + params.density) + 0.5 * lift + band.room[bar]
        plan = BarPlan(min(1.0, max(0.0, amount)), 24.0 * lift)
        dropped = bar in band.kickless and line.lock > 0.0
        if section.kind == "breakdown" or dropped or (section.kind == "intro" and section.energy < QUIET):
            plan = plan._replace(thin=True)
        elif section.kind == "build":
            drives = params.bars > 1 and done > 0.75 and line.longest <= LONGEST_DRIVEN
            plan = plan._replace(loudness=plan.loudness - 10.0 + 18.0 * done, drives=drives)
            if bar == params.bars - 1 and section.rises and bass.played_on.glides:
                plan = plan._replace(rests_from=0.5)  # the air before a drop
        if plan.rests_from == 1.0 and (bar + 1) % PHRASE_BARS == 0 and drops[bar // PHRASE_BARS % PHRASE_BARS]:
            plan = plan._replace(rests_from=0.25)
        if section.ends_song and bar == params.bars - 1:
            plan = BarPlan(0.0, plan.loudness, ends=True)
        plans.append(plan)
    return tuple(plans)


def _fitting(params: EngineParams) -> Sequence[BassLine]:
    """Return the style's lines for this section and complexity; repeated sections allow slightly more complex ones."""
    section = params.section
    complexity = params.complexity + 0.4 * (section.energy - 0.5) + 0.05 * min(2, section.number)
    complexity = min(1.0, max(0.0, complexity))
    lines = [line for line in params.style.bass.lines if not line.sections or section.kind in line.sections]
    fitting = [line for line in lines if line.complexity[0] <= complexity <= line.complexity[1]] or lines
    return [line for line in fitting if line.energy[0] <= section.energy <= line.energy[1]] or fitting
