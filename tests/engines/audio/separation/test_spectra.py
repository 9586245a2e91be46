"""Frames, bands and filters: lossless at any rate."""

import numpy as np
import pytest
from scipy import ndimage

from musearoo.engines.audio.separation.bands import Bands
from musearoo.engines.audio.separation.filters import blur, median_along, shifted
from musearoo.engines.audio.separation.stft import OVERLAP, Grid, analyse, synthesise
from tests.each_case import each_case

CHANCE = np.random.default_rng(8)
CELLS = CHANCE.random((30, 50)).astype(np.float32) ** 3


@each_case("rate", [8_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_has_frames_alike_in_seconds_and_in_hertz(rate: int) -> None:
    grid = Grid.at(rate)
    assert grid.hop * OVERLAP == grid.window
    assert grid.window / rate == pytest.approx(0.093, rel=0.04)
    assert grid.hertz == pytest.approx(10.77, rel=0.04)


@each_case("samples", [1, 4_095, 4_096, 9_000])
def test_every_sample_lies_in_as_many_frames_as_overlap_and_comes_back(samples: int) -> None:
    grid = Grid.at(44_100)
    sound = CHANCE.uniform(-1.0, 1.0, (2, samples)).astype(np.float32)
    frames = grid.count(samples)
    before, behind = -grid.first_sample(0), grid.first_sample(frames - 1) + grid.window - samples
    spectra = analyse(np.pad(sound, ((0, 0), (before, behind))), grid)
    assert spectra.shape == (2, frames, grid.bins)
    np.testing.assert_allclose(synthesise(spectra, grid)[:, before : before + samples], sound, atol=1e-6)


@each_case("rate", [8_000, 44_100, 192_000])
def test_bands_hold_every_bin_once_and_are_single_bins_in_the_lows(rate: int) -> None:
    grid = Grid.at(rate)
    bands = Bands.of(grid)
    assert bands.widths.sum() == grid.bins
    assert (bands.widths[bands.centres < 2_900.0] == 1).all()
    cells = CHANCE.random((3, grid.bins)).astype(np.float32)
    np.testing.assert_allclose(bands.sum(cells).sum(axis=1), cells.sum(axis=1), rtol=1e-5)
    np.testing.assert_allclose(bands.sum(bands.spread(bands.centres)) / bands.widths, bands.centres, rtol=1e-5)


@each_case("axis", [0, 1])
@each_case("size", [3, 13])
def test_the_fast_median_is_the_plain_one(size: int, axis: int) -> None:
    plain = ndimage.median_filter(CELLS, size=(size, 1) if axis == 0 else (1, size), mode="reflect")
    np.testing.assert_array_equal(median_along(CELLS, size, axis), plain)


def test_shifts_repeat_the_edge_and_means_keep_the_sum() -> None:
    np.testing.assert_array_equal(shifted(CELLS, 2)[2:], CELLS[:-2])
    np.testing.assert_array_equal(shifted(CELLS, -2)[-2:], CELLS[[-1, -1]])
    single = np.zeros((9, 9), np.float32)
    single[4, 4] = 15.0
    np.testing.assert_allclose(blur(single, 3, 5)[3:6, 2:7], 1.0, rtol=1e-6)
