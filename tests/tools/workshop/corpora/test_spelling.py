"""The bench of spelling: reads what sheets say, leaves out what cannot be compared, and counts what differs."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from musearoo.tools.workshop.corpora.spelling import keys_of, main, measure, read_chords

SIGNS = {"#": 1, "b": -1}
KINDS = {"": "major", "m": "minor", "7": "dominant", "dim": "diminished", "wild": "Neapolitan"}


def _write_sheet(path: Path, fifths: int, chords: str) -> Path:
    harmony = ""
    for word in chords.split():
        root, _, kind = word.partition(":")
        alter = f"<root-alter>{SIGNS[root[1]]}</root-alter>" if len(root) > 1 else ""
        harmony += f"<harmony><root><root-step>{root[0]}</root-step>{alter}</root><kind>{KINDS[kind]}</kind></harmony>"
    key = f"<attributes><key><fifths>{fifths}</fifths></key></attributes>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("song.xml", f"<score><part><measure>{key}{harmony}</measure></part></score>")
    return path


def test_a_sheet_is_read_as_it_stands(tmp_path: Path) -> None:
    chords = read_chords(_write_sheet(tmp_path / "a.mxl", -3, "Eb G#:7 A:wild C:m"))
    assert [(written.root, str(written.chord), written.signature) for written in chords] == [
        ("Eb", "Eb", -3), ("G#", "Ab7", -3), ("C", "Cm", -3),
    ]  # fmt: skip
    assert {str(key) for key in keys_of(chords)} == {"C minor"}
    assert {str(key) for key in keys_of(chords[:2])} == {"Eb major"}


def test_what_differs_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write_sheet(tmp_path / "a.mxl", 0, "C C#:7 C Db:7 C")
    _write_sheet(tmp_path / "b.mxl", -7, "Cb Fb")
    tally = measure(sorted(tmp_path.glob("*.mxl")))
    assert (tally.chords, tally.with_signs, tally.undecided) == (5, 2, 1), "seven flats are not compared"
    assert dict(tally.other) == {("C major", "C#7", "Db7"): 1}
    assert main([str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "spelt otherwise than on the sheet: 1 (20.00%)" in shown
    assert "C major: C#7 on the sheet, Db7 here" in shown


def test_a_folder_without_chords_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no chords" in capsys.readouterr().err
