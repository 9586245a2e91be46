"""Swing, measured from where onsets lie in their beats."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Final

from engines.music.context import Found
from engines.music.swing import MAX_RATIO

LEAST_ONSETS: Final = 4
"""Off-beats needed before their place says anything."""
ON_BEAT: Final = 0.12
"""How far from the beat, in beats, an onset may be and still be on it."""
OFF_BEAT: Final = (0.42, 0.72)
"""Where in a beat an onset counts as the off-beat eighth: from a little early to beyond the triplet."""
SIXTEENTHS: Final = ((0.17, 0.31), (0.71, 0.88))
"""Beats with strokes at the second and fourth sixteenth are divided evenly, so their off-beats are no swung eighths."""


def find_swing(places: Sequence[float]) -> Found[float | None]:
    """The ratio of long to short of the off-beat eighths, from the places of onsets in beats, in order.

    >>> swing = find_swing([beat + part for beat in range(8) for part in (0.0, 2 / 3)])
    >>> round(swing.value, 6), swing.confidence > 0.5
    (2.0, True)
    """
    beats: dict[int, list[float]] = {}
    for place in places:
        beat = floor(place + ON_BEAT)
        beats.setdefault(beat, []).append(place - beat)
    on: list[float] = []
    off: list[float] = []
    for inside in beats.values():
        if any(low < place < high for place in inside for low, high in SIXTEENTHS):
            continue
        on += [place for place in inside if abs(place) <= ON_BEAT]
        off += [place for place in inside if OFF_BEAT[0] <= place <= OFF_BEAT[1]]
    if len(off) < LEAST_ONSETS:
        return Found(None, 0.0, "guess")
    # From the beat as it was played: a player who is late is late on both.
    late = middle(on) if len(on) >= LEAST_ONSETS else 0.0
    off = [place - late for place in off]
    place = middle(off)
    spread = middle([abs(other - place) for other in off])
    ratio = min(MAX_RATIO, max(1.0 / MAX_RATIO, place / (1.0 - place)))
    enough = min(1.0, len(off) / 16.0)
    return Found(ratio, max(0.0, (0.4 + 0.6 * enough) * (1.0 - 8.0 * spread)), "clip")


def middle(values: Sequence[float]) -> float:
    """The median; of an even number, the mean of the two in the middle.

    >>> middle([3.0, 1.0, 2.0, 10.0])
    2.5
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0
