"""Measures of drumming, as they are taken of people.

Grooving similarity after Wu and Yang, "The Jazz Transformer on the Front Line" (2020), on sixteen places a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import combinations
from math import sqrt
from statistics import mean, pstdev

from engines.music.clip import Clip

STEPS_PER_BAR = 16


@dataclass(frozen=True, slots=True)
class DrumMeasures:
    """Measures of a clip in 4/4; the distance from the grid is the rms in hundredths of a beat."""

    notes_per_bar: float
    grooving_similarity: float
    velocity_deviation: float
    grid_distance: float


def measure_drums(clip: Clip) -> DrumMeasures:
    """The measures of a drum clip of some bars of 4/4."""
    places = [note.start * 4.0 for note in clip.notes]
    bars = round(clip.length / 4.0)
    hit = [[False] * STEPS_PER_BAR for _ in range(bars)]
    for place in places:
        step = min(bars * STEPS_PER_BAR - 1, round(place))
        hit[step // STEPS_PER_BAR][step % STEPS_PER_BAR] = True
    return DrumMeasures(
        notes_per_bar=len(places) / bars,
        grooving_similarity=mean(
            sum(a == b for a, b in zip(one, other, strict=True)) / STEPS_PER_BAR for one, other in combinations(hit, 2)
        ),
        velocity_deviation=pstdev(note.velocity for note in clip.notes),
        grid_distance=100.0 * sqrt(mean(((place - round(place)) / 4.0) ** 2 for place in places)),
    )


def average(measures: Sequence[DrumMeasures]) -> DrumMeasures:
    """The mean of each measure."""
    return DrumMeasures(*(mean(column) for column in zip(*map(astuple, measures), strict=True)))
