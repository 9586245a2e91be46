"""Audio headers: the kinds Live imports, and broken ones."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musearoo.tools.live_simulator.core.audio_file import BAD_FILE, read_audio_file, write_silence


def write_aiff(path: Path, frames: int, rate: int, channels: int) -> None:
    exponent = rate.bit_length() - 1
    extended = struct.pack(">HQ", 16383 + exponent, rate << (63 - exponent))
    common = struct.pack(">hIh", channels, frames, 16) + extended
    sound = struct.pack(">II", 0, 0) + bytes(2 * channels * frames)
    chunks = b"COMM" + struct.pack(">I", len(common)) + common
    chunks += b"SSND" + struct.pack(">I", len(sound)) + sound
    path.write_bytes(b"FORM" + struct.pack(">I", 4 + len(chunks)) + b"AIFF" + chunks)


def write_flac_header(path: Path, frames: int, rate: int, channels: int) -> None:
    packed = rate << 44 | (channels - 1) << 41 | 15 << 36 | frames
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + struct.pack(">Q", packed) + bytes(16)
    path.write_bytes(b"fLaC" + bytes([0x80]) + len(info).to_bytes(3, "big") + info)


@pytest.mark.parametrize("rate", [22050, 44100, 48000, 88200, 96000, 192000])
@pytest.mark.parametrize("channels", [1, 2])
def test_headers_are_read(tmp_path: Path, rate: int, channels: int) -> None:
    frames = 1234
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(3)
        file.setframerate(rate)
        file.writeframes(bytes(3 * channels * frames))
    write_aiff(tmp_path / "a.aif", frames, rate, channels)
    write_flac_header(tmp_path / "a.flac", frames, rate, channels)
    for name in ("a.wav", "a.aif", "a.flac"):
        facts = read_audio_file(str(tmp_path / name))
        assert (facts.frames, facts.sample_rate, facts.channels) == (frames, float(rate), channels), name
        assert facts.seconds == frames / rate


def test_silence_is_read_back_by_the_standard_library(tmp_path: Path) -> None:
    path = str(tmp_path / "silence.wav")
    write_silence(path, 0.5, 48000, 2)
    with wave.open(path) as file:
        assert (file.getnframes(), file.getframerate(), file.getnchannels()) == (24000, 48000, 2)
    assert read_audio_file(path).frames == 24000


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.wav"
    write_silence(str(whole), 0.1)
    data = whole.read_bytes()
    cut = tmp_path / "cut.wav"
    for length in (0, 3, 11, 20, 40, len(data) - 1):
        cut.write_bytes(data[:length])
        with pytest.raises(ValueError, match=BAD_FILE):
            read_audio_file(str(cut))


@given(st.binary(max_size=200), st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF", b"fLaC"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, magic: bytes) -> None:
    path = tmp_path / "any.wav"
    path.write_bytes(magic + data)
    try:
        facts = read_audio_file(str(path))
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = "" if facts.frames > 0 else "no frames"
    assert refusal in ("", BAD_FILE)
