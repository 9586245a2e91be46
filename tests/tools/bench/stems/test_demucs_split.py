"""What Demucs is measured with."""

import numpy as np
import pytest

from tests.optional import require

require("torch")

from musearoo.tools.bench.stems.demucs_split import MOST_APART_DB, measure_apart_db


def make_stems(frames: int = 20_000) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(1).standard_normal((2, 2, frames)).astype(np.float32)


def test_the_same_is_not_apart() -> None:
    stems = make_stems()
    assert measure_apart_db(stems, stems) == 0.0


def test_the_stem_that_is_furthest_apart_counts() -> None:
    stems = make_stems()
    other = stems.copy()
    other[1] += 0.1 * np.random.default_rng(2).standard_normal(other[1].shape)
    # A hundredth of a stem's power beside the tenth that is wrong with it.
    assert measure_apart_db(other, stems) == pytest.approx(10.0 * np.log10(1.1), abs=0.03)
    assert measure_apart_db(stems + 0.001, stems) < MOST_APART_DB
