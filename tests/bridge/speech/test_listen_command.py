"""`musearoo listen`: recorded sentences in any kind of file, and everything that is no sentence."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools.bench.voice.spoken import read_sound
from musearoo.tools.workshop.generate.recordings import read_recordings
from tests.bridge.commands.command_line import Output, failure_of, report_of
from tests.optional import require

require("pocketsphinx")


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for all tests here: it keeps what the recogniser is built from, which takes seconds to make."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(shared_home))
    return shared_home


def path_of(name: str) -> str:
    return str(read_recordings()[name].path)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return tmp_path / "said.wav"


def test_the_shape_that_is_promised(capsys: Output) -> None:
    report = report_of(capsys, "listen", path_of("mute_bass"))
    assert (report["text"], report["intent"], report["slots"]) == ("mute the bass", "mute", {"target": "bass"})
    assert 0.5 <= report["confidence"] <= 1.0
    assert report["ms"] > 0.0
    assert report["answer"]


def test_a_soft_stereo_file_of_another_rate(capsys: Output, clip: Path) -> None:
    said = np.repeat(read_sound(read_recordings()["undo"].path), 3) * 0.02
    soundfile.write(clip, np.stack([said, said], axis=1), 48_000)
    assert main(["listen", str(clip)]) == 0
    said_of_it = capsys.readouterr().out
    assert said_of_it.startswith("“undo that” (")


def test_other_sentences_are_not_understood(capsys: Output) -> None:
    assert "is not understood" in failure_of(capsys, "listen", path_of("outside"))


@pytest.mark.parametrize("level", [0.0, 0.001])
def test_a_file_in_which_nobody_speaks(capsys: Output, clip: Path, level: float) -> None:
    soundfile.write(clip, np.random.default_rng(3).normal(0.0, 1.0, 32_000) * level, 16_000)
    assert "Nobody speaks in" in failure_of(capsys, "listen", str(clip))


def test_a_file_that_is_no_sentence(capsys: Output, clip: Path) -> None:
    soundfile.write(clip, np.zeros(62 * 8_000), 8_000)
    assert "lasts more than 60 seconds: an order is one sentence" in failure_of(capsys, "listen", str(clip))


def test_no_file_and_no_sound(capsys: Output, clip: Path) -> None:
    assert str(clip) in failure_of(capsys, "listen", str(clip))
    clip.write_text("this is no sound")
    assert str(clip) in failure_of(capsys, "listen", str(clip))


def test_without_pocketsphinx_the_error_says_what_to_install(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    assert "voice" in failure_of(capsys, "listen", path_of("undo"))
