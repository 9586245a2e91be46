"""The variety of takes in one style, and of bars in one take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from statistics import mean
from typing import Final

from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.measures.likeness import distance, notes_of, similarity_of_bars
from musearoo.tools.bench.engines.takes import play_alone
from musearoo.tools.bench.rows import Row

PART: Final = "variety"
LEAST_APART: Final = 0.15
"""The minimum distance of takes with different seeds; closer ones sound the same."""
LEAST_DISTINCT: Final = 0.9
"""Of ten requests on the same chords at least nine should differ; a two-chord line may repeat."""


def judge_variety(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield for each engine the distance of takes over the same chords, and the similarity of bars within a take."""
    context = known_progressions()[0].context
    for engine in ENGINES:
        apart, distinct, alike = {}, [], []
        for name, style in styles.items():
            clips = [play_alone(engine, style, context, seed, effort) for seed in seeds]
            every = [notes_of(clip) for clip in clips]
            apart[name] = mean(distance(one, other) for one, other in combinations(every, 2))
            distinct.append(len(set(every)) / len(every))
            alike += [similarity_of_bars(clip) for clip in clips]
        least = min(apart, key=lambda name: apart[name])
        name = f"{engine.name}, takes apart"
        yield Row(PART, name, "0..1", mean(apart.values()), note="mean of all styles")
        met = apart[least] >= LEAST_APART
        yield Row(
            PART, f"{name}, closest style", "0..1", apart[least], LEAST_APART, met, f"{least}; the peer is the bound"
        )
        share = mean(distinct)
        yield Row(
            PART, f"{engine.name}, distinct takes", "share", share, 1.0, share >= LEAST_DISTINCT, "all differ at 1"
        )
        yield Row(PART, f"{engine.name}, bars alike", "0..1", mean(alike), note="0 never repeats, 1 does nothing else")
