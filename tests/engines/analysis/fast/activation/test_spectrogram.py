import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import (
    BANDS,
    CENTRES_HZ,
    RANGE,
    compute_spectrogram,
    cut_padded,
    halve_rate,
)
from tests.each_case import each_case

RATES = (8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)


def sine(hertz: float, seconds: float, rate: int) -> Sound:
    return Sound.of(0.5 * np.sin(2.0 * np.pi * hertz * np.arange(int(seconds * rate)) / rate), rate)


@each_case("rate", RATES)
def test_frame_k_is_centred_on_its_hundredth(rate: int) -> None:
    samples = np.zeros(rate * 2)
    samples[round(1.23 * rate)] = 1.0

    bands = compute_spectrogram(Sound.of(samples, rate)).bands

    assert bands.shape == (200, BANDS)
    assert abs(int(bands.sum(axis=1).argmax()) - 123) <= 1
    powers = np.expm1(bands * np.log(RANGE)).sum(axis=1)
    middle = (powers @ np.arange(200)) / powers.sum()
    assert middle == pytest.approx(123.0, abs=0.3)


@each_case("rate", RATES)
@each_case("hertz", [64.0, 440.0, 3000.0])
def test_a_tone_falls_into_its_band_at_every_rate(rate: int, hertz: float) -> None:
    bands = compute_spectrogram(sine(hertz, 1.0, rate)).bands

    loudest = CENTRES_HZ[1 + int(bands[50].argmax())]
    assert loudest == pytest.approx(hertz, rel=0.06, abs=22.0)


def test_all_rates_show_the_same() -> None:
    chance = np.random.default_rng(3)
    # Noise under 4 kHz, as the lowest rate holds it: summed sines have the same sound at any rate.
    tones = [(chance.uniform(60.0, 3500.0), chance.uniform(0.0, 6.28)) for _ in range(60)]

    def play(rate: int) -> Sound:
        time = np.arange(rate) / rate
        return Sound.of(sum(np.sin(2.0 * np.pi * hertz * time + phase) for hertz, phase in tones), rate)

    first = compute_spectrogram(play(44_100)).bands[10:90]
    for rate in (22_050, 48_000, 96_000):
        other = compute_spectrogram(play(rate)).bands[10:90]
        audible = first > 0.5
        assert np.abs(other - first)[audible].max() < 0.12
        assert np.abs(other - first)[audible].mean() < 0.02


def test_gain_changes_nothing() -> None:
    noise = np.random.default_rng(1).standard_normal(44_100)
    loud = compute_spectrogram(Sound.of(0.5 * noise, 44_100))
    soft = compute_spectrogram(Sound.of(0.005 * noise, 44_100))

    np.testing.assert_allclose(loud.bands, soft.bands, atol=1e-3)
    assert loud.level == pytest.approx(1e4 * soft.level, rel=1e-3)


def test_silence_is_all_zero() -> None:
    assert not compute_spectrogram(Sound.of(np.zeros(4_410), 44_100)).bands.any()


@each_case("frames", [1, 2, 50, 441, 2_205])
def test_the_shortest_sounds_have_a_frame(frames: int) -> None:
    spectrogram = compute_spectrogram(Sound.of(np.random.default_rng(0).standard_normal(frames), 44_100))

    assert spectrogram.frames == max(round(frames / 441), 1)
    assert np.isfinite(spectrogram.bands).all()


def test_halving_keeps_times_and_lows() -> None:
    rate = 96_000
    time = np.arange(rate) / rate
    wave = np.sin(2.0 * np.pi * 500.0 * time).astype(np.float32)

    half = halve_rate(wave)

    assert half.size == rate // 2
    np.testing.assert_allclose(half[10:-10], wave[::2][10:-10], atol=2e-3)


@each_case("start, stop", [(-3, 2), (0, 5), (3, 8), (-2, 7), (6, 9), (-5, -1)])
def test_cutting_pads_with_silence(start: int, stop: int) -> None:
    samples = np.arange(1.0, 6.0, dtype=np.float32)
    around = np.concatenate([np.zeros(10), samples, np.zeros(10)])

    assert cut_padded(samples, start, stop).tolist() == around[10 + start : 10 + stop].tolist()
