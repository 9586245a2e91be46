"""Names as users give them, with brackets and all, are shown as they are: rich takes brackets for markup."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from musearoo.bridge.cli import main
from musearoo.bridge.commands import catalogue, generate, song
from musearoo.bridge.commands.doctor import command as doctor
from musearoo.bridge.commands.doctor.finding import Finding
from musearoo.bridge.commands.shared.status_line import StatusLine
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.core.events.effects import Report
from tests.bridge.commands.command_line import Output, home
from tests.engines.presets_on_disk import STYLES

__all__ = ["home"]

STYLE = "slow [v2]"


def test_the_daemon_reports_any_name_in_one_line() -> None:
    for name in ("Take [v2]", "[/]", "[red]", "a long name " * 20):
        shown = io.StringIO()
        line = StatusLine(Terminal(file=shown, width=40), quiet=False)
        line.show_report(Report(f"“{name}” was split.", warning=True))
        assert shown.getvalue()[9:] == f"“{name}” was split.\n"


def test_installing_names_the_folders_as_they_are(capsys: Output, tmp_path: Path) -> None:
    library = tmp_path / "User Library [old]"
    library.mkdir()
    assert main(["install", f"--user-library={library}"]) == 0
    assert f"write {library / 'Remote Scripts' / 'MuseAroo'}\n" in capsys.readouterr().out


def test_styles_are_listed_under_their_names(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "read_styles", lambda _folder: {STYLE: replace(STYLES["funk"], name=STYLE)})
    assert main(["styles"]) == 0
    assert STYLE in capsys.readouterr().out


def test_the_doctor_tells_names_as_they_are(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Finding("Styles", "note", STYLE, f"Mend styles/{STYLE}.yaml.")
    monkeypatch.setattr(doctor, "examine", lambda *_: [found])
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == f"note  Styles: {STYLE}\n      Mend styles/{STYLE}.yaml.\n"


def test_songs_and_takes_are_reported_with_their_files_in_one_line(
    capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = {STYLE: replace(STYLES["funk"], name=STYLE)}
    monkeypatch.setattr(song, "read_styles", lambda _folder: styles)
    monkeypatch.setattr(generate, "read_styles", lambda _folder: styles)
    monkeypatch.setenv("COLUMNS", "40")
    folder = tmp_path / "Songs [old]"
    assert main(["song", f"--style={STYLE}", "--seconds=15", "--seed=1", f"--out={folder}"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{STYLE}, ")
    assert f"✓ {folder / 'song.mid'}\n" in said
    out = folder / "a take with a long name.mid"
    assert main(["generate", "bass", f"--style={STYLE}", "--bars=1", "--seed=1", f"--out={out}"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert f"style {STYLE} · " in line
    assert line.endswith(f"out {out}")
