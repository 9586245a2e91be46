"""Explain consecutive outliers of a clock: a tempo change, lost ticks, or nothing.

Each explanation is weighed by its misfit (squares over the jitter's) and by how often such a thing happens; one is
taken when it leaves the next best far behind. A tempo that turns is continuous: it leaves the old line at some
observation and goes away from it. Lost ticks are steps: the source is late by whole ticks, at the old tempo. A source
that stumbled and goes on late by anything is the least likely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.midi.clock.line_fit import Observation

FEWEST: Final = 3
"""Strays that may be weighed; fewer happen by chance."""

MOST: Final = 24
"""Strays after which the tempo is taken to have turned, clear or not: a ramp looks like a lost tick for long where the
jitter is great, and what it is taken for in the end is followed at least."""

_FAR_BEHIND: Final = 9.0
"""By how much the next best must be worse: the odds are e to the half of it, ninety to one."""

_CHANCE_COST, _LOST_COST, _MORE_COST, _TURN_COST, _STUMBLE_COST = 8.0, 12.0, 3.0, 14.0, 40.0
"""Of a stray by chance (each of them), of a lost tick, of each more lost with it, of a turn and a stumble: twice the
negative logarithm of how often they are, 2 %, 0.2 %, 20 %, 0.1 %, and hardly ever. A turn made up throws away what was
known; turns and lost ticks must not pass for a stumble, which explains all that they do."""

_USUAL_TURN: Final = 0.25
"""By how much a tempo turns at once, as a deviation of its logarithm: a third up or down is a lot. Every other tick
lost looks like half the tempo, and is not."""

_FASTER, _SLOWER = 0.4, 2.5
"""Bounds of what is believed of a turn: a beat's length over that of before. What was held up on the way comes all at
once, far too fast to be a tempo."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The tempo changed: the line goes through the last `count` observations, at so many seconds a beat."""

    count: int
    period: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Ticks were lost before each of the outliers (negative: it was counted too far before)."""

    ticks: tuple[int, ...]


def explain(
    near: Sequence[Observation], strays: Sequence[Observation], period: float, jitter: float, grid: float
) -> Turn | Lost | None:
    """Return what the outliers mean, or None while that is unclear.

    `near` are the last observations before them that did fit. All are relative to the old line: their times are the
    seconds by which they miss it. `period` is its seconds a beat, `jitter` the deviation of a single one, `grid` the
    beats from tick to tick, 0 where none can be lost.
    """
    chance: Weighed = (_chance(near, strays, jitter), None)
    turned = min(_turn(near, strays, period, jitter), _stumble(near, strays, period, jitter), key=_cost)
    lost = _lost(near, strays, grid * period, jitter) if grid else (math.inf, None)
    best, second, _ = sorted((turned, lost, chance), key=_cost)
    if len(strays) >= MOST:
        return turned[1] or lost[1]
    return best[1] if _cost(best) + _FAR_BEHIND < _cost(second) else None


Weighed = tuple[float, Turn | Lost | None]


def _cost(weighed: Weighed) -> float:
    return weighed[0]


def _chance(near: Sequence[Observation], strays: Sequence[Observation], jitter: float) -> float:
    """Return the cost of assuming jitter alone, or a chance outlier where jitter cannot explain it."""
    misfit = sum((point.time / jitter) ** 2 for point in near)
    return misfit + sum(min(_CHANCE_COST, (stray.time / jitter) ** 2) for stray in strays)


def _turn(near: Sequence[Observation], strays: Sequence[Observation], period: float, jitter: float) -> Weighed:
    """A straight line that leaves the old one at one of the near observations, or between them and the strays."""
    best: Weighed = (math.inf, None)
    for left in range(len(near) + 1):
        points = [*near[left:], *strays]
        begins = near[left - 1].beat if left else near[0].beat if near else strays[0].beat
        if begins >= strays[0].beat:
            continue
        weight = sum((point.beat - begins) ** 2 for point in points)
        slower = sum((point.beat - begins) * point.time for point in points) / weight
        misfit = sum((point.time - slower * (point.beat - begins)) ** 2 for point in points)
        misfit += sum(point.time**2 for point in near[:left])
        slowing = 1.0 + slower / period
        if _FASTER < slowing < _SLOWER:
            cost = misfit / jitter**2 + _TURN_COST + (math.log(slowing) / _USUAL_TURN) ** 2
            best = min(best, (cost, Turn(len(points), period + slower)), key=_cost)
    return best


def _stumble(near: Sequence[Observation], strays: Sequence[Observation], period: float, jitter: float) -> Weighed:
    """Any line of their own."""
    n = len(strays)
    middle = sum(stray.beat for stray in strays) / n
    late = sum(stray.time for stray in strays) / n
    weight = sum((stray.beat - middle) ** 2 for stray in strays)
    slower = sum((stray.beat - middle) * stray.time for stray in strays) / weight if weight else 0.0
    misfit = sum((stray.time - late - slower * (stray.beat - middle)) ** 2 for stray in strays)
    misfit += sum(point.time**2 for point in near)
    if not _FASTER < 1.0 + slower / period < _SLOWER:
        return math.inf, None
    return misfit / jitter**2 + _STUMBLE_COST, Turn(n, period + slower)


def _lost(near: Sequence[Observation], strays: Sequence[Observation], step: float, jitter: float) -> Weighed:
    """Find the likeliest numbers of lost ticks: each change of the number has its cost (Viterbi)."""
    misses = [stray.time for stray in strays]
    numbers = {0, *(round(miss / step) for miss in misses)}
    costs = {number: _step(number) for number in numbers}
    before: list[dict[int, int]] = []
    for miss in misses:
        came = {number: _cheapest(costs, number) for number in numbers}
        costs = {
            number: costs[came[number]] + _step(number - came[number]) + ((miss - number * step) / jitter) ** 2
            for number in numbers
        }
        before.append(came)
    number = min(costs, key=costs.__getitem__)
    if number == 0:
        return math.inf, None
    cost, ticks = costs[number] + sum((point.time / jitter) ** 2 for point in near), []
    for came in reversed(before):
        ticks.append(number)
        number = came[number]
    return cost, Lost(tuple(reversed(ticks)))


def _cheapest(costs: dict[int, float], to: int) -> int:
    """The number from which it costs least to come to another."""
    return min(costs, key=lambda number: costs[number] + _step(to - number))


def _step(ticks: int) -> float:
    """Return the cost of losing so many ticks at once."""
    return _LOST_COST + _MORE_COST * (abs(ticks) - 1) if ticks else 0.0
