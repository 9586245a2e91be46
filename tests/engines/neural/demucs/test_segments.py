"""Splitting a sound into segments, and joining them again."""

import itertools

import numpy as np

from musearoo.engines.neural.demucs.segments import OverlapAdd, find_stride, plan_segments
from tests.each_case import each_case

SIZE = 400
LENGTHS = [1, 10, 399, 400, 401, 700, 701, 999, 1000]


@each_case("shifts", [0, 1, 3])
@each_case("samples", LENGTHS)
def test_all_gains_over_a_sample_sum_to_one(samples: int, shifts: int) -> None:
    sums = np.zeros(samples + SIZE)
    # A small shift, so that it is shorter than the sounds.
    for segment in plan_segments(samples, SIZE, shifts, rate=100):
        start = segment.start + SIZE // 2
        sums[start : start + segment.length] += segment.gain
    np.testing.assert_allclose(sums[SIZE // 2 : SIZE // 2 + samples], 1.0, atol=1e-6)


@each_case("samples", LENGTHS)
def test_starts_and_reads_never_decrease(samples: int) -> None:
    planned = plan_segments(samples, SIZE, shifts=3, rate=100)
    for earlier, later in itertools.pairwise(planned):
        assert earlier.start <= later.start
        assert earlier.read <= later.read


def test_a_sound_that_fits_is_one_segment_in_the_middle() -> None:
    (segment,) = plan_segments(101, SIZE)
    assert (segment.start, segment.length, segment.read, segment.inner) == (0, 101, -149, slice(149, 250))
    assert set(segment.gain) == {1.0}


def test_a_segment_follows_after_three_quarters() -> None:
    assert [segment.start for segment in plan_segments(1000, SIZE)] == [0, 300, 600, 900]
    # As in Demucs for its 343,980 samples.
    assert find_stride(343_980) == 257_985


def test_sums_are_returned_when_complete() -> None:
    sums = OverlapAdd(samples=5, stems=1, channels=1)
    sums.add(-1, np.ones((1, 1, 3), dtype=np.float32))
    sums.add(1, np.ones((1, 1, 3), dtype=np.float32))
    assert sums.take(1).tolist() == [[[1.0]]]
    sums.add(3, np.ones((1, 1, 9), dtype=np.float32))
    assert sums.take(5).tolist() == [[[2.0, 1.0, 2.0, 1.0]]]
    assert sums.take(5).shape == (1, 1, 0)
