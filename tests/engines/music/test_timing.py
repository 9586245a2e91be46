"""Beats, seconds and samples: round trips over an hour of music, at any tempo and rate."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.engines.music.timing import (
    beats_per_second,
    beats_to_samples,
    beats_to_seconds,
    bpm_of_period,
    mean_bpm,
    nearest_sample,
    samples_to_beats,
    seconds_per_beat,
    seconds_to_beats,
)
from tests.engines.music.tempos import HOUR_S, OF_A_SAMPLE, exact_samples, rates, tempos


@given(st.floats(0, 60_000), tempos, rates)
def test_seconds_and_samples_turn_back_into_the_same_beats(beats: float, bpm: float, rate: int) -> None:
    assert seconds_to_beats(beats_to_seconds(beats, bpm), bpm) == pytest.approx(beats, rel=1e-14)
    assert samples_to_beats(beats_to_samples(beats, bpm, rate), bpm, rate) == pytest.approx(beats, rel=1e-14)


@given(st.floats(0, HOUR_S), tempos, rates)
def test_the_nearest_sample_is_at_most_half_a_sample_away(seconds: float, bpm: float, rate: int) -> None:
    beats = seconds_to_beats(seconds, bpm)
    placed = exact_samples(nearest_sample(beats, bpm, rate), bpm, rate)
    assert abs(placed - round(placed)) <= OF_A_SAMPLE
    assert abs(placed - exact_samples(beats, bpm, rate)) <= Fraction(1, 2) + OF_A_SAMPLE


@given(st.integers(0, 3600 * 96_000), tempos, rates)
def test_what_is_on_a_sample_already_stays_there(samples: int, bpm: float, rate: int) -> None:
    beats = samples_to_beats(samples, bpm, rate)
    assert nearest_sample(beats, bpm, rate) == beats


@given(st.floats(0.01, HOUR_S), tempos)
def test_a_tempo_is_the_same_by_its_period_its_rate_and_its_beats(seconds: float, bpm: float) -> None:
    assert bpm_of_period(seconds_per_beat(bpm)) == pytest.approx(bpm, rel=1e-14)
    assert beats_per_second(bpm) * seconds_per_beat(bpm) == pytest.approx(1.0, rel=1e-14)
    assert mean_bpm(seconds_to_beats(seconds, bpm), seconds) == pytest.approx(bpm, rel=1e-14)
