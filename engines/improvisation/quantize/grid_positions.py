"""Quantise a phrase: assign each onset to a grid position (sixteenth, swung sixteenth or triplet), jointly by Viterbi
search.

All onsets of a phrase are decided jointly by a Viterbi search (A. Viterbi, 1967): lag and swing are consistent along a
phrase, and each beat has one division. Each path carries its own estimate of the player's lag. A second pass uses the
timing that the first one found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, gcd
from typing import Final, NamedTuple

from musearoo.engines.analysis.groove.feel import beat_sixteenths
from musearoo.engines.analysis.groove.swing import middle
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT, Swing
from musearoo.engines.music.timing import beats_per_second

# Costs are in nats, the negative logarithms of likelihoods.
SPREAD: Final = 0.016
"""Standard deviation of onsets around their grid positions, in seconds, while the groove is unknown."""
KNOWN_SPREAD: Final = 0.011
"""The same once the groove is known."""
FAR: Final = 10.0
"""The greatest cost of a distant position, so that one wrong note does not move the others."""
SHARED_POSITION: Final = 4.0
"""Cost of two onsets on one position."""
TICKS: Final = 48
"""Ticks per beat: all divisions fall on them."""
FINENESS: Final = {1: 0.0, 2: 0.3, 3: 0.4, 4: 0.8, 6: 1.2, 8: 1.6, 12: 1.9, 16: 2.2}
"""Cost of a position, by the denominator of its place in the beat."""
DIVISIONS: Final = {
    4: ((4, 0.0), (3, 1.2), (6, 4.0), (8, 4.0)),
    6: ((6, 0.0), (4, 2.5), (12, 4.0)),
    3: ((3, 0.0), (2, 1.5), (6, 3.5)),
    2: ((2, 0.0), (3, 1.5), (4, 3.5)),
    1: ((1, 0.0), (2, 1.0), (3, 2.5)),
}
"""Possible divisions of a beat by its number of sixteenths, with costs."""
SWITCHING: Final = 0.5
"""Cost of changing the division from one beat to the next, where eighths do not swing."""
TRIPLETS_IN_SWING: Final = 0.3
"""Cost of a triplet division where eighths swing: low, since it is common there."""
TRIPLETS_FROM: Final = 1.5
SIXTEENTHS_IN_SWING: Final = 1.0
"""Extra cost of a sixteenth where eighths swing."""
SWINGS: Final = (0.54, 0.58, 0.62, 2.0 / 3.0, 0.71, 0.75)
"""Swing positions tried: the second of two notes, as a share of the pair."""
SWING_COST: Final = 2.0
"""Cost of swing for a whole phrase."""
TRIED: Final = 3
"""The number of swing hypotheses searched, chosen by their costs for single onsets."""
LATE: Final = 0.03
"""Standard deviation of a player's constant lag, in seconds."""
FORGETTING: Final = 0.12
"""Weight of each onset in the lag estimate: about eight onsets are remembered."""
QUICK: Final = 0.22
"""Beats between onsets below which positions finer than sixteenths and eighth triplets are considered."""
LEAST_KNOWN: Final = 2
"""Minimum onsets on a bar position to learn its own timing."""


@dataclass(frozen=True, slots=True)
class GridPositions:
    """Grid positions of onsets in quarters, the swing, and the total cost in nats.

    `swing` applies to eighths if its pair is 1 and to sixteenths if it is 0.5. Simple positions near the onsets cost
    least.
    """

    positions: tuple[float, ...]
    swing: Swing
    cost: float


class _GridPosition(NamedTuple):
    """A grid position within a divided beat: its tick, where it sounds, and its cost."""

    tick: int
    sounds: float
    cost: float


class _ViterbiState(NamedTuple):
    """The best path that ends on a grid position: cost, lag, number of onsets, and the state before."""

    cost: float
    late: float
    onset_count: int
    beat: int
    division: int
    tick: int
    before: _ViterbiState | None


class _SwingHypothesis(NamedTuple):
    """A swing hypothesis: the divisions of a beat with swing applied, and their costs."""

    swing: Swing
    divisions: tuple[tuple[float, tuple[_GridPosition, ...]], ...]
    cost: float
    switching: float
    """Cost of changing the division from one beat to the next."""


class _Timing(NamedTuple):
    """The player's lateness in beats, per tick of the bar (of `bar` ticks) and per tick of the beat."""

    bar: int
    in_bar: Mapping[int, float]
    in_beat: Mapping[int, float]

    def late(self, beat: int, tick: int) -> float:
        """Return how late the player is on a position."""
        late = self.in_bar.get((beat * TICKS + tick) % self.bar)
        return self.in_beat.get(tick, 0.0) if late is None else late


def find_grid_positions(onsets: Sequence[float], meter: Meter, bpm: float) -> GridPositions:
    """Return the grid positions of onsets, rising quarters from a bar line; merge simultaneous notes to one onset
    first.

    `bpm`: quarters a minute.

    >>> late_and_swung = [0.03, 0.66, 1.05, 1.71, 2.04, 2.34, 2.70, 3.03, 3.70]
    >>> [round(position, 2) for position in find_grid_positions(late_and_swung, Meter(), 120.0).positions]
    [0.0, 0.5, 1.0, 1.5, 2.0, 2.33, 2.67, 3.0, 3.5]
    """
    if not onsets:
        return GridPositions((), Swing(), 0.0)
    unit, sixteenths = _beat_of(meter)
    parts = [onset / unit for onset in onsets]
    second = beats_per_second(bpm) / unit
    hypotheses = _swing_hypotheses(sixteenths, unit)
    if len(hypotheses) > TRIED:
        hypotheses = sorted(hypotheses, key=lambda hypothesis: _score_alone(parts, hypothesis, second))[:TRIED]
    bar = round(meter.bar_beats / unit * TICKS)
    unknown = _Timing(bar, {}, {})
    states = [
        (_find_path(parts, hypothesis, SPREAD * second, second, unknown), hypothesis) for hypothesis in hypotheses
    ]
    state, hypothesis = min(states, key=lambda tried: tried[0].cost + tried[1].cost)
    cost = state.cost + hypothesis.cost
    for _ in range(2):
        timing = _learn_timing(parts, state, hypothesis, bar)
        state = _find_path(parts, hypothesis, KNOWN_SPREAD * second, second, timing)
    steps = _swing_lone_triplets(_steps(state), hypothesis)
    positions = tuple((step.beat + step.tick / TICKS) * unit for step in steps)
    return GridPositions(positions, _measure_swing(parts, steps, hypothesis, unit), cost)


def _beat_of(meter: Meter) -> tuple[float, int]:
    """Return the beat to divide, in quarters and sixteenths: the counted beat, at most a quarter."""
    return (1.0, 4) if meter.denominator < 4 else (beat_quarters(meter), beat_sixteenths(meter))


def _swing_hypotheses(sixteenths: int, unit: float) -> list[_SwingHypothesis]:
    """Return all swing hypotheses for a beat of `sixteenths` sixteenths, the straight one first."""
    swings = [Swing()]
    if sixteenths == 4:
        swings += [Swing(share / (1.0 - share)) for share in SWINGS]
    if sixteenths in (2, 4):
        swings += [Swing(share / (1.0 - share), pair=0.5 / unit) for share in SWINGS[:-1]]
    return [_make_hypothesis(swing, sixteenths) for swing in swings]


def _make_hypothesis(swing: Swing, sixteenths: int) -> _SwingHypothesis:
    is_shuffle = swing.pair == 1.0 and swing.ratio >= TRIPLETS_FROM
    divisions = []
    for parts, cost in DIVISIONS[sixteenths]:
        is_ternary = parts % 3 == 0 and sixteenths % 3 != 0
        positions = []
        for number in range(parts):
            sounds = number / parts if is_ternary else swing.warp(number / parts)
            fineness = parts // gcd(number, parts)
            more = SIXTEENTHS_IN_SWING if is_shuffle and fineness > 2 and not is_ternary else 0.0
            positions.append(_GridPosition(number * TICKS // parts, sounds, FINENESS[fineness] + more))
        positions.append(_GridPosition(TICKS, 1.0, 0.0))
        divisions.append((TRIPLETS_IN_SWING if is_shuffle and parts == 3 else cost, tuple(positions)))
    cost = 0.0 if swing.is_straight else SWING_COST
    return _SwingHypothesis(swing, tuple(divisions), cost, 0.0 if is_shuffle else SWITCHING)


def _score_alone(parts: Sequence[float], hypothesis: _SwingHypothesis, second: float) -> float:
    """Return the cost of onsets under a hypothesis, each on its own, after removing the usual lag."""
    spread = SPREAD * second
    positions = [
        (position.sounds, position.cost + 0.5 * cost)
        for cost, division in hypothesis.divisions[:2]
        for position in division
    ]
    late, total = 0.0, 0.0
    for _ in range(2):
        total, misses = hypothesis.cost, []
        for part in parts:
            inside = (part - late) % 1.0
            cost, miss = min(
                (min(FAR, 0.5 * ((inside - sounds) / spread) ** 2) + cost, inside - sounds)
                for sounds, cost in positions
            )
            total += cost
            misses.append(miss)
        late += middle(misses)
    return total


def _find_path(
    parts: Sequence[float], hypothesis: _SwingHypothesis, spread: float, second: float, timing: _Timing
) -> _ViterbiState:
    """Return the likeliest path through the grid positions of onsets, for a player of that timing."""
    states: Sequence[_ViterbiState] = _START
    for index, part in enumerate(parts):
        before = part - parts[index - 1] if index else QUICK
        after = parts[index + 1] - part if index + 1 < len(parts) else QUICK
        # Consider fine divisions only for onsets close to each other.
        divisions = hypothesis.divisions if min(before, after) < QUICK else hypothesis.divisions[:2]
        found: dict[tuple[int, int, int], _ViterbiState] = {}
        for state in states:
            for number, (division_cost, positions) in enumerate(divisions):
                for beat, position, miss in _near(part - state.late, positions, timing):
                    cost = state.cost + min(FAR, 0.5 * (miss / spread) ** 2) + position.cost
                    if state.before is None:
                        cost += division_cost + 0.5 * (miss / (LATE * second)) ** 2
                    elif beat > state.beat:
                        cost += division_cost + (hypothesis.switching if number != state.division else 0.0)
                    elif beat < state.beat or number != state.division or position.tick < state.tick:
                        continue
                    elif position.tick == state.tick:
                        cost += SHARED_POSITION
                    key = (beat, number, position.tick)
                    rival = found.get(key)
                    if rival is None or cost < rival.cost:
                        late = state.late + max(FORGETTING, 1.0 / (state.onset_count + 2.0)) * miss
                        found[key] = _ViterbiState(
                            cost, late, state.onset_count + 1, beat, number, position.tick, state
                        )
        # Without a later position, the onset shares that of the one before.
        states = sorted(found.values(), key=_cost)[:_KEPT] or [
            state._replace(cost=state.cost + FAR, before=state) for state in states
        ]
    return min(states, key=_cost)


def _near(
    onset: float, positions: Sequence[_GridPosition], timing: _Timing
) -> tuple[tuple[int, _GridPosition, float], ...]:
    """Return the positions before and after an onset: the beat, the position, and how late the onset is."""
    beat = floor(onset)
    inside = onset - beat
    if inside >= 1.0:
        # Just before the beat, to which the difference was rounded up.
        beat, inside = beat + 1, 0.0
    at = 1
    while positions[at].sounds <= inside:
        at += 1
    left, right, following = positions[at - 1], positions[at], beat
    if right.tick == TICKS:
        right, following = positions[0], beat + 1
    return (
        (beat, left, inside - left.sounds - timing.late(beat, left.tick)),
        (following, right, onset - following - right.sounds - timing.late(following, right.tick)),
    )


def _learn_timing(parts: Sequence[float], state: _ViterbiState, hypothesis: _SwingHypothesis, bar: int) -> _Timing:
    """Learn how late the player is on each position, relative to the usual lag."""
    steps = _steps(state)
    misses = _misses(parts, steps, hypothesis)
    usual = middle(misses)
    in_bar: dict[int, list[float]] = {}
    in_beat: dict[int, list[float]] = {}
    for step, miss in zip(steps, misses, strict=True):
        in_bar.setdefault((step.beat * TICKS + step.tick) % bar, []).append(miss - usual)
        in_beat.setdefault(step.tick, []).append(miss - usual)
    known = (
        {tick: middle(group) for tick, group in by_tick.items() if len(group) >= LEAST_KNOWN}
        for by_tick in (in_bar, in_beat)
    )
    return _Timing(bar, *known)


def _misses(parts: Sequence[float], steps: Sequence[_ViterbiState], hypothesis: _SwingHypothesis) -> list[float]:
    """Return how late each onset is for its position under the hypothesis, in beats."""
    sounds = {
        (number, position.tick): position.sounds
        for number, (_, positions) in enumerate(hypothesis.divisions)
        for position in positions
    }
    return [part - step.beat - sounds[step.division, step.tick] for part, step in zip(parts, steps, strict=True)]


def _steps(state: _ViterbiState) -> list[_ViterbiState]:
    """Return the states along a path, one for each onset."""
    steps = []
    at: _ViterbiState | None = state
    while at is not None and at.before is not None:
        steps.append(at)
        at = at.before
    steps.reverse()
    return steps


def _swing_lone_triplets(steps: Sequence[_ViterbiState], hypothesis: _SwingHypothesis) -> list[_ViterbiState]:
    """Return the states with each last triplet that lacks its middle note read as a swung eighth, if the swing is large
    enough."""
    if hypothesis.switching:
        return list(steps)
    middles = {step.beat for step in steps if step.tick == TICKS // 3}
    return [
        step._replace(division=0, tick=TICKS // 2) if step.tick == 2 * TICKS // 3 and step.beat not in middles else step
        for step in steps
    ]


def _measure_swing(
    parts: Sequence[float], steps: Sequence[_ViterbiState], hypothesis: _SwingHypothesis, unit: float
) -> Swing:
    """Return the hypothesis's swing with the ratio measured from the onsets; straight where nothing swings."""
    if hypothesis.swing.is_straight:
        return hypothesis.swing
    pair = round(hypothesis.swing.pair * TICKS)
    misses = _misses(parts, steps, hypothesis)
    on = [miss for step, miss in zip(steps, misses, strict=True) if step.tick % pair == 0]
    off = [miss for step, miss in zip(steps, misses, strict=True) if step.tick % pair == pair // 2]
    if not off:
        return Swing()
    share = hypothesis.swing.ratio / (hypothesis.swing.ratio + 1.0)
    share += (middle(off) - (middle(on) if on else 0.0)) / hypothesis.swing.pair
    return Swing(min(MAX_RATIO, max(STRAIGHT, share / (1.0 - share))), hypothesis.swing.pair * unit)


def _cost(state: _ViterbiState) -> float:
    return state.cost


_KEPT: Final = 8
"""Viterbi beam width; worse states never win later."""
_START: Final = (_ViterbiState(0.0, 0.0, 0, -(1 << 30), -1, 0, None),)
