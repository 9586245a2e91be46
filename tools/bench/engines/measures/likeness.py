"""The similarity of two takes or bars: the share of common notes, where a note is its sixteenth and pitch.

As a distance it is Jaccard's: 0 for identical, 1 for nothing in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import mean

from musearoo.engines.music.clip import Clip

Notes = frozenset[tuple[int, int]]
"""Notes as positions in sixteenths and pitches."""


def notes_of(clip: Clip) -> Notes:
    """Return the notes of a clip, counted from its start."""
    return frozenset((round(note.start * 4), note.pitch) for note in clip.notes)


def distance(one: Notes, other: Notes) -> float:
    """Return Jaccard's distance, 0..1; the distance of two empty sets is 0.

    >>> distance(frozenset({(0, 36), (4, 38)}), frozenset({(0, 36)}))
    0.5
    """
    union = len(one | other)
    return 1.0 - len(one & other) / union if union else 0.0


def similarity_of_bars(clip: Clip) -> float:
    """Return the mean similarity over all pairs of a clip's bars; 1 for a clip of one bar."""
    bars = notes_by_bar(clip)
    pairs = list(combinations(bars, 2))
    return mean(1.0 - distance(one, other) for one, other in pairs) if pairs else 1.0


def notes_by_bar(clip: Clip) -> Sequence[Notes]:
    """Return the notes of each bar, counted from the bar's start; a slightly early one belongs to the next bar."""
    bar = clip.meter.bar_beats
    found: list[set[tuple[int, int]]] = [set() for _ in range(max(1, round(clip.bars)))]
    for note in clip.notes:
        index = min(len(found) - 1, int((note.start + 0.1) // bar))
        found[index].add((round((note.start - index * bar) * 4), note.pitch))
    return [frozenset(bar) for bar in found]
