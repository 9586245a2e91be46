"""Reading a source as stereo blocks."""

from collections.abc import Iterator

import numpy as np
import pytest

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.samples import Samples
from musearoo.engines.neural.demucs.reading import StereoReader, measure_level
from tests.each_case import each_case
from tests.engines.neural.demucs.sounds import make_noise


@each_case("block", [1, 7, 100])
def test_reading_does_not_depend_on_block_sizes(block: int) -> None:
    samples = make_noise(50)
    reading = StereoReader(Samples(samples, block=block), around=9.0)
    padded = np.pad(samples, ((0, 0), (20, 30)), constant_values=9.0)
    for start, stop in [(-20, -10), (-10, 5), (-2, 20), (3, 3), (15, 60), (45, 70)]:
        np.testing.assert_array_equal(reading.read(start, stop), padded[:, start + 20 : stop + 20])


def test_no_more_is_kept_than_a_stretch() -> None:
    longest = 0

    class Endless(Samples):
        def blocks(self) -> Iterator[FloatArray]:
            for _ in range(1000):
                yield np.zeros((2, 10), dtype=np.float32)

    reading = StereoReader(Endless(np.zeros((2, 10_000), dtype=np.float32)))
    for start in range(0, 9_000, 30):
        reading.read(start, start + 100)
        longest = max(longest, reading._kept.shape[1])
    assert longest < 200


def test_mono_is_read_as_stereo() -> None:
    samples = make_noise(20)[:1]
    np.testing.assert_array_equal(StereoReader(Samples(samples)).read(0, 20), np.repeat(samples, 2, axis=0))


@each_case("frames", [1, 2, 99, 100, 1234])
@each_case("mean", [0.0, 0.75])
def test_a_level_is_the_mean_and_spread_of_both_channels_mean(frames: int, mean: float) -> None:
    samples = make_noise(frames) + np.float32(mean)
    mono = samples.mean(axis=0, dtype=np.float64)
    calls: list[None] = []
    level = measure_level(Samples(samples, block=33), 100, lambda: calls.append(None))
    assert level.mean == pytest.approx(mono.mean(), abs=1e-12)
    assert level.spread == pytest.approx(mono.std(ddof=1) if frames > 1 else 0.0, abs=1e-12)
    assert len(calls) == -(-frames // 100)


def test_the_loudest_stretch_is_kept() -> None:
    samples = 0.01 * make_noise(1000)
    samples[:, 310:350] += make_noise(40)
    level = measure_level(Samples(samples), 100, lambda: None)
    np.testing.assert_array_equal(level.loudest, samples[:, 300:400])


@each_case("value", [0.0, 0.3, -1.0])
def test_a_constant_signal_is_silent(value: float) -> None:
    level = measure_level(Samples(np.full((2, 1000), value, dtype=np.float32)), 64, lambda: None)
    assert level.is_silent
    assert level.mean == pytest.approx(value)
