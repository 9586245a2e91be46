"""Fixtures: a folder for the daemon's files, and a studio that is connected."""

import shutil
import struct
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.remote_scripts.studio import PROFILES, Studio, studio

ENDS = ("11.3.25", "12.0.0", "12.3.6")
"""The oldest, the one that knows least, and the newest Live: the whole script is tried in these."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder where the script looks for the daemon."""
    monkeypatch.setenv("MUSEAROO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def room(home: Path) -> Iterator[Studio]:
    """A studio with the newest Live, connected."""
    with studio(home) as made:
        yield made


# What the script does differently from Live to Live, it does in one of the three; tests/path presses in all of them.
@pytest.fixture(params=[pytest.param(name, marks=() if name in ENDS else pytest.mark.long) for name in PROFILES])
def any_room(home: Path, request: pytest.FixtureRequest) -> Iterator[Studio]:
    """A studio with each Live in turn, connected."""
    with studio(home, request.param) as made:
        yield made


@pytest.fixture
def loop_file(tmp_path: Path) -> str:
    """Two seconds of silence as a WAV file where every Live can load it: four beats at 120 BPM."""
    path = tmp_path / "User Library" / "Samples" / "loop.wav"
    path.parent.mkdir(parents=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(struct.pack("<h", 0) * 88200)
    return str(path)


@pytest.fixture
def stem_file(loop_file: str) -> str:
    """A file as long as the loop."""
    path = Path(loop_file).with_name("loop · Drums.wav")
    shutil.copy(loop_file, path)
    return str(path)
