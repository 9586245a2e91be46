"""A file in the place of a microphone, and a folder of them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.speech.sound.microphones import MicrophoneError
from musearoo.bridge.speech.sound.sources import FileSource, Sources


class Clock:
    now = 5.0

    def __call__(self) -> float:
        return self.now


def write(path: Path, value: int = 1_000, rate: int = 44_100) -> Path:
    soundfile.write(path, np.full((rate, 2), value, np.int16), rate)
    return path


def test_a_file_is_played_as_time_goes_by_then_it_is_silent(tmp_path: Path) -> None:
    clock = Clock()
    source = FileSource(write(tmp_path / "a.wav"), clock)
    assert (source.rate, source.channels, source.read()) == (44_100, 2, b"")
    clock.now += 0.25
    first = np.frombuffer(source.read(), "<i2")
    assert source.read() == b""
    clock.now += 1.25
    rest = np.frombuffer(source.read(), "<i2")
    assert len(first) == 2 * 11_025
    assert np.array_equal(np.concatenate([first, rest]), np.repeat([1_000, 0], [2 * 44_100, 44_100]))
    assert source.explain_silence() == ""
    assert source.is_running


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    for name in ("a.wav", "none.wav"):
        with pytest.raises(MicrophoneError, match=rf"{name}, which is to be the microphone, cannot be read: "):
            Sources(f"file:{tmp_path / name}", 16_000).open()


def test_files_of_a_folder_follow_one_another(tmp_path: Path) -> None:
    for number, name in enumerate(("b.wav", "a.wav", "c.txt")):
        (tmp_path / name).touch() if name == "c.txt" else write(tmp_path / name, number)
    sources = Sources(f"file:{tmp_path}", 16_000)
    assert [sources.open().name for _ in range(3)] == ["a.wav", "b.wav", "a.wav"]


def test_a_folder_without_sound_is_named(tmp_path: Path) -> None:
    with pytest.raises(MicrophoneError, match="has no WAV or FLAC file in it"):
        Sources(f"file:{tmp_path}", 16_000).open()
