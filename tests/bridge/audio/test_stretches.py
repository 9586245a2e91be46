"""Streams out of files: every sample at its place, whatever the format, and one sentence for what cannot be read."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.files import AudioFileError, find_file
from musearoo.bridge.audio.stretches import FileSource, ResampledSource, resample
from musearoo.engines.audio.separation.contract import FloatArray, Source
from musearoo.engines.audio.separation.samples import Samples
from musearoo.engines.errors import ParamError
from tests.bridge.audio.some_sounds import find_offset, make_sound, residual_db, write_sound
from tests.bridge.audio.test_files import write_with_ffmpeg
from tests.each_case import each_case
from tests.optional import require

IN_BLOCKS = ("IMA_ADPCM", "MPEG_LAYER_III")
"""Their last block may be full, or missing."""

RATES = (8_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)


def open_source(path: Path, start: float = 0.0, end: float | None = None) -> FileSource:
    return FileSource(find_file(path, None), start, end, lambda _fraction, _text: None)


def read_all(source: Source) -> FloatArray:
    return np.concatenate(list(source.blocks()), axis=1)


@pytest.mark.parametrize(
    ("name", "form", "subtype", "error_db"),
    [
        ("a.wav", "WAV", "PCM_16", -70),
        ("a.wav", "WAV", "PCM_24", -100),
        ("a.wav", "WAV", "PCM_32", -100),
        ("a.wav", "WAV", "FLOAT", -190),
        ("a.aif", "AIFF", "PCM_24", -100),
        ("a.flac", "FLAC", "PCM_24", -100),
        ("a.wav", "WAV", "IMA_ADPCM", -10),
        ("a.ogg", "OGG", "VORBIS", -10),
        ("a.mp3", "MP3", "MPEG_LAYER_III", -10),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_it_gives_what_the_file_holds_and_of_a_stretch_the_same_samples(
    name: str, form: str, subtype: str, error_db: float, channels: int, tmp_path: Path
) -> None:
    sound = make_sound(60_000, 44_100, channels)
    path = write_sound(tmp_path / name, sound, 44_100, subtype, form)
    source = open_source(path)
    whole = read_all(source)
    assert (source.rate, source.channels, source.frames) == (44_100, channels, whole.shape[1])
    assert np.array_equal(read_all(source), whole)  # from its start again
    assert find_offset(whole, sound) == 0
    if subtype not in IN_BLOCKS:
        assert whole.shape == sound.shape
    frames = min(whole.shape[1], sound.shape[1])
    assert residual_db(whole[:, :frames], sound[:, :frames]) < error_db
    stretch = open_source(path, 0.5, 1.0)
    assert (stretch.first, stretch.frames, stretch.file_frames) == (22_050, 22_050, whole.shape[1])
    assert np.allclose(read_all(stretch), whole[:, 22_050:44_100], atol=1e-6)


def test_ffmpeg_keeps_positions_too(tmp_path: Path) -> None:
    sound = make_sound(60_000, 44_100)
    source = open_source(write_with_ffmpeg(tmp_path / "a.m4a", sound.T, "aac"), 0.5)
    assert find_offset(read_all(source), sound[:, 22_050:]) == 0
    assert source.file_frames == source.frames + 22_050


def test_what_is_no_number_becomes_silence(tmp_path: Path) -> None:
    sound = make_sound(1000, 44_100, 1)
    sound[0, [10, 20, 30]] = np.nan, np.inf, 1e20
    read = read_all(open_source(write_sound(tmp_path / "a.wav", sound, 44_100)))
    assert not read[0, [10, 20, 30]].any()
    assert np.array_equal(np.delete(read, [10, 20, 30], axis=1), np.delete(sound, [10, 20, 30], axis=1))


@pytest.mark.parametrize("frames", [1, 10])
def test_a_few_samples_are_enough(frames: int, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(frames, 44_100), 44_100)
    assert read_all(open_source(path)).shape == (2, frames)


def test_an_end_behind_the_file_is_its_end_and_a_start_there_is_refused(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(1000, 8000), 8000)
    assert open_source(path, 0.1, 9.0).frames == 200
    with pytest.raises(AudioFileError, match=r"ends after 0\.12 s, before 3\.00 s"):
        open_source(path, 3.0)
    with pytest.raises(ParamError, match="end must be after the start"):
        open_source(path, 3.0, 2.0)


@pytest.mark.parametrize(
    ("channels", "rate", "match"),
    [(3, 44_100, "more than two channels"), (1, 4_000, "rate of 4000 Hz"), (1, 384_000, "rate of 384000 Hz")],
)
def test_sounds_that_have_no_stems_are_refused(channels: int, rate: int, match: str, tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=match):
        open_source(write_sound(tmp_path / "a.wav", make_sound(100, rate, channels), rate))


def test_a_file_without_samples_and_a_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="not one sample"):
        open_source(write_sound(tmp_path / "a.wav", make_sound(0, 44_100), 44_100))
    text = tmp_path / "b.wav"
    text.write_text("This is no sound.")
    with pytest.raises(AudioFileError, match="no audio that can be read"):
        open_source(text)


def test_a_file_longer_than_half_an_hour_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 8000, 1, "PCM_16") as file:
        file.seek(0)
        for _ in range(32):
            file.write(np.zeros(8000 * 60, np.int16))
    with pytest.raises(AudioFileError, match="longer than 31 minutes"):
        open_source(path, 0.0, 8.0)


def test_a_truncated_file_gives_its_readable_part(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(10_000, 44_100, 1), 44_100, "PCM_16")
    os.truncate(path, 10_044)
    with pytest.raises(AudioFileError, match="still being written"):
        open_source(path)
    os.utime(path, (1e9, 1e9))
    source = open_source(path)
    assert source.frames == read_all(source).shape[1] == 5000
    assert "another length than the file has" in source.note


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda path: path.unlink(), "moved or deleted while it was being split"),
        (lambda path: path.write_bytes(b"RIFF" * 1000), "was changed while it was being split"),
        (lambda path: os.truncate(path, 1000), "was changed while it was being split"),
    ],
)
def test_a_file_that_goes_or_changes_meanwhile_is_refused(
    change: Callable[[Path], object], match: str, tmp_path: Path
) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(200_000, 44_100), 44_100)
    source = open_source(path)
    blocks = source.blocks()
    next(blocks)
    change(path)
    with pytest.raises(AudioFileError, match=match):
        list(blocks)
    with pytest.raises(AudioFileError, match=match):
        next(source.blocks())


@each_case("rate", RATES)
@each_case("seconds", [0.5, 1.1])
def test_there_and_back_again_no_sample_moves_or_is_lost(rate: int, seconds: float) -> None:
    require("soxr")
    sound = make_sound(round(seconds * rate) + 1, rate)
    there = ResampledSource(Samples(sound, rate, block=4_999), 44_100)
    samples = read_all(there)
    assert samples.shape == (2, there.frames)
    assert 0 <= there.frames / 44_100 - sound.shape[1] / rate < 1 / 44_100
    back = np.concatenate(list(resample([samples], 44_100, rate, sound.shape[1])), axis=1)
    assert back.shape == sound.shape
    assert find_offset(back, sound) == 0
    inside = slice(rate // 50, -rate // 50)
    assert residual_db(back[:, inside], sound[:, inside]) < -80


@each_case("rate", [8_000, 48_000, 192_000])
@each_case("frames", [1, 2, 10])
def test_a_few_samples_have_their_number_at_any_rate(rate: int, frames: int) -> None:
    require("soxr")
    there = ResampledSource(Samples(np.full((1, frames), 0.5, np.float32), rate, block=4_999), 44_100)
    samples = read_all(there)
    assert samples.shape == (1, there.frames)
    back = np.concatenate(list(resample([samples], 44_100, rate, frames)), axis=1)
    assert back.shape == (1, frames)
    assert np.isfinite(back).all()
    assert back.any()
