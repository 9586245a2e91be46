"""Stems as files: right to the sample, as long as was said, and a disk that is full ends in one sentence."""

import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.stems.files import StemWriter, WrittenStems
from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import StemName
from tests.bridge.audio.some_sounds import make_sound, read_sound, residual_db

RATE = 48_000
FULL_DISK = Path("/dev/full")
NAMES: dict[StemName, str] = {"drums": "a · Drums.wav", "bass": "a · Bass.wav"}


def no_report(_fraction: float, _text: str) -> None:
    pass


def write_stems(folder: Path, sound: FloatArray, in_24_bits: bool, gain: float = 1.0) -> WrittenStems:
    """Writes a sound as drums and its half as bass, in blocks of 700, between 100 and 50 frames of silence."""
    channels, frames = sound.shape
    with StemWriter(folder, NAMES, RATE, channels, frames + 150) as writer:
        writer.write_silence(100)
        for at in range(0, frames, 700):
            block = sound[:, at : at + 700] * np.float32(gain)
            writer.write({"drums": block, "bass": block * np.float32(0.5)})
        writer.write_silence(50)
        return writer.finish(in_24_bits, no_report)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("subtype", "error_db"), [("FLOAT", -190.0), ("PCM_24", -120.0)])
def test_files_hold_the_silence_and_the_samples_to_their_last_bit(
    subtype: str, error_db: float, channels: int, tmp_path: Path
) -> None:
    sound = make_sound(2001, RATE, channels)
    in_24_bits = subtype == "PCM_24"
    written = write_stems(tmp_path, sound, in_24_bits)
    assert written.in_24_bits == in_24_bits
    assert written.note == ""
    for name, gain in (("drums", 1.0), ("bass", 0.5)):
        path = tmp_path / f"a · {name.capitalize()}.wav"
        facts = soundfile.info(path)
        assert (facts.format, facts.subtype, facts.samplerate, facts.frames) == ("WAV", subtype, RATE, 2151)
        assert "(should be" not in facts.extra_info  # libsndfile's word for sizes that disagree
        samples = read_sound(path)
        assert not samples[:, :100].any()
        assert not samples[:, -50:].any()
        assert residual_db(samples[:, 100:-50], sound * gain) < error_db
    assert written.peaks["drums"] == pytest.approx(float(np.abs(sound).max()))
    assert {path.name for path in tmp_path.iterdir()} == set(NAMES.values())


def test_what_would_clip_in_24_bits_stays_float_and_says_so(tmp_path: Path) -> None:
    sound = make_sound(500, RATE)
    written = write_stems(tmp_path, sound, True, gain=1.2 / float(np.abs(sound).max()))
    assert not written.in_24_bits
    assert written.note == "The stems stay 32-bit float: drums would clip in 24 bits."
    assert {soundfile.info(path).subtype for path in tmp_path.iterdir()} == {"FLOAT"}
    assert float(np.abs(read_sound(tmp_path / "a · Drums.wav")).max()) == pytest.approx(1.2)


def test_making_24_bits_can_be_given_up(tmp_path: Path) -> None:
    def give_up(_fraction: float, _text: str) -> None:
        raise KeyboardInterrupt

    with StemWriter(tmp_path, NAMES, RATE, 1, 10) as writer:
        writer.write_silence(10)
        with pytest.raises(KeyboardInterrupt):
            writer.finish(True, give_up)
    assert soundfile.info(tmp_path / NAMES["drums"]).subtype == "FLOAT"


def test_more_or_fewer_frames_than_announced_are_a_bug(tmp_path: Path) -> None:
    with StemWriter(tmp_path, NAMES, RATE, 1, 10) as writer:
        writer.write_silence(9)
        with pytest.raises(ValueError, match="9 frames were written of 10"):
            writer.finish(False, no_report)
        with pytest.raises(ValueError, match="more frames than the 10"):
            writer.write({stem: np.zeros((1, 2), np.float32) for stem in NAMES})


@pytest.mark.parametrize(
    "block",
    [
        {"drums": np.zeros((1, 2), np.float32)},
        {"drums": np.zeros((1, 2), np.float32), "bass": np.zeros((1, 3), np.float32)},
        {"drums": np.zeros((2, 2), np.float32), "bass": np.zeros((2, 2), np.float32)},
        {"drums": np.zeros((1, 2), np.float32), "bass": np.full((1, 2), np.nan, np.float32)},
    ],
)
def test_blocks_that_no_separator_may_give_are_a_fault_of_ours(
    block: dict[StemName, FloatArray], tmp_path: Path
) -> None:
    with StemWriter(tmp_path, NAMES, RATE, 1, 10) as writer, pytest.raises(ValueError, match=r"alike|no numbers"):
        writer.write(block)


def test_a_disk_without_room_is_seen_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**9, 0, 70_000_000))
    with pytest.raises(EngineError, match=r"take 32 MB, of which 26 MB are missing on the disk of .*: free some space"):
        StemWriter(tmp_path, NAMES, RATE, 2, 2_000_000).__enter__()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not FULL_DISK.exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_becomes_full_ends_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / NAMES["bass"]).symlink_to(FULL_DISK)
    sentence = f"The disk of {tmp_path} is full, so the stems could not be written: free some space and try again."
    with StemWriter(tmp_path / "draft", NAMES, RATE, 1, 9000) as writer, pytest.raises(EngineError) as failed:
        writer.write_silence(9000)
    assert str(failed.value) == sentence


def test_a_file_that_cannot_be_made_closes_those_that_could(tmp_path: Path) -> None:
    (tmp_path / NAMES["bass"]).mkdir()
    with pytest.raises(EngineError, match="cannot be written to"):
        StemWriter(tmp_path, NAMES, RATE, 1, 10).__enter__()
