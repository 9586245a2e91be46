"""Name a held chord from all of its notes, the bass, the key, and the chord before.

A hand plays few notes and means all of them, so a quality must have every note that sounds; what hands leave out (the
fifth first) costs little, what makes the chord costs much. Over a foreign bass the rest is named, and where a melody is
played above the chord, the chord below it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.scale import Key

PLAINNESS: Final = 0.015
"""What each quality costs more than the one before it in the table: of two that fit, the plainer is meant."""
MISSING_FIFTH: Final = 0.12
MISSING_COLOUR: Final = 0.25
"""What a ninth, an eleventh, or the third under an eleventh costs when it is left out of a chord that goes beyond."""
INVERSION: Final = {3: 0.3, 4: 0.3, 5: 0.7, 6: 0.5, 7: 0.3, 8: 0.5, 9: 0.7, 10: 0.55, 11: 0.55}
"""What it costs that another note of the chord lies lowest, by its semitones above the root."""
UNUSUAL_INVERSION: Final = 0.8
FOREIGN_BASS: Final = 0.6
"""What a bass costs that is no note of the chord above it."""
MELODY_ABOVE: Final = 0.6
"""What a note of a melody above the chord costs in confidence."""
MOST_MELODY: Final = 2
"""Notes of a melody above a chord that are left out to name it."""
SAME_CHORD: Final = 0.5
SAME_ROOT: Final = 0.3
"""What it gains to be the chord before, or on its root."""
KEY_ROOT: Final = 0.1
"""What a root in the key gains."""
TONIC: Final = 0.05
"""What the tonic, the fourth and the fifth of the key gain beside."""
LEADING: Final = 0.6
"""What a diminished seventh on the leading note of the key gains, and an augmented chord on its fifth: notes alone
do not say where these lead."""
DYAD: Final = 0.5
"""What two notes cost: they leave the rest open."""
LEAST_CONFIDENCE: Final = 0.2


class _Shape(NamedTuple):
    """A chord quality as steps above the root, those that may be missing with their cost, and its own cost."""

    harte: str
    steps: frozenset[int]
    optional: dict[int, float]
    cost: float


def name_held(
    pitches: Collection[int], key: Key | None = None, before: Chord | None = None
) -> tuple[Chord, float] | None:
    """Return the chord of pitches that sound together, and its confidence (0..1); None where they make none.

    `before` is the chord that was named last.

    >>> [name_held(held)[0].symbol for held in ((48, 64, 67, 69), (57, 60, 64, 67), (40, 60, 67, 72), (48, 64, 70, 75))]
    ['C6', 'Am7', 'C/E', 'C7#9']
    >>> name_held((59, 62, 65, 68), Key.parse("Am"))[0].symbol, name_held((60, 61, 62))
    ('G#dim7/B', None)
    """
    classes = frozenset(pitch % 12 for pitch in pitches)
    if len(classes) < 2:
        return None
    ordered = sorted(pitches)
    lowest = ordered[0] % 12
    found = _best(_names(classes, lowest), key, before)
    above = 0
    below = ordered[:-1]
    while found is None and above < MOST_MELODY and len({pitch % 12 for pitch in below}) >= 3:
        above += 1
        found = _best(_names(frozenset(pitch % 12 for pitch in below), lowest), key, before)
        below.pop()
    if found is None:
        return None
    (cost, chord), rival = found
    confidence = (
        1.0 - 0.4 * min(1.0, max(0.0, cost + above * MELODY_ABOVE)) - 0.3 * max(0.0, 1.0 - (rival - cost) / 0.3)
    )
    return chord, max(LEAST_CONFIDENCE, min(1.0, confidence))


def _best(
    names: Iterable[tuple[float, Chord]], key: Key | None, before: Chord | None
) -> tuple[tuple[float, Chord], float] | None:
    """Return the cheapest name with its cost, and the cost of the runner-up."""
    ranked = sorted((cost + _fit(chord, key, before), chord) for cost, chord in names)
    if not ranked:
        return None
    return ranked[0], ranked[1][0] if len(ranked) > 1 else ranked[0][0] + 1.0


@lru_cache(maxsize=1024)
def _names(classes: frozenset[int], lowest: int) -> tuple[tuple[float, Chord], ...]:
    """Return the names of pitch classes that contain their root, with their costs."""
    names = []
    for root in classes:
        for shape, cost in _fitting(classes, root):
            step = (lowest - root) % 12
            if step:
                cost += INVERSION.get(step, UNUSUAL_INVERSION)
            names.append((cost, Chord(root, shape.harte, lowest if step else None)))
    above = classes - {lowest}
    if len(above) >= 3:
        for root in above:
            steps = _steps_above(root, above)
            names += [
                (shape.cost + FOREIGN_BASS, Chord(root, shape.harte, lowest))
                for shape in _SHAPES
                if shape.steps == steps
            ]
    return tuple(names)


def _fitting(classes: frozenset[int], root: int) -> Iterator[tuple[_Shape, float]]:
    """Return the qualities that pitch classes may be above a root, with their costs."""
    steps = _steps_above(root, classes)
    for shape in _SHAPES:
        missing = shape.steps - steps
        if steps <= shape.steps and missing <= shape.optional.keys() and (len(steps) > 2 or len(shape.steps) <= 3):
            yield shape, shape.cost + sum(shape.optional[step] for step in missing) + DYAD * (len(steps) == 2)


def _steps_above(root: int, classes: frozenset[int]) -> frozenset[int]:
    return frozenset((pitch_class - root) % 12 for pitch_class in classes)


def _fit(chord: Chord, key: Key | None, before: Chord | None) -> float:
    """Return the cost of a name given the key and the chord before; below 0 where they favour it."""
    cost = 0.0
    if before is not None and chord.root == before.root:
        cost -= SAME_CHORD if chord.quality == before.quality else SAME_ROOT
    if key is not None:
        degree = (chord.root - key.tonic) % 12
        is_led = chord.quality in ("dim", "dim7") and degree == 11
        if is_led or (chord.quality.startswith("aug") and degree == 7):
            cost -= LEADING
        elif chord.root in key.pitch_classes:
            cost -= KEY_ROOT + (TONIC if degree in (0, 5, 7) else 0.0)
    return cost


def _shape(number: int, harte: str, intervals: tuple[int, ...]) -> _Shape:
    optional: dict[int, float] = {}
    if 7 in intervals and len(intervals) > 2 and (3 in intervals or 4 in intervals):
        optional[7] = MISSING_FIFTH
    highest = intervals[-1]
    if highest > 14 and 14 in intervals:
        optional[2] = MISSING_COLOUR
    if highest >= 21 and 17 in intervals:
        optional[5] = MISSING_COLOUR
    if highest == 17 and 4 in intervals:
        optional[4] = MISSING_COLOUR
    if harte == "7(b9,#9,b13)":
        optional |= {1: MISSING_COLOUR, 3: MISSING_COLOUR}
    return _Shape(harte, frozenset(step % 12 for step in intervals), optional, PLAINNESS * number)


_SHAPES: Final = tuple(_shape(number, quality.harte, quality.intervals) for number, quality in enumerate(QUALITIES))
