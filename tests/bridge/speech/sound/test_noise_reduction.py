"""Music under a voice is turned down, and a voice alone stays as it is."""

import numpy as np
from scipy import signal

from musearoo.bridge.speech.sound.noise_reduction import LEFT, LOWEST, QUANTILE, SUBTRACTED, WINDOW, clean
from musearoo.tools.bench.voice.spoken import RATE
from tests.each_case import each_case

SECONDS = np.arange(2 * RATE) / RATE
# Syllables: three a second, of a tone with overtones.
VOICE = np.asarray(
    sum(np.sin(2 * np.pi * 140 * number * SECONDS) / number for number in range(1, 9))
    * (np.sin(2 * np.pi * 3 * SECONDS) > 0.3),
    np.float32,
)
CHORD = np.asarray(sum(np.sin(2 * np.pi * note * SECONDS) for note in (261.6, 329.6, 392.0)), np.float32)


def level(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.square(samples).mean()))


def test_a_held_chord_is_turned_down_by_far_more_than_the_voice() -> None:
    lost = level(CHORD) - level(clean(CHORD))
    assert lost > 15.0
    assert level(VOICE) - level(clean(VOICE)) < 1.0


def test_a_voice_over_a_chord_comes_nearer_to_the_voice_alone() -> None:
    both = VOICE + 0.5 * CHORD
    before, after = level(both - VOICE), level(clean(both) - VOICE)
    assert after < before - 3.0


@each_case("count", [WINDOW, WINDOW + 1, 1600, RATE])
def test_as_many_samples_as_before_and_silence_stays_silence(count: int) -> None:
    assert clean(np.zeros(count, np.float32)).shape == (count,)
    assert not clean(np.zeros(count, np.float32)).any()
    assert np.isfinite(clean(np.random.default_rng(1).normal(0, 0.1, count).astype(np.float32))).all()


@each_case("count", [WINDOW, WINDOW + 1, 1601, 3 * RATE])
def test_it_is_what_scipy_makes_of_it(count: int) -> None:
    samples = np.random.default_rng(2).normal(0, 0.1, count).astype(np.float32)
    frequencies, _, spectrum = signal.stft(samples, RATE, nperseg=WINDOW, noverlap=WINDOW * 3 // 4)
    spectrum[frequencies < LOWEST] = 0.0
    amplitude = np.abs(spectrum)
    noise = SUBTRACTED * np.quantile(amplitude, QUANTILE, axis=1, keepdims=True)
    kept = np.sqrt(np.maximum(1.0 - np.square(noise / np.maximum(amplitude, 1e-9)), LEFT**2))
    _, cleaned = signal.istft(spectrum * kept, RATE, nperseg=WINDOW, noverlap=WINDOW * 3 // 4)
    np.testing.assert_allclose(clean(samples), cleaned[:count], atol=1e-6)
