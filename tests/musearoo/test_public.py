"""The public face: what Python programs import, and what that costs them."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import musearoo
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.midi_files.song import decode_midi_file
from musearoo.files import _open_analyzer
from musearoo.tools import ROOT
from tests.each_case import each_case


def write_wave(path: Path) -> None:
    """Four seconds of clicks at 120 BPM."""
    samples = np.zeros(4 * 44_100, np.float32)
    samples[:: 44_100 // 2] = 0.8
    soundfile.write(path, samples, 44_100)


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, musearoo; print(sorted({name.split('.')[0] for name in sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert not {"numpy", "scipy", "msgspec", "yaml", "rich", "torch"} & set(eval(shown))


def test_its_names_are_listed_and_no_others_are_there() -> None:
    assert dir(musearoo) == sorted(musearoo.__all__)
    with pytest.raises(AttributeError, match="no attribute 'compose'"):
        musearoo.compose  # noqa: B018


def test_a_seed_gives_the_same_take_and_none_draws_one() -> None:
    first = musearoo.generate("drums", style="funk", bars=2, seed=7)
    assert musearoo.generate("drums", style="funk", bars=2, seed=7) == first
    drawn = musearoo.generate("drums", style="funk", bars=2)
    assert musearoo.generate("drums", style="funk", bars=2, seed=drawn.seed) == drawn


def test_a_take_is_written_as_a_midi_file_and_read_back(tmp_path: Path) -> None:
    take = musearoo.generate("bass", style="house", key="A minor", bars=2, seed=1)
    path = take.write(tmp_path / "bass.mid")
    song = decode_midi_file(path.read_bytes(), path.name)
    assert [note.pitch for note in song.parts["bass"].notes] == [note.pitch for note in take.notes]
    with pytest.raises(OSError, match="missing"):
        take.write(tmp_path / "missing" / "bass.mid")


def test_a_part_follows_the_takes_that_it_is_given() -> None:
    keys = musearoo.generate("harmony", style="soul", key="D minor", chords="Dm7 | G7", bpm=88, bars=2, seed=3)
    bass = musearoo.generate("bass", style="soul", bars=2, seed=3, context=keys)
    assert (bass.bpm, bass.key) == (88, "D minor")
    assert [span.chord.symbol for span in bass.context.chords] == ["Dm7", "G7"]
    assert [part.role for part in bass.context.parts] == ["harmony"]
    quicker = musearoo.generate("bass", style="soul", bars=2, seed=3, bpm=120, context=[keys])
    assert quicker.bpm == 120


@each_case(
    "arguments, said",
    [
        ({"engine": "kazoo"}, "kazoo"),
        ({"engine": "drums", "style": "polka core"}, "polka core"),
        ({"engine": "drums", "bars": 0}, "bars must be"),
        ({"engine": "bass", "colour": "blue"}, "options must be of .*octave"),
        ({"engine": "bass", "key": "H minor"}, "H minor"),
        ({"engine": "bass", "bpm": 90, "context": MusicalContext.plain(bpm=120.0)}, "bpm must be left out"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ParamError, match=said):
        musearoo.generate(**arguments)  # type: ignore[arg-type]


def test_a_file_is_analysed(tmp_path: Path) -> None:
    take = musearoo.generate("drums", style="rock", bpm=120, bars=4, seed=2)
    found = musearoo.analyze(take.write(tmp_path / "drums.mid"))
    assert found.rhythm.tempo.value == pytest.approx(120.0, abs=0.5)


def test_a_deep_analysis_that_cannot_be_had_is_refused_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musearoo.bridge.analysis.files.explain_missing_deep_pass", lambda _settings: "madmom is away")
    monkeypatch.setattr("musearoo.files._open_analyzer", _open_analyzer.__wrapped__)
    with pytest.raises(EngineError, match="madmom is away"):
        musearoo.analyze(tmp_path / "a.wav", deep=True)


def test_the_garbage_collector_of_a_program_is_left_alone(tmp_path: Path) -> None:
    write_wave(tmp_path / "a.wav")
    before = gc.get_freeze_count()
    musearoo.analyze(tmp_path / "a.wav")
    # Where an earlier test froze objects, some of them may be freed meanwhile.
    assert gc.get_freeze_count() <= before
