"""The level of renders, held against the exact measurement of BS.1770-4."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from musearoo.bridge.renders.level import CEILING_DB, LOUDNESS, choose_loudness, level_samples
from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.audio.loops.levelling import measure_loudness
from musearoo.engines.music.clip import Clip
from tests.bridge.renders.some_takes import BAND, BASS, DRUMS, LINE

RATE = 44_100
CEILING = 10.0 ** (CEILING_DB / 20.0)


def tone(decibels: float, seconds: float = 2.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    wave = 10.0 ** (decibels / 20.0) * np.sin(2.0 * np.pi * 440.0 * time)
    return np.stack([wave, wave]).astype(np.float32)


def with_clicks(decibels: float) -> np.ndarray:
    """A soft tone with a loud burst twice a second, as a drummer's."""
    sound = tone(decibels - 24.0)
    for start in range(0, sound.shape[1], RATE // 2):
        sound[:, start : start + 150] *= np.float32(10.0 ** (24.0 / 20.0))
    return sound


def test_soft_and_loud_sounds_reach_the_same_loudness() -> None:
    for decibels in (-50.0, -30.0, -12.0):
        levelled = level_samples(tone(decibels), RATE, LOUDNESS)
        assert levelled.dtype == np.float32
        assert measure_loudness(levelled, RATE) == pytest.approx(LOUDNESS, abs=0.3), decibels


def test_peaks_stay_below_the_ceiling_and_what_is_between_them_keeps_its_shape() -> None:
    sound = with_clicks(-6.0)
    levelled = level_samples(sound, RATE, LOUDNESS)
    assert np.abs(levelled).max() == pytest.approx(CEILING, abs=0.01)
    assert np.abs(levelled).max() <= CEILING
    # Three decibels of limiting at most: the soft tone gains what the bursts are denied, and no more.
    quiet = slice(5_000, 15_000)
    gain = 20.0 * np.log10(np.abs(levelled[:, quiet]).max() / np.abs(sound[:, quiet]).max())
    assert gain == pytest.approx(CEILING_DB + 6.0 + 3.0, abs=0.1)


def test_silence_stays_silent_and_what_is_too_short_to_be_measured_keeps_its_level() -> None:
    silence = np.zeros((2, 1000), np.float32)
    assert not level_samples(silence, RATE, LOUDNESS).any()
    short = tone(-20.0, seconds=0.1)
    assert np.array_equal(level_samples(short, RATE, LOUDNESS), short)
    assert np.abs(level_samples(tone(0.0, seconds=0.1), RATE, LOUDNESS)).max() <= CEILING * 1.0001


def test_what_is_played_softer_is_meant_to_be_softer_within_bounds() -> None:
    def at(velocity: float) -> float:
        clip = LINE.with_notes(replace(note, velocity=velocity) for note in LINE.notes)
        return choose_loudness([TakePart.of(clip, "bass")])

    assert at(95.0) == pytest.approx(LOUDNESS)
    assert at(76.0) == pytest.approx(LOUDNESS - 1.94, abs=0.01)
    assert at(1.0) == LOUDNESS - 3.0
    assert at(127.0) == pytest.approx(LOUDNESS + 2.52, abs=0.01)
    assert at(60.0) < at(80.0) < at(100.0)


def test_muted_and_missing_notes_do_not_count() -> None:
    muted = LINE.with_notes(replace(note, mute=True, velocity=1.0) for note in LINE.notes)
    assert choose_loudness([TakePart.of(muted, "bass")]) == LOUDNESS
    assert choose_loudness([TakePart.of(Clip("nothing", 4.0), "bass"), BASS]) == choose_loudness([BASS])
    assert choose_loudness(BAND) == pytest.approx(sum(choose_loudness([part]) for part in BAND) / 3)
    assert choose_loudness([DRUMS]) != LOUDNESS
