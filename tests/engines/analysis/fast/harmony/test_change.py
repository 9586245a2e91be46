"""Harmonic change: it peaks where chords change."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.harmony.change import measure_harmonic_change
from musearoo.engines.analysis.fast.harmony.decoding import find_path
from musearoo.engines.analysis.fast.harmony.spectrum import compute_harmonic_spectrum
from musearoo.engines.analysis.fast.harmony.steps import divide_time, pooling_matrix
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Rhythm
from tests.each_case import each_case
from tests.engines.analysis.fast.harmony.sounds import RATE, even_rhythm, play_chords


def test_change_peaks_where_chords_change() -> None:
    change = measure_harmonic_change(compute_harmonic_spectrum(play_chords(["Am", "F#", "C", "Eb"])))
    assert change.min() >= 0.0
    assert change.max() <= 1.0
    for border in (20, 40, 60):
        assert abs(border - (border - 8 + int(change[border - 8 : border + 9].argmax()))) <= 2
        assert change[border - 2 : border + 3].max() > 3.0 * change[border + 8 : border + 12].max()


def test_silence_does_not_change() -> None:
    assert not measure_harmonic_change(compute_harmonic_spectrum(Sound.of(np.zeros(RATE), RATE))).any()


@each_case("beat, count", [(0.5, 16), (1.0, 16), (0.125, 32), (0.8, 20)])
def test_steps_are_beats_of_a_useful_length(beat: float, count: int) -> None:
    steps = divide_time(even_rhythm(8.0, beat), 8.0)
    assert steps.count == count
    assert steps.edges[0] == 0.0
    assert steps.edges[-1] == 8.0
    assert (steps.lengths > 0.0).all()
    assert steps.strengths[0] == 2


def test_steps_go_on_where_beats_are_missing() -> None:
    beats = tuple(np.arange(3.1, 6.0, 0.5).tolist())
    steps = divide_time(Rhythm(Estimate(120.0), beats, beats[::4]), 8.0)
    assert steps.edges[1] == pytest.approx(0.6)
    np.testing.assert_allclose(np.diff(steps.edges[1:-1]), 0.5, atol=1e-9)


def test_every_step_takes_its_own_frames() -> None:
    pooling = pooling_matrix(np.array([0.0, 0.4, 0.8]), 0, 10)
    np.testing.assert_allclose(pooling.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(pooling[0, 1:4], 0.25, atol=1e-5)
    assert pooling[0, 6] < 1e-6


def test_the_path_is_the_best_of_all() -> None:
    generator = np.random.default_rng(2)
    emissions = generator.normal(size=(6, 3)).astype(np.float32)
    costs = generator.uniform(0.0, 2.0, 6)
    places = np.stack(np.meshgrid(*[range(3)] * 6, indexing="ij"), axis=-1).reshape(-1, 6)
    totals = emissions[np.arange(6), places].sum(axis=1) - ((np.diff(places, axis=1) != 0) * costs[1:]).sum(axis=1)
    assert find_path(emissions, costs).tolist() == places[totals.argmax()].tolist()


@each_case("seed", range(100))
def test_any_beats_make_steps_that_cover_the_clip(seed: int) -> None:
    generator = np.random.default_rng(seed)
    duration = float(np.exp(generator.uniform(np.log(0.02), np.log(60.0))))
    places = np.unique(generator.uniform(-1.0, duration + 1.0, generator.integers(0, 40)).round(3))
    beats = tuple(places.tolist())
    steps = divide_time(Rhythm(Estimate(None, 0.0, "guess"), beats, beats[::4]), duration)
    assert (steps.edges[0], steps.edges[-1]) == (0.0, duration)
    assert (np.diff(steps.edges) > 0.0).all()
    assert set(steps.strengths.tolist()) <= {0, 1, 2}
