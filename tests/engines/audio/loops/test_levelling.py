"""Loudness of loops: per the standard, as requested, never clipping, and independent of the start."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.audio.loops.levelling import MOST_LIMITING_DB, find_peaks, level, measure_loudness
from musearoo.engines.audio.sound_model import FloatArray
from tests.each_case import each_case
from tests.engines.audio.loops.sounds import RATE, even_beats, play_groove


def _groove() -> FloatArray:
    return play_groove(even_beats(120.0, 0.01, 4.0), 4.0)


@each_case("seconds", [0.5, 1.3, 8.0])
def test_a_tone_is_as_loud_as_the_standard_says(seconds: float) -> None:
    # BS.1770-4: 997 Hz at full scale in one channel is -3.01 LKFS.
    time = np.arange(round(seconds * 48_000)) / 48_000
    tone = (0.1 * np.sin(2.0 * np.pi * 997.0 * time)).astype(np.float32)[np.newaxis]
    assert measure_loudness(tone, 48_000) == pytest.approx(-23.01, abs=0.15)


def test_silence_has_no_loudness_and_stays_silent() -> None:
    silence = np.zeros((2, RATE), dtype=np.float32)
    assert measure_loudness(silence, RATE) is None
    assert not level(silence, RATE, -14.0, -1.0).samples.any()


@each_case("asked", [-30.0, -23.0, -20.0])
def test_a_loop_becomes_as_loud_as_asked(asked: float) -> None:
    levelled = level(_groove(), RATE, asked, -1.0)
    assert measure_loudness(levelled.samples, RATE) == pytest.approx(asked, abs=0.05)
    assert levelled.missing_db == pytest.approx(0.0, abs=0.05)


@each_case("ceiling", [-1.0, -6.0])
@each_case("asked", [-16.0, -6.0, None])
def test_no_peak_passes_the_ceiling(asked: float | None, ceiling: float) -> None:
    loud = 3.0 * _groove()
    levelled = level(loud, RATE, asked, ceiling)
    assert 20.0 * np.log10(find_peaks(levelled.samples).max()) <= ceiling + 0.02
    if asked == -6.0:
        assert levelled.missing_db > 1.0
        # Peaks are turned down a little relative to the rest, and no more.
        plain = loud * 10.0 ** (levelled.gain_db / 20.0)
        plain -= plain.mean(axis=1, keepdims=True)
        audible = np.abs(plain) > 0.01
        turned = 20.0 * np.log10(np.abs(levelled.samples[audible] / plain[audible]))
        assert turned.min() > -MOST_LIMITING_DB - 0.1


def test_what_is_quiet_enough_is_left_alone_but_for_its_offset() -> None:
    groove = 0.2 * _groove()
    levelled = level(groove + np.float32(0.1), RATE, None, -1.0)
    assert levelled.gain_db == 0.0
    assert np.allclose(levelled.samples, groove - groove.mean(axis=1, keepdims=True), atol=1e-6)


def test_where_a_loop_begins_changes_nothing() -> None:
    loud = 4.0 * _groove()
    turned = np.roll(loud, 12_345, axis=1)
    levelled, moved = level(loud, RATE, -8.0, -1.0), level(turned, RATE, -8.0, -1.0)
    assert np.allclose(np.roll(levelled.samples, 12_345, axis=1), moved.samples, atol=0.02)
    assert levelled.gain_db == pytest.approx(moved.gain_db, abs=0.2)


def test_peaks_between_samples_are_found() -> None:
    # A quarter of the sample rate, sampled off its peaks, which are 3 dB above the samples.
    tone = np.sin(0.5 * np.pi * np.arange(4_000) + 0.25 * np.pi).astype(np.float32)[np.newaxis]
    assert find_peaks(tone).max() == pytest.approx(1.0, abs=0.02)
