"""`musearoo learn`: the style that it writes, what it says of bad files, and what it never writes over."""

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

import musearoo.bridge.commands.learn as learn
from musearoo.bridge.cli import main
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.music.midi_files.song import encode_midi_file
from tests.bridge.commands.command_line import Output, failure_of, home, report_of
from tests.engines.players.learning.songs import songs_in

__all__ = ["home"]


@pytest.fixture(autouse=True)
def steps_back(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """By how much the process has stepped back; a test must not do so for all that come after it."""
    steps: list[int] = []
    monkeypatch.setattr(os, "nice", steps.append, raising=False)
    return steps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four files of funk, one of them deeper down."""
    folder = tmp_path / "my tunes"
    (folder / "old").mkdir(parents=True)
    for number, song in enumerate(songs_in("funk", 6)[:4]):
        parts = {part.name: part.clip for part in song.parts}
        name = f"old/{number}.MID" if number == 3 else f"{number}.mid"
        (folder / name).write_bytes(encode_midi_file(parts, song.bpm))
    return folder


def test_a_style_is_learned_and_played(capsys: Output, folder: Path, home: Path, steps_back: list[int]) -> None:
    report = report_of(capsys, "learn", str(folder))
    assert (report["name"], report["songs"], report["bars"]) == ("my tunes", 4, 32)
    assert report["learned"] == ["drums", "bass", "harmony"]
    assert Path(report["out"]) == home / "styles" / "my_tunes.yaml"
    assert steps_back == [learn.NICE]
    styles = read_styles(home / "styles")
    assert styles["my tunes"].based_on == report["based_on"] != "my tunes"
    take = report_of(capsys, "generate", "drummaroo", "--style=my tunes", "--seed=1")
    assert take["style"] == "my tunes"


def test_what_was_learned_may_be_learned_anew_but_not_what_was_changed(capsys: Output, folder: Path) -> None:
    out = Path(report_of(capsys, "learn", str(folder), "--name=mine")["out"])
    text = out.read_text(encoding="utf-8")
    assert report_of(capsys, "learn", str(folder), "--name=mine")["out"] == str(out)
    assert out.read_text(encoding="utf-8") == text
    out.write_text("# My own.\n" + text, encoding="utf-8")
    assert "give another --name or --out" in failure_of(capsys, "learn", str(folder), "--name=mine")
    assert out.read_text(encoding="utf-8").startswith("# My own.")


def test_broken_files_are_named_and_the_others_used(capsys: Output, folder: Path, tmp_path: Path) -> None:
    (folder / "torn.mid").write_bytes(b"MThd, but no more")
    (folder / "empty.mid").write_bytes(encode_midi_file({}))
    (folder / "noise.wav").write_bytes(b"RIFF, but no more")
    (folder / "notes.txt").write_text("not asked")
    assert main(["learn", str(folder), f"--out={tmp_path / 'out.yaml'}"]) == 0
    said = capsys.readouterr()
    assert "learned from 4 files" in said.out
    for name in ("torn.mid", "empty.mid", "noise.wav"):
        assert name in said.err
    assert "notes.txt" not in said.err
    assert (tmp_path / "out.yaml").exists()


def test_audio_without_a_beat_is_left_out(capsys: Output, folder: Path, tmp_path: Path) -> None:
    soundfile.write(folder / "hush.wav", np.zeros(44100 * 3, dtype=np.float32), 44100)
    assert main(["learn", str(folder), f"--out={tmp_path / 'out.yaml'}"]) == 0
    assert capsys.readouterr().err.endswith("hush.wav is left out: audio must be with a clear beat.\n")


def test_a_style_that_replaces_a_shipped_one_is_reported(capsys: Output, folder: Path, tmp_path: Path) -> None:
    assert main(["learn", str(folder), "--name=funk"]) == 0
    assert "takes the place of MuseAroo's own funk" in capsys.readouterr().out
    assert main(["learn", str(folder), "--name=funk", f"--out={tmp_path / 'elsewhere.yaml'}"]) == 0
    assert "takes the place" not in capsys.readouterr().out


def test_ctrl_c_leaves_nothing_behind(
    capsys: Output, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(learn, "learn_style", interrupted)
    out = tmp_path / "new" / "out.yaml"
    assert main(["learn", str(folder), f"--out={out}"]) == 1
    assert not out.parent.exists()
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_reported_in_one_line(capsys: Output, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in failure_of(capsys, "learn", str(folder), f"--out={tmp_path / 'file' / 'out.yaml'}")


def test_folders_without_music_are_reported_in_one_line(capsys: Output, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "is no folder" in failure_of(capsys, "learn", str(tmp_path / "nowhere"))
    assert "holds no MIDI files and no audio clips" in failure_of(capsys, "learn", str(empty))
    assert "1 to 60 characters" in failure_of(capsys, "learn", str(empty), f"--name={'x' * 61}")
    (empty / "torn.mid").write_bytes(b"MThd")
    assert "torn.mid is left out" in failure_of(capsys, "learn", str(empty))
    song = songs_in("funk", 6)[0]
    (empty / "torn.mid").write_bytes(
        encode_midi_file({"drums": song.parts[0].clip.with_notes(song.parts[0].clip.notes[:3])}, song.bpm)
    )
    assert "at least 4 bars of drums" in failure_of(capsys, "learn", str(empty))
