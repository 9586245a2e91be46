"""The command: what it prints, and how it ends."""

from pathlib import Path

import pytest

from musearoo.tools.workshop.lint.device.__main__ import main
from musearoo.tools.workshop.lint.device.linter import RULES, check_files
from musearoo.tools.workshop.lint.device.reading.findings import Ground
from tests.tools.workshop.lint.device.good import BUILT, FOLDER


def test_clean_files_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FOLDER / "MuseAroo MIDI.maxpat"), "--only", "structure"]) == 0
    assert capsys.readouterr().out == "Findings: 0. Files: 1.\n"


def test_findings_are_printed_and_end_badly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "a.js"
    script.write_text("function bang() { post(1); }\n", "utf-8")
    assert main([str(script)]) == 1
    assert capsys.readouterr().out == (
        "a.js, line 1: post() writes to Max's console [script-console]\nFindings: 1. Files: 1.\n"
    )


@pytest.mark.parametrize("name", ["missing.amxd", "notes.txt"])
def test_what_cannot_be_read_is_said(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("notes", "utf-8")
    assert main([str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.maxpat", b"{", "container"),
        ("a.maxpat", b"[]", "container"),
        ("a.maxpat", b"\xff", "container"),
        ("a.amxd", b"", "container"),
        ("a.js", b"\xff", "script-bytes"),
    ],
)
def test_garbage_is_a_finding(name: str, content: bytes, rule: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert [finding.rule for finding in check_files([tmp_path / name])] == [rule]


def test_the_rules_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(RULES)
    assert lines[0].startswith("structure")


def test_the_patchers_beside_the_devices_are_clean() -> None:
    assert check_files(FOLDER / name.replace(".amxd", ".maxpat") for name in BUILT) == []


def test_only_the_grounds_that_are_asked_for_are_told(tmp_path: Path) -> None:
    script = tmp_path / "a.js"
    script.write_text("function bang() { post(1); count = 1; }\n", "utf-8")
    found = {ground: [finding.rule for finding in check_files([script], [ground])] for ground in Ground}
    assert found == {
        Ground.STRUCTURE: [],
        Ground.GUIDELINE: ["script-console"],
        Ground.SCRIPT: ["script-global"],
        Ground.HOUSE: [],
    }
