"""Sentences by speech synthesisers, and the rule by which music lies under them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.tools.bench.voice import spoken
from musearoo.tools.bench.voice.spoken import (
    ACTIVE_DB,
    CEILING,
    FLITE,
    HISS_DB,
    PAUSE,
    RATE,
    Speaker,
    SpeakError,
    Voice,
)
from tests.each_case import each_case

SYLLABLE = 0.15
"""Seconds of the bursts that stand for speech here."""


def a_voice(level: float = 0.2, pause: float = 0.3) -> Voice:
    """Four bursts of a tone with pauses between them, float32 at RATE."""
    time = np.arange(round(SYLLABLE * RATE)) / RATE
    burst = level * np.sin(2.0 * np.pi * 200.0 * time)
    silence = np.zeros(round(pause * RATE))
    return np.concatenate([part for _ in range(4) for part in (burst, silence)]).astype(np.float32)


def some_music(seconds: float) -> Voice:
    return (0.3 * np.random.default_rng(3).standard_normal(round(seconds * RATE))).astype(np.float32)


def rms_db(sound: Voice) -> float:
    return float(10.0 * np.log10(np.square(sound, dtype=np.float64).mean()))


def test_the_level_of_speech_knows_nothing_of_its_pauses() -> None:
    tone = 20.0 * np.log10(0.2 / np.sqrt(2.0))
    for pause in (0.0, 0.3, 1.0):
        assert spoken.speech_level(a_voice(pause=pause)) == pytest.approx(tone, abs=0.5)
    soft = 0.01 * some_music(2.0)
    assert rms_db(soft) < tone - ACTIVE_DB
    beside = np.concatenate([a_voice(), soft])
    assert spoken.speech_level(beside) == pytest.approx(tone, abs=0.5), "what is far below the voice is none"


def test_silence_has_no_level() -> None:
    assert spoken.speech_level(np.zeros(RATE, np.float32)) == float("-inf")
    assert spoken.speech_level(np.zeros(0, np.float32)) == float("-inf")


@each_case("below", [20.0, 10.0, -20.0])
@each_case("loudness", [1.0, 0.01])
def test_music_lies_as_far_below_the_voice_as_was_asked(below: float, loudness: float) -> None:
    voice = a_voice()
    mixed = spoken.lay_under(voice, some_music(10.0) * np.float32(loudness), below)
    # The voice was turned down by some factor, or not at all: what is left when it is taken out is the music.
    music = some_music(10.0)[: len(voice)]
    parts, *_ = np.linalg.lstsq(np.stack([voice, music], axis=1).astype(np.float64), mixed.astype(np.float64))
    assert 0.0 < parts[0] < 1.001
    under = rms_db((parts[1] * music).astype(np.float32))
    over = spoken.speech_level((parts[0] * voice).astype(np.float32))
    assert over - under == pytest.approx(below, abs=0.1)
    assert np.abs(mixed).max() <= CEILING + 1e-6


def test_short_music_is_repeated_and_silent_music_refused() -> None:
    voice = a_voice()
    mixed = spoken.lay_under(voice, some_music(0.1), 0.0)
    assert len(mixed) == len(voice)
    assert np.abs(mixed[-RATE // 10 :]).max() > 0.01
    with pytest.raises(ValueError, match="silent"):
        spoken.lay_under(voice, np.zeros(RATE, np.float32), 10.0)


def test_a_microphone_is_never_quite_silent() -> None:
    voice = a_voice()
    sound = spoken.add_pauses(voice)
    assert len(sound) == len(voice) + 2 * round(PAUSE * RATE)
    assert rms_db(sound[: round(PAUSE * RATE)]) == pytest.approx(spoken.speech_level(voice) + HISS_DB, abs=0.5)
    assert np.array_equal(sound, spoken.add_pauses(voice)), "the same every time"


@each_case("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_and_strength_at_another_rate(rate: int) -> None:
    tone = (0.5 * np.sin(2.0 * np.pi * 1_000.0 * np.arange(rate) / rate)).astype(np.float32)
    resampled = spoken.resample(tone, rate)
    assert len(resampled) == RATE
    spectrum = np.abs(np.fft.rfft(resampled * np.hanning(RATE)))
    assert int(spectrum.argmax()) == 1_000
    assert rms_db(resampled[1_000:-1_000]) == pytest.approx(rms_db(tone), abs=0.1)


def test_what_no_rate_of_16_khz_can_hold_is_filtered_out() -> None:
    tone = (0.5 * np.sin(2.0 * np.pi * 11_000.0 * np.arange(48_000) / 48_000)).astype(np.float32)
    assert rms_db(spoken.resample(tone, 48_000)[500:-500]) < rms_db(tone) - 50.0


def test_a_file_has_what_a_recogniser_is_fed(tmp_path: Path) -> None:
    voice = a_voice()
    path = spoken.write_flac(tmp_path / "a.flac", voice)
    samples, rate = soundfile.read(path, dtype="int16")
    assert rate == RATE
    assert samples.astype("<i2").tobytes() == spoken.as_int16(voice)
    assert np.abs(spoken.read_sound(path) - voice).max() < 1.0 / 32_768


@pytest.mark.skipif(not spoken.is_installed("flite"), reason="flite is not installed")
def test_flite_says_a_sentence_which_is_kept(tmp_path: Path) -> None:
    once = spoken.speak("mute the bass", FLITE[0], tmp_path)
    assert 0.8 < len(once) / RATE < 2.0
    (kept,) = tmp_path.iterdir()
    assert np.array_equal(once, spoken.speak("mute the bass", FLITE[0], tmp_path))
    assert list(tmp_path.iterdir()) == [kept]
    assert spoken.main(["mute the bass", "--out", str(tmp_path / "a.flac")]) == 0
    assert abs(soundfile.info(tmp_path / "a.flac").frames - len(once)) <= 1


def test_who_cannot_speak_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SpeakError, match="flute is not installed"):
        spoken.say("mute the bass", Speaker("flute", "slt"), tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeakError, match="apt install flite"):
        spoken.say("mute the bass", FLITE[0], tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


@pytest.mark.skipif(not spoken.is_installed("espeak-ng"), reason="espeak-ng is not installed")
def test_a_voice_that_the_program_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpeakError, match="espeak-ng nobody did not speak"):
        spoken.say("mute the bass", Speaker("espeak-ng", "nobody"), tmp_path)
    assert list(tmp_path.iterdir()) == []
