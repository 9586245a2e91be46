"""Melodies from audio and from notes, as chroma."""

from pathlib import Path

import numpy as np
import pytest

from musearoo.engines.audio.separation.dsp import DspSeparator
from musearoo.engines.audio.sound_model import FloatArray, Sound, TuneNote
from musearoo.engines.errors import ParamError
from musearoo.engines.neural.musicgen.chroma import compute_chroma
from musearoo.engines.neural.musicgen.settings import ChromaSettings
from musearoo.engines.neural.musicgen.tunes import (
    DSP_NOTE,
    AudioTune,
    ChromaExtractor,
    WrittenTune,
    extract_tune,
    require_notes,
)
from tests.each_case import each_case
from tests.optional import require

RATE = 32_000
HEARING = ChromaExtractor(ChromaSettings(), RATE, 30 * RATE)
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def sing(pitches: tuple[int, ...], seconds: float, rate: int = RATE) -> FloatArray:
    """Return tones with some overtones, one after the other, of equal length."""
    time = np.arange(round(seconds * rate)) / rate
    tones = []
    for pitch in pitches:
        frequency = 440.0 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * frequency * part * time) / part for part in (1, 2, 3))
        tones.append(0.2 * tone * np.hanning(len(time)) ** 0.1)
    return np.concatenate(tones).astype(np.float32)


def classes_of(frames: FloatArray) -> list[int]:
    return [int(place) for place in frames.argmax(axis=1)]


def write(pitches: tuple[int, ...], seconds: float) -> tuple[TuneNote, ...]:
    return tuple(TuneNote(place * seconds, pitch, seconds) for place, pitch in enumerate(pitches))


def test_a_sung_scale_is_recognised() -> None:
    frames = compute_chroma(sing(SCALE, 1.024), RATE, ChromaSettings())
    # Eight frames a tone; those in the middle of each overlap no other.
    assert classes_of(frames)[4:64:8] == [pitch % 12 for pitch in SCALE]
    assert np.array_equal(frames.sum(axis=1), np.ones(len(frames)))


def test_a_sound_shorter_than_a_window_is_recognised() -> None:
    assert set(classes_of(compute_chroma(sing((69,), 0.2), RATE, ChromaSettings()))) == {9}


def test_silence_is_a_c_as_audiocraft_has_it() -> None:
    assert np.array_equal(compute_chroma(np.zeros(1, np.float32), RATE, ChromaSettings())[0], HEARING.still()[0])
    soft = ChromaSettings(strongest_only=False)
    assert not ChromaExtractor(soft, RATE, 30 * RATE).still().any()
    assert not compute_chroma(np.zeros(1, np.float32), RATE, soft).any()


def test_notes_and_their_sound_are_followed_alike() -> None:
    analyzed = AudioTune(sing(SCALE, 1.024), HEARING, False, np.zeros(0, np.float32)).frames(0)
    written = WrittenTune(write(SCALE, 1.024), HEARING, 8.192).frames(0)
    assert analyzed.shape == written.shape == (235, 12)
    apart = [place for place in range(64) if classes_of(analyzed)[place] != classes_of(written)[place]]
    assert len(apart) <= 4


def test_a_short_melody_repeats() -> None:
    written = classes_of(WrittenTune(write((60, 67), 1.024), HEARING, 2.048).frames(0))
    assert written[:16] == written[16:32] == written[208:224]
    analyzed = classes_of(AudioTune(sing((60, 67), 1.024), HEARING, True, np.zeros(0, np.float32)).frames(0))
    assert analyzed[4:12] == analyzed[20:28]


def test_a_rest_keeps_the_note_before() -> None:
    tune = WrittenTune((TuneNote(0.0, 64, 0.5), TuneNote(4.0, 67, 0.5)), HEARING, 8.0)
    assert set(classes_of(tune.frames(0))[:28]) == {4}
    assert set(classes_of(tune.frames(0))[36:60]) == {7}


def test_of_a_chord_the_top_is_followed() -> None:
    chord = tuple(TuneNote(0.0, pitch, 2.0) for pitch in (48, 64, 67))
    assert set(classes_of(WrittenTune(chord, HEARING, 2.0).frames(0))) == {7}


def test_a_later_window_goes_on_in_the_tune() -> None:
    wave = sing((60, 62, 64, 65), 5.0)
    for tune in (
        AudioTune(wave, HEARING, True, np.zeros(0, np.float32)),
        WrittenTune(write((60, 62, 64, 65), 5.0), HEARING, 20.0),
    ):
        assert classes_of(tune.frames(6 * RATE))[4] == 2
        assert classes_of(tune.frames(16 * RATE))[4] == 5
        assert classes_of(tune.frames(21 * RATE))[4] == 0


def test_in_front_of_a_tune_is_what_it_continues() -> None:
    lead = sing((70,), 4.0)
    analyzed = classes_of(AudioTune(sing((60,), 4.0), HEARING, False, lead).frames(-4 * RATE))
    assert (set(analyzed[2:28]), set(analyzed[36:60])) == ({10}, {0})
    written = classes_of(WrittenTune(write((60, 62), 4.0), HEARING, 8.0).frames(-4 * RATE))
    assert (set(written[:60]), set(written[68:90])) == ({0}, {2})


def test_drums_and_bass_are_removed_and_this_is_reported() -> None:
    tune, rate = sing(SCALE, 1.0, 44_100), 44_100
    bass = 0.5 * np.sin(2 * np.pi * 46.25 * np.arange(len(tune)) / rate)
    mix = np.stack([tune + bass, tune + bass]).astype(np.float32)
    fractions: list[float] = []
    mono, notes = extract_tune(
        Sound(mix, rate), 5.0, DspSeparator, RATE, lambda fraction, _text: fractions.append(fraction)
    )
    assert mono.shape == (5 * RATE,)
    assert notes == (DSP_NOTE,)
    assert fractions
    found = classes_of(compute_chroma(mono, RATE, ChromaSettings()))
    assert found[4:36:8] == [pitch % 12 for pitch in SCALE[:4]]


def test_demucs_removes_them_if_installed(tmp_path: Path) -> None:
    require("demucs")
    from musearoo.engines.neural.demucs.loading import load_demucs
    from musearoo.engines.neural.demucs.separator import DemucsSeparator
    from musearoo.tools.bench.stems.random_demucs import write_random_demucs

    write_random_demucs(tmp_path, tiny=True)

    def take_separator() -> DemucsSeparator:
        return DemucsSeparator(load_demucs(tmp_path, "htdemucs", "cpu"))

    sound = Sound(sing(SCALE[:2], 0.7)[None], RATE)
    mono, notes = extract_tune(sound, 30.0, take_separator, RATE, lambda _fraction, _text: None)
    assert (mono.shape, notes) == ((round(1.4 * RATE),), ())


@each_case(
    "sound, message",
    [
        (Sound(np.zeros((2, 100), np.float32), RATE), "a sound with a tune in it, but was 'silence'"),
        (Sound(np.zeros((2, 0), np.float32), RATE), "1 or 2 channels"),
        (Sound(np.zeros((3, 10), np.float32), RATE), "1 or 2 channels"),
        (Sound(np.full((1, 10), np.nan, np.float32), RATE), "finite numbers"),
        (Sound(np.ones((1, 10), np.float32), 0), "a rate above 0 Hz"),
    ],
)
def test_sounds_without_a_tune(sound: Sound, message: str) -> None:
    with pytest.raises(ParamError, match=message):
        extract_tune(sound, 30.0, DspSeparator, RATE, lambda _fraction, _text: None)


@each_case(
    "notes",
    [
        (),
        (TuneNote(-1.0, 60, 1.0),),
        (TuneNote(0.0, 60, 0.0),),
        (TuneNote(0.0, 128, 1.0),),
        (TuneNote(float("nan"), 60, 1.0),),
    ],
)
def test_notes_that_are_no_tune(notes: tuple[TuneNote, ...]) -> None:
    with pytest.raises(ParamError, match="melody must be"):
        require_notes(notes)
