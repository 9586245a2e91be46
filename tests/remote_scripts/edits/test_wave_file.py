"""The length of WAV files as the script reads it, against what wrote them."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.remote_scripts.MuseAroo.edits.refusal import EditError
from musearoo.remote_scripts.MuseAroo.edits.wave_file import wave_length
from tests.strange_files import STRANGE, WAITING, make_strange


@pytest.mark.parametrize("container", ["WAV", "WAVEX", "RF64"])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("frames", [1, 4001])
def test_every_format_gives_its_length(tmp_path: Path, container: str, subtype: str, frames: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((frames, 2)), 96000, subtype, format=container)
    assert wave_length(str(path)) == (frames, 96000)


def test_chunks_before_the_sound_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    odd = struct.pack("<4sI", b"note", 3) + b"abc\0"
    sound = struct.pack("<4sI", b"data", 6) + bytes(6)
    body = b"WAVE" + odd + head + sound
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert wave_length(str(path)) == (3, 8000)


def test_what_is_no_whole_wav_file_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)
        file.setframerate(44100)
        file.writeframes(bytes(60))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(EditError, match="is no whole WAV file: render it again"):
            wave_length(str(path))
    path.write_bytes(b"fLaC" + whole[4:])
    with pytest.raises(EditError, match="no whole WAV"):
        wave_length(str(path))


@pytest.mark.parametrize("kind", STRANGE)
def test_live_never_waits_for_what_is_no_file(tmp_path: Path, kind: str) -> None:
    path = make_strange(kind, tmp_path / "a.wav")
    with pytest.raises((EditError, OSError), match="it is no regular file" if kind in WAITING else "."):
        wave_length(str(path))
