"""Explain consecutive outliers of a clock: a tempo change, lost ticks, or nothing.

Each explanation has a cost: its squared misfit over the jitter's variance, and its prior probability. It is accepted if
the next best costs far more. A change of tempo is continuous: the line bends at some observation. Lost ticks are steps:
the source is late by whole ticks, at the old tempo. A source that stumbled, and continues late by any amount, is the
least likely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.midi.clock.line_fit import Observation

FEWEST: Final = 3
"""Least number of consecutive outliers to explain; fewer happen by chance."""

MOST: Final = 24
"""Consecutive outliers after which a change of tempo is assumed, clear or not: with much jitter, a ramp looks like a
lost tick for long, and the assumption at least lets the clock follow it."""

_FAR_BEHIND: Final = 9.0
"""Cost by which the next best explanation must be worse: the odds are e to half of it, ninety to one."""

_CHANCE_COST, _LOST_COST, _MORE_COST, _TURN_COST, _STUMBLE_COST = 8.0, 12.0, 3.0, 14.0, 40.0
"""Costs of each chance outlier, a lost tick, each further one lost with it, a change of tempo, and a stumble: twice the
negative logarithm of their probabilities, 2 %, 0.2 %, 20 %, 0.1 %, and nearly none. A false change of tempo discards
what was known; changes and lost ticks must not pass for a stumble, which explains all of their observations."""

_USUAL_TURN: Final = 0.25
"""Standard deviation of the logarithm of a sudden change of tempo: a third up or down is much. It keeps a loss of every
second tick from passing for half the tempo."""

_FASTER, _SLOWER = 0.4, 2.5
"""Bounds of a change: the ratio of the new beat length to the old one. Delayed messages arrive all at once, far too
fast to be a tempo."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The tempo changed: the new line goes through the last `count` observations, at `period` seconds per beat."""

    count: int
    period: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The number of ticks lost before each of the outliers (negative: counted too many before)."""

    ticks: tuple[int, ...]


def explain(
    near: Sequence[Observation], strays: Sequence[Observation], period: float, jitter: float, grid: float
) -> Turn | Lost | None:
    """Return what the outliers mean, or None while that is unclear.

    `near` are the last accepted observations before them. All are relative to the old line: their times are the seconds
    by which they miss it. `period` is its seconds per beat, `jitter` the standard deviation of one observation, `grid`
    the beats per tick, 0 if none can be lost.
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
    """Return the best line that leaves the old one at one of the near observations, or between them and the strays."""
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
    """Return the cost of an unrelated line through the outliers."""
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
    """Return the previous number with the least cost of a change to another."""
    return min(costs, key=lambda number: costs[number] + _step(to - number))


def _step(ticks: int) -> float:
    """Return the cost of losing so many ticks at once."""
    return _LOST_COST + _MORE_COST * (abs(ticks) - 1) if ticks else 0.0
