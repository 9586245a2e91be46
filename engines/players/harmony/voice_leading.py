"""Voice leading by optimisation: the path through a progression's voicings with the least movement.

The distance between two chords is that of Dmitri Tymoczko, "The geometry of musical chords" (2006): the sum of the
voices' steps without crossings. The best path is found by dynamic programming over the whole progression.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from musearoo.engines.foundation.best_path import trace_back
from musearoo.engines.music.chord import Chord
from musearoo.engines.players.harmony.voicings import Voicing, voicings_of
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.harmony import VoicingKind

LEAP: Final = 4
"""The semitones from which a step of the top voice is an audible leap."""
PARALLEL: Final = 14.0
"""The cost of parallel fifths or octaves in a style that avoids them."""
MUD: Final = 50
"""The pitch below which close intervals sound muddy."""


class VoicingTarget(NamedTuple):
    """A chord to voice, with the pitches to stay above and below, and the first and last bass note under it."""

    chord: Chord
    floor: int = 0
    ceiling: int = 127
    bass: tuple[int, int] | None = None


def lead_voices(
    targets: Sequence[VoicingTarget],
    kind: VoicingKind,
    low: int,
    high: int,
    key: frozenset[int],
    centre: float,
    parallels: bool,
    effort: Effort = Effort.FULL,
) -> list[Voicing]:
    """Return one voicing per target; `centre` is the pitch that they should centre on.

    >>> chords = [VoicingTarget(Chord.parse(text)) for text in ("C", "F", "G", "C")]
    >>> lead_voices(chords, "close", 48, 76, frozenset(), 60.0, True)
    [(55, 60, 64), (57, 60, 65), (55, 59, 62), (55, 60, 64)]
    """
    choices = [voicings_of(target.chord, kind, low, high, key, effort) for target in targets]
    scores = [_position_cost(voicing, targets[0], centre) for voicing in choices[0]]
    came_from: list[list[int]] = []
    for (left, target), (before, after) in zip(pairwise(targets), pairwise(choices), strict=True):
        moves = _moves(before, after, parallels)
        if not parallels and left.bass is not None and target.bass is not None:
            moves = _over_bass(moves, before, after, left.bass[1], target.bass[0])
        best, back = [], []
        for voicing, column in zip(after, moves, strict=True):
            ways = [score + move for score, move in zip(scores, column, strict=True)]
            least = min(ways)
            back.append(ways.index(least))
            best.append(least + _position_cost(voicing, target, centre))
        scores = best
        came_from.append(back)
    path = trace_back(scores.index(min(scores)), came_from)
    return [voicings[number] for voicings, number in zip(choices, path, strict=True)]


def distance(before: Voicing, after: Voicing) -> float:
    """Return the total movement in semitones; added or dropped voices move from or to their nearest neighbour.

    >>> distance((60, 64, 67), (60, 65, 69)), distance((60, 64, 67), (59, 62, 65, 67))
    (3, 4)
    """
    if len(before) == len(after):
        return sum([abs(one - other) for one, other in zip(before, after, strict=True)])
    few, many = (before, after) if len(before) < len(after) else (after, before)
    return sum([min([abs(pitch - other) for other in few]) for pitch in many])


def has_parallels(before: Voicing, after: Voicing) -> bool:
    """Return whether two voices move in parallel fifths or octaves.

    >>> has_parallels((48, 55, 64), (50, 57, 65)), has_parallels((48, 55, 64), (48, 57, 65))
    (True, False)
    """
    if len(before) != len(after):
        return False
    for low in range(len(before)):
        step = after[low] - before[low]
        if step:
            for high in range(low + 1, len(before)):
                apart = before[high] - before[low]
                if apart % 12 in (0, 7) and apart and after[high] - after[low] == apart:
                    return True
    return False


@lru_cache(maxsize=2048)
def _moves(before: tuple[Voicing, ...], after: tuple[Voicing, ...], parallels: bool) -> tuple[tuple[float, ...], ...]:
    """Return the cost of each move: one row per next voicing, one column per previous one."""
    return tuple(tuple(_move(one, other, parallels) for one in before) for other in after)


def _over_bass(
    moves: tuple[tuple[float, ...], ...], before: tuple[Voicing, ...], after: tuple[Voicing, ...], bass: int, then: int
) -> tuple[tuple[float, ...], ...]:
    """Return the costs plus those of parallels with the bass."""
    if bass == then:
        return moves
    return tuple(
        tuple(cost + PARALLEL * _follows_bass(one, other, bass, then) for cost, one in zip(column, before, strict=True))
        for column, other in zip(moves, after, strict=True)
    )


def _follows_bass(before: Voicing, after: Voicing, bass: int, then: int) -> bool:
    """Return whether a voice moves in parallel fifths or octaves with the bass."""
    if len(before) != len(after):
        return (before[-1] - bass) % 12 == (after[-1] - then) % 12 and (after[-1] - then) % 12 in (0, 7)
    return any(
        (one - bass) % 12 in (0, 7) and (other - then) % 12 == (one - bass) % 12 and one != other
        for one, other in zip(before, after, strict=True)
    )


def _move(before: Voicing, after: Voicing, parallels: bool) -> float:
    cost = float(distance(before, after)) / max(len(before), len(after)) * 3.0
    top = abs(before[-1] - after[-1])
    cost += 1.5 * (top - LEAP) if top > LEAP else 0.0
    if not parallels and before != after and has_parallels(before, after):
        cost += PARALLEL
    return cost


def _position_cost(voicing: Voicing, target: VoicingTarget, centre: float) -> float:
    """Return the cost of a voicing by itself: distance from the centre, conflicts with other parts, mud."""
    cost = 0.35 * abs(sum(voicing) / len(voicing) - centre) + _mud_cost(voicing)
    if voicing[-1] > target.ceiling:
        cost += 1.2 * (voicing[-1] - target.ceiling)
    if voicing[0] <= target.floor:
        cost += 1.2 * (target.floor - voicing[0] + 1)
    return cost


@lru_cache(maxsize=4096)
def _mud_cost(voicing: Voicing) -> float:
    cost = 0.0
    for low, high in pairwise(voicing):
        if low < MUD and high - low < 5:
            cost += 1.5 * (5 - (high - low))
    for index, low in enumerate(voicing):
        for high in voicing[index + 2 :]:
            cost += 4.0 if high - low == 13 else 0.0  # a minor ninth is harsher than an adjacent semitone
    if len(voicing) > 2 and voicing[-1] - voicing[-2] == 1:
        cost += 1.0
    return cost
