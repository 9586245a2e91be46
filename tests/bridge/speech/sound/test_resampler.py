"""Any device's sound becomes 16 kHz mono: nothing moved, nothing folded back, however it was cut."""

import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.speech.sound.resampler import Resampler
from tests.each_case import each_case

Whole = NDArray[np.int16]
Floats = NDArray[np.float64]

FORMS = [(48_000, 1), (44_100, 2), (96_000, 1), (8_000, 1), (22_050, 2), (16_000, 2), (32_000, 8), (11_025, 1)]


def _tone(frequency: float, rate: int, seconds: float = 0.5) -> Whole:
    places = np.arange(int(rate * seconds)) / rate
    return np.asarray(np.rint(10_000 * np.sin(2 * np.pi * frequency * places)), "<i2")


def _given(rate: int, channels: int, samples: Whole, cut: int = 1 << 20) -> Floats:
    raw = np.repeat(samples[:, np.newaxis], channels, axis=1).tobytes()
    resampler = Resampler(rate, channels)
    given = b"".join(resampler.push(raw[start : start + cut]) for start in range(0, len(raw), cut))
    return np.frombuffer(given, "<i2").astype(float)


def _level(samples: Floats) -> float:
    """In dB of the tone."""
    return float(20 * np.log10(np.sqrt(np.mean(samples[400:-400] ** 2)) / (10_000 / np.sqrt(2)) + 1e-9))


TONES = [(rate, channels, tone) for rate, channels in FORMS for tone in (300.0, 3_000.0, 6_800.0) if tone < 0.4 * rate]


@each_case("rate, channels, frequency", TONES)
def test_what_lies_in_the_band_comes_out_as_it_is(rate: int, channels: int, frequency: float) -> None:
    given = _given(rate, channels, _tone(frequency, rate))
    assert 0.5 * 16_000 - 50 <= len(given) <= 0.5 * 16_000
    # Not even by a sample late.
    wanted = 10_000 * np.sin(2 * np.pi * frequency * np.arange(len(given)) / 16_000)
    assert _level(given - wanted) < -60


@each_case("rate", [48_000, 44_100, 96_000, 22_050])
def test_what_lies_above_the_band_does_not_fold_back_into_it(rate: int) -> None:
    assert _level(_given(rate, 1, _tone(9_500, rate))) < -70


@each_case("rate, channels", FORMS)
@each_case("cut", [1, 333, 4_096])
def test_blocks_of_any_size_give_the_same(rate: int, channels: int, cut: int) -> None:
    samples = _tone(440, rate, 0.02 if cut == 1 else 0.3)
    assert np.array_equal(_given(rate, channels, samples, cut), _given(rate, channels, samples))


def test_at_16_khz_mono_nothing_is_touched() -> None:
    block = _tone(440, 16_000).tobytes()
    assert Resampler(16_000, 1).push(block) is block


def test_channels_are_their_mean() -> None:
    frames = np.array([[1_000, 3_000], [-32_768, -32_768], [32_767, 0]], "<i2")
    assert np.frombuffer(Resampler(16_000, 2).push(frames.tobytes()), "<i2").tolist() == [2_000, -32_768, 16_384]
