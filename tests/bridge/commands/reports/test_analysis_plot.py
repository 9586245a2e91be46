"""The picture of an analysis: a file of sensible size, another one for other music, and clear errors."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.commands.reports.analysis_plot import SIZE, plot_analysis
from musearoo.bridge.commands.reports.pictures import DPI
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.estimate import UNKNOWN
from musearoo.engines.music.knowledge.analysis import Analysis, Onset, Rhythm
from tests.bridge.commands.reports.an_analysis import an_analysis
from tests.optional import require

require("matplotlib")


def some_sound(seconds: float) -> Sound:
    times = np.arange(int(seconds * 8_000)) / 8_000
    return Sound.of(np.sin(2 * np.pi * 110 * times) * (0.2 + 0.8 * (times % 0.5 < 0.1)), 8_000)


def size_of(png: Path) -> tuple[int, int]:
    """Width and height as the file's header says."""
    data = png.read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_a_picture_is_drawn_of_everything_and_of_nothing(tmp_path: Path) -> None:
    drawn = {
        "all": (an_analysis(), some_sound(12.5)),
        "dense": (an_analysis(120), None),
        "nothing": (Analysis(0.05, "fast", Rhythm(UNKNOWN)), some_sound(0.05)),
        "onsets": (Analysis(2.0, "fast", Rhythm(UNKNOWN), onsets=(Onset(0.5, 1.0),)), None),
    }
    pictures = set()
    for name, (analysis, sound) in drawn.items():
        path = tmp_path / f"{name}.png"
        plot_analysis(analysis, sound, path, f"{name}.wav")
        assert size_of(path) == (round(SIZE[0] * DPI), round(SIZE[1] * DPI))
        assert 20_000 < path.stat().st_size < 2_000_000
        pictures.add(path.read_bytes())
    assert len(pictures) == len(drawn)


def test_the_same_analysis_is_the_same_picture(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        plot_analysis(an_analysis(), None, tmp_path / name, "x")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_a_name_with_mathematics_in_it_is_plain_text(tmp_path: Path) -> None:
    plot_analysis(an_analysis(), None, tmp_path / "x.svg", "$broken_{$ name.wav")
    assert "broken" in (tmp_path / "x.svg").read_text(encoding="utf-8")


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamError, match=r"plot must be a file that ends in \.png, \.svg, \.pdf"):
        plot_analysis(an_analysis(), None, tmp_path / "x.doc")


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be written: No such file or directory"):
        plot_analysis(an_analysis(), None, tmp_path / "no folder" / "x.png")


def test_without_matplotlib_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(EngineError, match=r"run python3 tools/dev\.py setup --with analysis"):
        plot_analysis(an_analysis(), None, tmp_path / "x.png")
