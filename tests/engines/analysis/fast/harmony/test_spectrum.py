"""The semitone spectrum: pitches where they were played, at any rate, level and tuning."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.harmony.decimation import decimate
from musearoo.engines.analysis.fast.harmony.spectrum import LOWEST_PITCH, compute_harmonic_spectrum
from tests.each_case import each_case
from tests.engines.analysis.fast.harmony.sounds import RATE, play_chords, play_drums, tone


def _strongest(sound: Sound) -> int:
    return LOWEST_PITCH + int(compute_harmonic_spectrum(sound).salience.mean(axis=0).argmax())


@each_case("pitch", [28, 33, 40, 49, 50, 51, 60, 72, 84, 95])
def test_a_pure_tone_stands_out_at_its_own_pitch(pitch: int) -> None:
    time = np.arange(RATE * 2) / RATE
    assert _strongest(Sound.of(np.sin(2.0 * np.pi * 440.0 * 2.0 ** ((pitch - 69) / 12) * time), RATE)) == pitch


@each_case("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_the_rate_does_not_matter(rate: int) -> None:
    here = compute_harmonic_spectrum(play_chords(["Am", "F"], rate=rate)).salience
    usual = compute_harmonic_spectrum(play_chords(["Am", "F"], rate=44_100)).salience
    assert here.shape == usual.shape
    cosine = np.sum(here * usual) / np.sqrt(np.sum(here**2) * np.sum(usual**2))
    assert cosine > 0.97


def test_level_does_not_matter() -> None:
    sound = play_chords(["Dm7", "G7"])
    softer = Sound.of(sound.samples * 0.01, sound.rate)
    np.testing.assert_allclose(
        compute_harmonic_spectrum(softer).salience, compute_harmonic_spectrum(sound).salience, atol=1e-2
    )


@each_case("cents", [-45.0, -20.0, 0.0, 10.0, 35.0])
def test_tuning_is_found_and_taken_out(cents: float) -> None:
    spectrum = compute_harmonic_spectrum(play_chords(["C", "Am", "F", "G"], cents=cents))
    assert spectrum.tuning_cents == pytest.approx(cents, abs=4.0)
    in_tune = compute_harmonic_spectrum(play_chords(["C", "Am", "F", "G"]))
    cosine = np.sum(spectrum.salience * in_tune.salience)
    cosine /= np.linalg.norm(spectrum.salience) * np.linalg.norm(in_tune.salience)
    assert cosine > 0.97


def test_drums_stand_out_less_than_tones() -> None:
    drums, chords = compute_harmonic_spectrum(play_drums()), compute_harmonic_spectrum(play_chords(["C", "F"] * 2))
    assert drums.salience[:, 12:].mean() < 0.5 * chords.salience[:, 12:].mean()


def test_short_and_silent_sounds_have_spectra() -> None:
    for seconds in (0.05, 0.2, 1.0):
        spectrum = compute_harmonic_spectrum(Sound.of(tone(60, seconds), RATE))
        assert spectrum.salience.shape == (int(seconds * 10) + 1, 80)
        assert np.isfinite(spectrum.salience).all()
    silent = compute_harmonic_spectrum(Sound.of(np.zeros(RATE), RATE))
    assert not silent.salience.any()
    assert not silent.levels.any()


def test_decimation_equals_filtering_and_slicing() -> None:
    samples = np.random.default_rng(1).normal(size=1_003).astype(np.float32)
    # An impulse gives the filter itself.
    impulse = np.zeros(257, dtype=np.float32)
    kernel = np.empty(257)
    for shift in range(4):
        impulse[:] = 0.0
        impulse[128 + shift] = 1.0
        response = decimate(impulse, 4)
        kernel[shift::4][: response.size] = response[: kernel[shift::4].size]
    for place, value in enumerate(decimate(samples, 4)):
        # Output k sees sample 4 k + d with the weight that an impulse at 128 + d has in output 32.
        expected = sum(
            decimate_weight(kernel, offset) * samples[4 * place + offset]
            for offset in range(-16, 16)
            if 0 <= 4 * place + offset < samples.size
        )
        assert value == pytest.approx(expected, abs=1e-4)


def decimate_weight(kernel: np.ndarray, offset: int) -> float:
    """The weight of the sample `offset` after the centre, read off the responses to four impulses."""
    shift = offset % 4
    return float(kernel[shift::4][32 - (offset - shift) // 4])
