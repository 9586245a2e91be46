"""The repetition in a song by segment length: the structureness of Wu and Yang (2020).

It is the greatest fitness of any segment of a length, after Müller, Jiang and Grosche, "A robust fitness measure for
capturing repetitions in music recordings" (2013): how well and how much of the song is explained by repeats of that
segment. Audio needs curved paths through a similarity matrix; notes keep time, so here a repeat is a straight diagonal
through the matrix of bars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.tools.bench.engines.measures.likeness import Notes, distance, notes_by_bar

LEAST_ALIKE: Final = 0.5
"""Less similar bars are not a repeat: they reduce a path's score."""


def bars_of(clips: Iterable[Clip]) -> list[Notes]:
    """Return the notes of all parts in each bar, each part in a separate register."""
    parts = [notes_by_bar(clip) for clip in clips]
    return [
        frozenset((at, pitch + 128 * number) for number, bar in enumerate(bars) for at, pitch in bar)
        for bars in zip(*parts, strict=True)
    ]


def structureness(bars: Sequence[Notes], length: int) -> float:
    """Return the greatest fitness 0..1 of a segment of this many bars; 0 without repeats of that length.

    >>> one, other, rest = (frozenset({(0, pitch)}) for pitch in (60, 62, 64))
    >>> structureness([one, other, one, other], 2), structureness([one, other, rest], 1)
    (0.5, 0.0)
    """
    if 2 * length > len(bars):
        return 0.0
    alike = _similarities(tuple(bars))
    return max(_fitness(alike, start, length) for start in range(len(bars) - length + 1))


@lru_cache(maxsize=4)
def _similarities(bars: tuple[Notes, ...]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(1.0 - distance(one, other) for other in bars) for one in bars)


def _fitness(alike: Sequence[Sequence[float]], start: int, length: int) -> float:
    """Return the harmonic mean of the repeats' accuracy and coverage, without the segment itself."""
    count = len(alike)
    # The best total score of non-overlapping repeats up to each bar, and their number.
    best: list[tuple[float, int]] = [(0.0, 0)] * (count + 1)
    for end in range(1, count + 1):
        best[end] = best[end - 1]
        if end >= length:
            first = end - length
            matches = [alike[start + step][first + step] for step in range(length)]
            score = sum(match if match >= LEAST_ALIKE else match - 1.0 for match in matches)
            total, repeats = best[first]
            best[end] = max(best[end], (total + score, repeats + 1))
    score, repeats = best[count]
    if repeats < 2:
        return 0.0
    matched = (score - length) / (repeats * length)
    covered = (repeats - 1) * length / count
    return 2.0 * matched * covered / (matched + covered) if matched > 0.0 else 0.0
