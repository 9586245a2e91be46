"""Name a held chord from its notes, the bass, the key, and the previous chord.

Every sounding note must belong to the quality; a missing tone costs little if players often omit it (the fifth above
all), and much if it defines the chord. Over a foreign bass the upper notes are named; melody notes above the chord are
left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.scale import Key

PLAINNESS: Final = 0.015
"""The cost of each quality over the one before it in the table, so that the simpler of two fitting ones wins."""
MISSING_FIFTH: Final = 0.12
MISSING_COLOUR: Final = 0.25
"""The cost of a missing ninth or eleventh below a higher extension, or of a missing third under an eleventh."""
INVERSION: Final = {3: 0.3, 4: 0.3, 5: 0.7, 6: 0.5, 7: 0.3, 8: 0.5, 9: 0.7, 10: 0.55, 11: 0.55}
"""The cost of an inversion, by the semitones of the lowest note above the root."""
UNUSUAL_INVERSION: Final = 0.8
FOREIGN_BASS: Final = 0.6
"""The cost of a bass that is not a chord tone."""
MELODY_ABOVE: Final = 0.6
"""The confidence lost for each melody note above the chord."""
MOST_MELODY: Final = 2
"""The most melody notes above a chord that may be left out."""
SAME_CHORD: Final = 0.5
SAME_ROOT: Final = 0.3
"""The bonus of the previous chord, and of its root."""
KEY_ROOT: Final = 0.1
"""The bonus of a root in the key."""
TONIC: Final = 0.05
"""The additional bonus of the key's tonic, fourth and fifth."""
LEADING: Final = 0.6
"""The bonus of a diminished seventh on the leading note, and of an augmented chord on the fifth: these chords are
symmetrical, so their notes alone do not determine the root."""
DYAD: Final = 0.5
"""The cost of a dyad, which is ambiguous."""
LEAST_CONFIDENCE: Final = 0.2


class _Shape(NamedTuple):
    """A chord quality: its steps above the root, the cost of each optional step if missing, and its own cost."""

    harte: str
    steps: frozenset[int]
    optional: dict[int, float]
    cost: float


def name_held(
    pitches: Collection[int], key: Key | None = None, before: Chord | None = None
) -> tuple[Chord, float] | None:
    """Return the chord of pitches that sound together, and its confidence (0..1); None if they form no chord.

    `before` is the previously named chord.

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
    """Return the cost of a name given the key and the previous chord; negative if they favour it."""
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
