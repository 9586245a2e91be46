"""The measures of separation, where the answer can be told beforehand."""

from math import inf

import numpy as np
import pytest

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.tools.bench.stems.measures import measure_offset, measure_residual, measure_si_sdr
from tests.each_case import each_case

NOISE = np.random.default_rng(5).uniform(-1.0, 1.0, (2, 4_000)).astype(np.float32)
OTHER = np.random.default_rng(6).uniform(-1.0, 1.0, (2, 4_000)).astype(np.float32)


@each_case("gain", [0.1, 1.0, 7.0])
def test_loudness_does_not_count_but_what_leaks_in_does(gain: float) -> None:
    assert measure_si_sdr(NOISE, np.float32(gain) * (NOISE + np.float32(0.1) * OTHER)) == pytest.approx(20.0, abs=0.5)


def test_a_perfect_guess_and_a_silent_one_are_the_ends_of_the_scale() -> None:
    assert measure_si_sdr(NOISE, NOISE) > 150.0
    assert measure_si_sdr(NOISE, np.zeros_like(NOISE)) == -inf


def test_sides_that_are_swapped_are_wrong() -> None:
    assert measure_si_sdr(NOISE, NOISE[::-1].copy()) < -10.0


def test_what_cannot_be_measured_is_said() -> None:
    with pytest.raises(ValueError, match="silent stem"):
        measure_si_sdr(np.zeros_like(NOISE), NOISE)
    with pytest.raises(ValueError, match="cannot be compared"):
        measure_si_sdr(NOISE, NOISE[:1])


def test_the_residual_is_what_the_stems_leave_of_the_mix() -> None:
    assert measure_residual(NOISE, [np.float32(0.5) * NOISE] * 2) == -inf
    assert measure_residual(NOISE, [np.float32(0.99) * NOISE]) == pytest.approx(-40.0, abs=0.01)


@each_case("late", [-3, 0, 1, 250])
def test_an_offset_is_found_to_the_sample(late: int) -> None:
    source: FloatArray = np.pad(NOISE, ((0, 0), (300, 300)))
    assert measure_offset(source, np.roll(source, late, axis=1)) == late
