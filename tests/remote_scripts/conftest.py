"""Fixtures: a folder for the daemon's files, and a studio that is connected."""

import shutil
import struct
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.remote_scripts.studio import PROFILES, Studio, studio


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


@pytest.fixture(params=PROFILES)
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
