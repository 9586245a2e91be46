"""Walking bass: choose the notes of a walk together, and approach notes to a root."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.players.bass.roots import Register
from musearoo.engines.styles.bass import Approach

# The cost of each interval by its semitones: walking lines prefer steps, then thirds, then leaps within the chord;
# tritones and sevenths are rare. The order is that of interval counts in textbooks on walking bass, such as Ron Carter,
# "Building Jazz Bass Lines" (1998).
STEP_COSTS: Final = (6.0, 0.3, 0.0, 0.5, 0.6, 0.9, 3.0, 1.1, 2.6, 2.8, 3.5, 3.5, 1.8)
TOO_FAR: Final = 8.0
OUTSIDE_CHORD: Final = 0.6
"""The cost of a scale note relative to a chord note; a passing note outside both costs more."""
PASSING: Final = 1.5
AVOIDED: Final = 1.6
"""The cost of a note a semitone above a chord note, with which it would clash."""
ON_THE_BEAT: Final = 5.0
"""The extra cost of a note outside the chord on a strong beat."""
TURNING_BACK: Final = 0.8
MAX_RANDOM_COST: Final = 1.3
"""The largest random cost of a note: enough to choose between good paths, too little for a bad one."""
REACH: Final = 7
_OWN_SCALES: Final = ("Major", "Mixolydian", "Dorian", "Melodic Minor", "Locrian", "Whole-half Dim.", "Whole Tone")


@lru_cache(maxsize=1024)
def chord_scale(chord: Chord, key: Key | None) -> frozenset[int]:
    """Return the pitch classes to walk in under a chord: the key's if it contains the chord, else the chord's own
    scale.

    >>> sorted(chord_scale(Chord.parse("G7"), Key.parse("C"))), 6 in chord_scale(Chord.parse("D7"), Key.parse("C"))
    ([0, 2, 4, 5, 7, 9, 11], True)
    """
    tones = frozenset(chord.pitch_classes)
    if key is not None and len(key.intervals) >= 7 and tones <= frozenset(key.pitch_classes):
        return frozenset(key.pitch_classes)
    intervals = frozenset(interval % 12 for interval in chord.intervals)
    for name in _OWN_SCALES:
        if intervals <= frozenset(SCALES[name]):
            return frozenset((chord.root + interval) % 12 for interval in SCALES[name])
    return tones | frozenset((chord.root + interval) % 12 for interval in (0, 2, 7))


def walk(
    start: int,
    goal: int,
    strong: Sequence[bool],
    chord: Chord,
    register: Register,
    key: Key | None,
    chance: Random,
) -> list[int]:
    """Return the cheapest walk between two notes, one pitch per step.

    Small steps and chord notes are cheap, chord notes above all on `strong` steps; turning back is expensive; chance
    adds variation. If start and goal are the same, the walk makes an arch.
    """
    if not strong:
        return []
    low, high = max(register.low, min(start, goal) - REACH), min(register.high, max(start, goal) + REACH)
    costs_here = [(pitch, _note_cost(pitch, chord, key)) for pitch in range(low, high + 1)]
    best: dict[int, float] = {start: 0.0}
    back: list[dict[int, int]] = []
    for is_strong in strong:
        weight = ON_THE_BEAT if is_strong else 1.0
        arrivals: dict[int, float] = {}
        sources: dict[int, int] = {}
        for pitch, cost in costs_here:
            source, arrival = _cheapest(best, pitch)
            arrivals[pitch] = (
                arrival + weight * cost + MAX_RANDOM_COST * chance.random() + (TURNING_BACK if pitch == start else 0.0)
            )
            sources[pitch] = source
        best = arrivals
        back.append(sources)
    pitch, _ = _cheapest(best, goal)
    way = [pitch]
    for sources in reversed(back[1:]):
        pitch = sources[pitch]
        way.append(pitch)
    way.reverse()
    return way


def lead_in(
    before: int,
    target: int,
    leaving: Chord,
    coming: Chord,
    register: Register,
    key: Key | None,
    approach: Approach,
    chance: Random,
) -> int:
    """Return an approach note to a root: a semitone, a scale step, its fifth, or a guide tone of the last chord."""
    scale = chord_scale(coming, key)
    below = next(step for step in range(1, 13) if (target - step) % 12 in scale)
    above = next(step for step in range(1, 13) if (target + step) % 12 in scale)
    rising = before <= target
    guides = [target + step for step in (-1, 1, -2, 2) if (target + step) % 12 in _guide_tones(leaving)]
    ways: Sequence[int] = (
        target - 1 if rising else target + 1,
        target - below if rising else target + above,
        target - 5 if target - 5 >= register.low else target + 7,
        guides[0] if guides else target,
    )
    weights = (approach.chromatic, approach.scale, approach.fifth, approach.guide if guides else 0.0)
    pitch = pick(chance, ways, weights) if any(weights) else ways[1]
    if pitch < register.low:  # below the lowest string: approach from above
        pitch = target + (1 if pitch == target - 1 else above)
    return min(register.high, pitch)


def _cheapest(best: dict[int, float], pitch: int) -> tuple[int, float]:
    """Return the cheapest predecessor of a pitch, and the cost so far."""
    source, least = pitch, 1e9
    for old, cost in best.items():
        size = pitch - old if pitch >= old else old - pitch
        total = cost + (STEP_COSTS[size] if size <= 12 else TOO_FAR)
        if total < least:
            source, least = old, total
    return source, least


@lru_cache(maxsize=4096)
def _note_cost(pitch: int, chord: Chord, key: Key | None) -> float:
    if pitch % 12 in chord.pitch_classes:
        return 0.0
    if (pitch - 1) % 12 in chord.pitch_classes:
        return AVOIDED
    return OUTSIDE_CHORD if pitch % 12 in chord_scale(chord, key) else PASSING


@lru_cache(maxsize=512)
def _guide_tones(chord: Chord) -> frozenset[int]:
    """Return the third and seventh, which define a chord's quality."""
    return frozenset((chord.root + interval) % 12 for interval in chord.intervals if interval in (3, 4, 10, 11))
