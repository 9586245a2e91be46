"""Distances between our parts and human ones as distributions, measure by measure.

After Yang and Lerch, "On the evaluation of generative models in music" (2020): the distribution of distances between
human and our values is compared with that of distances among human values, by their overlapping area, 0 to 1, and their
Kullback-Leibler divergence, 0 and up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from statistics import mean
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import gaussian_kde

from musearoo.engines.music.clip import Clip
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.human import QUANTILES, human_values
from musearoo.tools.bench.engines.measures.controls import at_random, shuffled
from musearoo.tools.bench.engines.measures.parts import MEASURES, Spans
from musearoo.tools.bench.engines.ranges import play_over_songs
from musearoo.tools.bench.rows import Row

PART: Final = "distances"
PLACES: Final = 400
"""The number of points at which densities are compared."""
_TINY: Final = 1e-12

Values = npt.NDArray[np.float64]


def judge_distances(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield for each part the mean overlap and divergence over its measures, compared with those of the better
    control.
    """
    for part, measures in MEASURES.items():
        played = list(play_over_songs(part, styles, seeds, effort))
        if not played or part == "chords":
            continue
        ours = _compare(part, played)
        controls = [
            _compare(part, [(spoil(clip, seed), chords) for seed, (clip, chords) in enumerate(played)])
            for spoil in (at_random, shuffled)
        ]
        best = max(mean(area for area, _ in found) for found in controls)
        least = min(mean(divergence for _, divergence in found) for found in controls)
        area, divergence = (mean(column) for column in zip(*ours, strict=True))
        note = f"over {len(measures)} measures; the peer is the better control"
        yield Row(PART, f"{part}: overlap with people", "0..1", area, best, area > best, note)
        yield Row(PART, f"{part}: divergence from people", "nats", divergence, least, divergence < least, note)


def overlap_and_divergence(human: Sequence[float], ours: Sequence[float]) -> tuple[float, float]:
    """Return the overlapping area and the divergence of distances among humans and distances from humans to ours."""
    among = np.array([abs(a - b) for a, b in combinations(human, 2)])
    between = np.array([abs(a - b) for a, b in product(human, ours)])
    places = np.linspace(0.0, float(max(among.max(), between.max(), _TINY)), PLACES)
    inside, across = _density(among, places), _density(between, places)
    area = float(np.minimum(inside, across).sum())
    divergence = float(np.sum(inside * np.log((inside + _TINY) / (across + _TINY))))
    return area, divergence


def _density(values: Values, places: Values) -> Values:
    """Return a smoothed histogram over points that sums to 1."""
    width = places[1] - places[0]
    if float(values.std()) < width:  # all but equal: a kernel cannot be fitted to a point
        density = np.histogram(values, bins=PLACES, range=(0.0, float(places[-1])))[0].astype(float)
    else:
        density = gaussian_kde(values)(places)
    return np.asarray(density / max(float(density.sum()), _TINY))


def _compare(part: str, played: Sequence[tuple[Clip, Spans]]) -> list[tuple[float, float]]:
    found = []
    for measure in MEASURES[part]:
        values = sorted(value for clip, chords in played if (value := measure.of(clip, chords)) is not None)
        if len(values) >= 2:
            steps = [values[round(step / QUANTILES * (len(values) - 1))] for step in range(QUANTILES + 1)]
            found.append(overlap_and_divergence(human_values()[part][measure.name].quantiles, steps))
    return found
