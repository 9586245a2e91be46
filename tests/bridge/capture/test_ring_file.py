"""The file of a ring: read when it is whole, and refused in a sentence where it is none."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.audio.wave_files import encode_wave
from musearoo.bridge.capture.ring_file import read_ring
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.audio.capture.form import COUNTER, ROUND

RATE = 48_000

BRIEFLY = 0.2
"""Seconds that a test waits for what will not come."""


def some_ring(frames: int = 3000) -> FloatArray:
    ring = np.random.default_rng(3).uniform(-1.5, 1.5, (4, frames)).astype(np.float32)
    ring[COUNTER] = ROUND - frames + np.arange(frames)
    return ring


@pytest.mark.parametrize("form", ["WAV", "WAVEX"])
def test_every_sample_comes_out_as_it_was(tmp_path: Path, form: str) -> None:
    ring = some_ring()
    path = tmp_path / "a.wav"
    soundfile.write(path, ring.T, RATE, subtype="FLOAT", format=form)
    read = read_ring(path, tmp_path)
    assert np.array_equal(read.samples, ring)
    assert read.rate == RATE


def test_what_is_no_number_comes_out_as_it_was(tmp_path: Path) -> None:
    ring = some_ring()
    ring[0, 5], ring[1, 6] = np.nan, np.inf
    path = tmp_path / "a.wav"
    path.write_bytes(encode_wave(ring, RATE, "FLOAT"))
    assert np.array_equal(read_ring(path, tmp_path).samples, ring, equal_nan=True)


def test_a_file_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    ring = some_ring(60_000)
    path, data = tmp_path / "a.wav", encode_wave(ring, RATE, "FLOAT")

    def write_slowly() -> None:
        time.sleep(0.08)
        with path.open("wb") as file:
            for place in range(0, len(data), len(data) // 5 + 1):
                file.write(data[place : place + len(data) // 5 + 1])
                file.flush()
                time.sleep(0.06)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    read = read_ring(path, tmp_path)
    writer.join()
    assert np.array_equal(read.samples, ring)


def test_a_truncated_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(encode_wave(some_ring(), RATE, "FLOAT")[:-1000])
    with pytest.raises(CaptureError, match="breaks off: look whether the disk is full"):
        read_ring(path, tmp_path, BRIEFLY)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="has written no recording: look whether the disk is full"):
        read_ring(tmp_path / "a.wav", tmp_path, BRIEFLY)


def test_a_file_without_samples_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(encode_wave(np.zeros((4, 0), np.float32), RATE, "FLOAT"))
    with pytest.raises(CaptureError, match="breaks off"):
        read_ring(path, tmp_path, BRIEFLY)


def test_a_file_of_another_kind_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"no sound at all" * 100)
    with pytest.raises(AudioFileError, match="is no audio that can be read"):
        read_ring(path, tmp_path, BRIEFLY)


@pytest.mark.parametrize(
    ("channels", "subtype", "told"),
    [(3, "FLOAT", "WAV FLOAT of 3 channels"), (2, "FLOAT", "of 2 channels"), (4, "PCM_16", "WAV PCM_16 of 4 channels")],
)
def test_a_sound_other_than_a_ring_is_reported(tmp_path: Path, channels: int, subtype: str, told: str) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((500, channels), np.float32), RATE, subtype=subtype)
    with pytest.raises(CaptureError, match=f"{told}, not 4 channels of floats: install the device anew"):
        read_ring(path, tmp_path, BRIEFLY)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.truncate(16 * ROUND + (1 << 17))
    with pytest.raises(CaptureError, match="too large for a recording"):
        read_ring(path, tmp_path, BRIEFLY)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    elsewhere = tmp_path / "mine.wav"
    elsewhere.write_bytes(encode_wave(some_ring(), RATE, "FLOAT"))
    link = folder / "a.wav"
    try:
        link.symlink_to(elsewhere)
    except OSError:
        pytest.skip("Windows makes links for those alone who may")
    with pytest.raises(AudioFileError, match="lies outside the folders"):
        read_ring(link, folder, BRIEFLY)
