"""Measures of drumming, on patterns whose answer one can count."""

from itertools import combinations

import numpy as np
import pytest

from musearoo.tools.bench.engines.drums.measures import MEASURES, measure_window, struck_steps
from musearoo.tools.bench.engines.drums.window import Window, make_window
from tests.each_case import each_case

Stroke = tuple[float, int, float]


def backbeat() -> list[Stroke]:
    """Eight bars: kick on one and three, snare on two and four, hat in eighths."""
    strokes: list[Stroke] = []
    for beat in range(32):
        strokes.append((float(beat), 36 if beat % 2 == 0 else 38, 100.0))
        strokes += [(beat + half, 42, 60.0) for half in (0.0, 0.5)]
    return strokes


def measure(name: str, window: Window) -> float:
    return MEASURES[name](window)


@each_case(
    "name, expected",
    [
        ("notes_per_bar", 12.0),
        ("grooving_similarity", 1.0),
        ("distinct_bars", 0.125),
        ("grid_distance", 0.0),
        ("kicks_per_bar", 2.0),
        ("backbeats_per_bar", 2.0),
        ("ghosts_per_bar", 0.0),
        ("cymbals_per_bar", 8.0),
        ("toms_per_bar", 0.0),
        ("backbeat_share", 1.0),
        ("kick_beat_share", 1.0),
        ("sixteenth_share", 0.0),
        ("together_share", 0.5),
        ("off_beat_place", 0.5),
        ("kick_to_snare", 1.0),
        ("cymbals_to_snare", 0.6),
        ("cymbal_deviation", 0.0),
    ],
)
def test_a_plain_backbeat(name: str, expected: float) -> None:
    assert measure(name, make_window(backbeat())) == pytest.approx(expected)


def test_similarity_is_the_mean_over_all_pairs_of_bars() -> None:
    chance = np.random.default_rng(2)
    window = make_window([(float(place), 36, 90.0) for place in chance.integers(0, 128, 60) / 4.0])
    struck = struck_steps(window, window.of("kick"))
    pairs = [np.mean(one == other) for one, other in combinations(struck, 2)]
    assert measure("kick_similarity", window) == pytest.approx(np.mean(pairs))


def test_soft_snares_are_ghosts() -> None:
    strokes = [*backbeat(), *((beat + 0.75, 38, 25.0) for beat in range(32))]
    assert measure("ghosts_per_bar", make_window(strokes)) == 4.0
    assert measure("backbeats_per_bar", make_window(strokes)) == 2.0


def test_swing_is_counted_from_the_beat_as_it_is_played() -> None:
    late = 0.04
    strokes = [(beat + late + part, 51, 80.0) for beat in range(32) for part in (0.0, 2.0 / 3.0)]
    assert measure("off_beat_place", make_window(strokes)) == pytest.approx(2.0 / 3.0)


def test_distance_from_the_grid_is_in_hundredths_of_a_beat() -> None:
    strokes = [(place + 0.05, pitch, velocity) for place, pitch, velocity in backbeat()]
    assert measure("grid_distance", make_window(strokes)) == pytest.approx(5.0)


def test_a_window_without_snare_or_cymbal_can_be_measured() -> None:
    values = measure_window(make_window([(float(beat), 36, 90.0) for beat in range(32)]))
    assert len(values) == len(MEASURES)
    assert all(value == value for value in values)
