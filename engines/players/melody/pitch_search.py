"""Find the pitches of a melody: a beam search for the line of least cost under each note's constraints.

The costs of intervals are statistics (`engines.players.melody.habits`); those of three notes in a row follow Narmour,
"The Analysis and Cognition of Basic Melodic Structures" (1990): a small interval continues, a leap turns back by step.
A non-chord tone is left by step, as in counterpoint: passing tone, neighbour or appoggiatura; if held over or early it
is a suspension or an anticipation. Leaving one by leap is nearly forbidden.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from musearoo.engines.players.melody.palette import OUT
from musearoo.engines.players.params import Effort

FIRM: Final = 0.45
"""The pull from which a note's target is nearly fixed."""
REACH: Final = 6
"""The semitones from its target in which a pitch is sought first."""
WIDEST: Final = 12
"""The widest leap in semitones: an octave."""
LEAP: Final = 5
"""The semitones from which an interval is a leap: a fourth."""

PARALLEL: Final = 4.0
"""The cost of parallel fifths or octaves with the bass, if a style forbids them."""


class SearchWidth(NamedTuple):
    """The lines that go on after each note, and the pitches considered for it: of a free note, and of a firm one."""

    beam: int
    free: int
    firm: int


WIDTHS: Final = {Effort.FULL: SearchWidth(4, 6, 4), Effort.LEAN: SearchWidth(2, 4, 3)}
"""Wider searches than the full one did not change the melodies' measures."""


class NoteConstraint(NamedTuple):
    """The constraints on one note.

    `target` is the pitch of the shape, `pull` the cost of each semitone away from it, `tension` the cost of each pitch
    class, `in_chord` which of them are chord tones. `goals` are the pitch classes of a cadence, none without one.
    `direction` is the sign of the interval from the last note, None if free. `breath` is true after a rest, over which
    intervals count less. `bass` are the bass pitches before and at the note, with which parallel fifths or octaves are
    forbidden.
    """

    target: float
    pull: float
    tension: tuple[float, ...]
    in_chord: tuple[bool, ...]
    goals: tuple[int, ...] = ()
    direction: int | None = None
    breath: bool = False
    bass: tuple[int, int] | None = None


class Manner(NamedTuple):
    """How a melodist moves: the cost of each interval in semitones 0 to 12, of repeated notes beyond the second, of
    leaving a non-chord tone by leap, and the pitch range."""

    intervals: tuple[float, ...]
    third_time: float
    unresolved: float
    low: int
    high: int


_Line = tuple[float, tuple[int, ...]]


@lru_cache(maxsize=2048)  # repeated bars over the same chords give the same pitches
def find_pitches(
    constraints: tuple[NoteConstraint, ...],
    manner: Manner,
    before: tuple[int, ...] = (),
    effort: Effort = Effort.FULL,
) -> tuple[int, ...]:
    """Return one pitch for each note's constraints; `before` are the last one or two pitches."""
    width = WIDTHS[effort]
    lines: list[_Line] = [(0.0, before)]
    foreign_before = False
    lead = len(lines[0][1])
    for index, constraint in enumerate(constraints):
        choices = _choices(constraint, manner, width)
        earlier = constraints[index - 1] if index else None
        grown: dict[tuple[int, ...], _Line] = {}
        for cost, line in lines:
            prior = line[-1] if line else None
            prior2 = line[-2] if len(line) > 1 else None
            if prior is not None and earlier is not None:
                foreign_before = not earlier.in_chord[prior % 12]
            for own, chosen in choices:
                total, pitch = cost + own, chosen
                if prior is not None:
                    while pitch - prior > WIDEST:
                        pitch -= 12
                    while prior - pitch > WIDEST:
                        pitch += 12
                    total += _step_cost(prior2, prior, pitch, foreign_before, constraint, manner)
                state = (prior, pitch) if prior is not None else (pitch,)
                best = grown.get(state)
                if best is None or total < best[0]:
                    grown[state] = (total, (*line, pitch))
        lines = sorted(grown.values(), key=itemgetter(0))[: width.beam]
    return lines[0][1][lead:]


def _step_cost(
    prior2: int | None, prior: int, pitch: int, foreign: bool, constraint: NoteConstraint, manner: Manner
) -> float:
    """Return the cost of a pitch after one or two others."""
    way = pitch - prior
    size = abs(way)
    cost = manner.intervals[size] * (0.35 if constraint.breath else 1.0)
    direction = constraint.direction
    if direction is not None and (way > 0) - (way < 0) != direction:
        cost += 0.9
    if foreign and not constraint.breath:
        cost += manner.unresolved if size > 2 else 0.2 if size == 0 else 0.0
    if constraint.bass is not None:
        under, bass = constraint.bass
        if way * (bass - under) > 0 and (pitch - bass) % 12 in (0, 7) and (prior - under) % 12 == (pitch - bass) % 12:
            cost += PARALLEL
    if prior2 is not None:
        last = prior - prior2
        if way == 0 and last == 0:
            cost += manner.third_time
        elif abs(last) >= LEAP:
            if way * last > 0:
                cost += 1.2 if size <= 2 else 2.6
            elif way and size <= 2:
                cost -= 0.4
        elif way * last > 0 and size <= 2:
            cost -= 0.15
    return cost


def _choices(constraint: NoteConstraint, manner: Manner, width: SearchWidth) -> list[tuple[float, int]]:
    """Return the candidate pitches of a note with their own costs, cheapest first."""
    target = min(float(manner.high), max(float(manner.low), constraint.target))
    middle = int(target + 0.5)
    for reach in (REACH, 2 * REACH):
        costs = []
        for pitch in range(max(manner.low, middle - reach), min(manner.high, middle + reach) + 1):
            tension = constraint.tension[pitch % 12]
            if tension < OUT:
                far = pitch - constraint.target
                cost = tension + constraint.pull * abs(far)
                if constraint.goals and pitch % 12 not in constraint.goals:
                    cost += 5.0
                costs.append((cost, pitch))
        if costs:
            costs.sort()
            return costs[: width.free if constraint.pull < FIRM else width.firm]
    return [(0.0, middle)]
