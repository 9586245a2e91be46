"""Loudness against EBU Tech 3341's test signals and against filtering every sample."""

import numpy as np
import pytest
from scipy import signal

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.character import loudness
from musearoo.engines.analysis.fast.character.loudness import (
    describe_loudness,
    k_filters,
    measure_integrated,
    measure_range,
    measure_true_peak,
    weigh_steps,
)
from musearoo.engines.analysis.fast.character.steps import DoubleArray, measure_band_steps, measure_channel_steps
from musearoo.engines.music.knowledge.analysis import Loudness
from tests.each_case import each_case
from tests.engines.analysis.fast.character.sounds import make_noise, make_sine


def measure(sound: Sound) -> Loudness:
    """Its loudness as the fast pass has it."""
    bands = measure_band_steps(compute_spectrogram(sound))
    return describe_loudness(sound, weigh_steps(sound, bands, measure_channel_steps(sound)))


def filter_steps(sound: Sound) -> DoubleArray:
    """The K-weighted mean squares of the steps by the standard's filters, sample by sample."""
    samples = sound.samples.astype(np.float64)
    for numerator, denominator in k_filters(sound.rate):
        samples = signal.lfilter(numerator, denominator, samples, axis=1)
    size = sound.rate // 10
    steps = samples.shape[1] // size
    blocks = samples[:, : steps * size].reshape(samples.shape[0], steps, size)
    return np.asarray((blocks**2).mean(axis=2).sum(axis=0))


def join(*levels_and_seconds: tuple[float, float]) -> Sound:
    """A stereo sine of 1 kHz that goes from level to level."""
    parts = [make_sine(1000.0, seconds, level) for level, seconds in levels_and_seconds]
    wave = np.concatenate(parts)
    return Sound.of(np.stack([wave, wave]), 48_000)


def test_the_filters_are_the_standard_s() -> None:
    (shelf, shelf_poles), (high, high_poles) = k_filters(48_000)
    np.testing.assert_allclose(shelf, [1.53512485958697, -2.69169618940638, 1.19839281085285], atol=1e-8)
    np.testing.assert_allclose(shelf_poles, [1.0, -1.69065929318241, 0.73248077421585], atol=1e-8)
    np.testing.assert_allclose(high, [1.0, -2.0, 1.0])
    np.testing.assert_allclose(high_poles, [1.0, -1.99004745483398, 0.99007225036621], atol=1e-8)


@each_case(
    "levels, expected",
    [
        ([(-23.0, 20.0)], -23.0),
        ([(-33.0, 20.0)], -33.0),
        ([(-36.0, 10.0), (-23.0, 30.0), (-36.0, 10.0)], -23.0),
        ([(-72.0, 10.0), (-36.0, 10.0), (-23.0, 30.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
        ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
    ],
)
def test_ebu_tech_3341(levels: list[tuple[float, float]], expected: float) -> None:
    assert measure(join(*levels)).lufs == pytest.approx(expected, abs=0.1)


@each_case("levels, expected", [([(-20.0, 20.0), (-30.0, 20.0)], 10.0), ([(-40.0, 20.0), (-20.0, 20.0)], 20.0)])
def test_ebu_tech_3342(levels: list[tuple[float, float]], expected: float) -> None:
    assert measure(join(*levels)).range_lu == pytest.approx(expected, abs=1.0)


@each_case("hertz", [60.0, 100.0, 400.0, 1500.0, 2500.0, 6000.0, 12_000.0])
@each_case("rate", [44_100, 48_000])
def test_tones_as_by_filtering(hertz: float, rate: int) -> None:
    sound = Sound.of(make_sine(hertz, 4.0, -20.0, rate), rate)
    assert measure(sound).lufs == pytest.approx(measure_integrated(filter_steps(sound)), abs=0.1)


def test_what_the_spectrogram_cannot_part_is_near_enough() -> None:
    sound = Sound.of(make_sine(45.0, 4.0, -20.0), 48_000)
    assert measure(sound).lufs == pytest.approx(measure_integrated(filter_steps(sound)), abs=0.4)


@each_case("rate", [8_000, 22_050, 44_100, 48_000])
@each_case("channels", [1, 2, 4])
def test_noise_as_by_filtering(rate: int, channels: int) -> None:
    noise = np.stack([make_noise(5.0, 0.1, rate, seed) for seed in range(channels)])
    sound = Sound.of(noise, rate)
    assert measure(sound).lufs == pytest.approx(measure_integrated(filter_steps(sound)), abs=0.1)


def test_sides_are_weighed_by_their_own_spectrum() -> None:
    low, high = make_sine(120.0, 5.0, -14.0), make_sine(7000.0, 5.0, -14.0)
    sound = Sound.of(np.stack([low + high, low - high]), 48_000)
    assert measure(sound).lufs == pytest.approx(measure_integrated(filter_steps(sound)), abs=0.1)


def test_channels_that_cancel_out_are_as_loud_as_any() -> None:
    wave = make_sine(1000.0, 5.0, -20.0)
    together, against = (Sound.of(np.stack([wave, sign * wave]), 48_000) for sign in (1.0, -1.0))
    assert measure(against).lufs == pytest.approx(measure(together).lufs, abs=0.05)


def test_gain_moves_loudness_and_peak_alike() -> None:
    noise = make_noise(4.0)
    quiet, loud = (measure(Sound.of(noise * gain, 44_100)) for gain in (0.1, 1.0))
    assert loud.lufs is not None
    assert quiet.lufs == pytest.approx(loud.lufs - 20.0, abs=0.01)
    assert quiet.true_peak_db == pytest.approx(loud.true_peak_db - 20.0, abs=0.01)


def test_a_peak_between_samples() -> None:
    # A quarter of the rate, turned by 45 degrees: every sample lies 3 dB below the wave's peak.
    times = np.arange(4800)
    wave = (0.5 * np.sin(np.pi / 2 * times + np.pi / 4)).astype(np.float32)
    assert np.abs(wave).max() == pytest.approx(0.5 * np.sqrt(0.5), abs=1e-4)
    assert measure_true_peak(Sound(wave[np.newaxis], 48_000)) == pytest.approx(0.5, abs=0.01)


def test_what_is_too_short_or_silent_has_no_loudness() -> None:
    assert measure(Sound.of(np.zeros(48_000), 48_000)) == Loudness(None, -200.0, None)
    short = measure(Sound.of(make_sine(1000.0, 0.3, -20.0), 48_000))
    assert (short.lufs, short.range_lu) == (None, None)
    assert short.true_peak_db == pytest.approx(-20.0, abs=0.1)
    assert measure(Sound.of(make_sine(1000.0, 2.0, -20.0), 48_000)).range_lu is None
    assert measure_range(np.zeros(100)) is None


def test_the_offset_is_the_standard_s() -> None:
    # A full-scale sine of 997 Hz in one channel reads -3.01 LKFS (BS.1770-4, annex 1).
    assert measure(Sound.of(make_sine(997.0, 5.0, 0.0), 48_000)).lufs == pytest.approx(-3.01, abs=0.05)
    assert loudness.OFFSET == -0.691
