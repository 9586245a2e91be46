"""When half precision may replace full precision."""

import numpy as np

from musearoo.engines.neural.demucs.precision import LARGEST_ERROR_DB, is_close_enough, measure_error_db
from tests.engines.neural.demucs.sounds import make_noise


def test_the_limit_costs_less_than_a_twentieth_of_a_decibel() -> None:
    # For a stem 10 dB above its separation error; powers of errors add up.
    wrong, added = 10.0**-1.0, 10.0 ** (LARGEST_ERROR_DB / 10.0)
    assert 10.0 * np.log10((wrong + added) / wrong) < 0.05


def test_errors_are_measured_stem_by_stem() -> None:
    full = np.stack([make_noise(1000, seed) for seed in (1, 2)])
    half = full.copy()
    half[1] *= 1.01
    np.testing.assert_allclose(measure_error_db(full, half), [-120.0, -40.0], atol=0.1)
    assert is_close_enough(full, half)
    half[0] *= 1.03
    assert not is_close_enough(full, half)


def test_a_faint_stem_is_judged_as_if_it_were_louder() -> None:
    full = np.stack([make_noise(1000, 1), 1e-4 * make_noise(1000, 2)])
    assert is_close_enough(full, full * np.array([1.0, 1.1])[:, None, None])


def test_values_that_are_not_finite_are_not_close() -> None:
    full = make_noise(10)[None]
    half = full.copy()
    half[0, 0, 3] = np.nan
    assert not is_close_enough(full, half)
