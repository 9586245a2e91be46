"""Our drummers against people: each measure within the quartiles of human playing of that style.

The quartiles are those of windows of eight bars in 4/4 of the Groove MIDI Dataset's train split (Gillick et al., 2019,
CC BY 4.0), of the style that is named. They guard against nonsense and prove no quality, so two controls must fail:
the same notes at random places, and a machine without hands.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from random import Random
from typing import Final

import pytest

from engines.drummaroo.engine import DrumParams, generate
from engines.music.clip import Clip
from engines.music.context import MusicalContext
from tests.engines.measures import DrumMeasures, average, measure_drums
from tests.engines.presets_on_disk import STYLES

Quartiles = tuple[DrumMeasures, DrumMeasures]

HUMAN: Final[dict[str, Quartiles]] = {
    "rock": (DrumMeasures(14.5, 0.78, 26.8, 4.3), DrumMeasures(21.5, 0.92, 34.0, 6.8)),
    "funk": (DrumMeasures(17.7, 0.78, 32.8, 3.7), DrumMeasures(27.0, 0.93, 38.9, 5.3)),
    "hip-hop": (DrumMeasures(14.2, 0.77, 34.1, 3.4), DrumMeasures(23.5, 0.94, 39.2, 5.1)),
    "jazz swing": (DrumMeasures(11.7, 0.67, 22.0, 6.0), DrumMeasures(16.4, 0.83, 31.0, 7.3)),
    "reggae": (DrumMeasures(16.8, 0.75, 27.4, 4.3), DrumMeasures(19.9, 0.86, 33.9, 5.9)),
    "disco": (DrumMeasures(18.8, 0.80, 25.8, 3.8), DrumMeasures(22.5, 0.98, 32.6, 6.0)),
    "bossa nova": (DrumMeasures(21.3, 0.81, 24.8, 4.8), DrumMeasures(28.6, 0.95, 33.4, 6.1)),
}
"""Lower and upper quartile; disco stands against the set's "dance", bossa nova against its "latin"."""

POOLED: Final[Quartiles] = (DrumMeasures(15.0, 0.77, 26.5, 4.3), DrumMeasures(25.3, 0.93, 35.7, 6.5))
"""Of all styles together."""


def takes(style: str, humanise: float = 0.5) -> list[Clip]:
    context = MusicalContext.plain(bpm=STYLES[style].tempo.usual)
    return [generate(DrumParams(style=STYLES[style], humanise=humanise), context, seed) for seed in range(40)]


def count_within(measures: DrumMeasures, quartiles: Quartiles) -> int:
    low, high = quartiles
    return sum(a <= b <= c for a, b, c in zip(astuple(low), astuple(measures), astuple(high), strict=True))


@pytest.mark.parametrize("style", HUMAN)
def test_at_least_three_of_four_measures_are_human(style: str) -> None:
    measures = average([measure_drums(clip) for clip in takes(style)])
    assert count_within(measures, HUMAN[style]) >= 3, measures


def test_most_measures_of_all_human_styles_are_human() -> None:
    within = [count_within(average([measure_drums(clip) for clip in takes(style)]), HUMAN[style]) for style in HUMAN]
    assert sum(within) >= 0.85 * 4 * len(HUMAN), dict(zip(HUMAN, within, strict=True))


def test_a_rock_drummer_is_within_the_quartiles_of_all_styles() -> None:
    assert count_within(average([measure_drums(clip) for clip in takes("rock")]), POOLED) == 4


@pytest.mark.parametrize("style", HUMAN)
def test_notes_at_random_places_fail(style: str) -> None:
    chance = Random(1)
    random_takes = []
    for clip in takes(style)[:10]:
        notes = [replace(note, start=chance.random() * (clip.length - note.duration)) for note in clip.notes]
        random_takes.append(measure_drums(clip.with_notes(notes)))
    measures = average(random_takes)
    low, high = HUMAN[style]
    assert measures.grooving_similarity < low.grooving_similarity
    # Random places lie 7.2 hundredths off on average, which in jazz, full of triplets, is no longer telling.
    if style != "jazz swing":
        assert measures.grid_distance > high.grid_distance


@pytest.mark.parametrize("style", HUMAN)
def test_a_machine_fails_on_time(style: str) -> None:
    measures = average([measure_drums(clip) for clip in takes(style, humanise=0.0)])
    assert measures.grid_distance < HUMAN[style][0].grid_distance
