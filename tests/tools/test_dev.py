"""The file that starts everything, on whatever Python there is."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from musearoo.tools import dev
from tests.architecture.imports import ROOT

DEV = ROOT / "tools" / "dev.py"


def test_it_parses_on_python_3_6() -> None:
    tree = ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"os", "shutil", "subprocess", "sys"}


def test_it_runs_from_anywhere(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, DEV, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    for task in ("setup", "demo", "test", "check", "lock"):
        assert f"\n    {task} " in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for the interpreters")
def test_it_takes_only_a_python_that_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_program(tmp_path / "python3.12", "exit 127")
    _write_program(tmp_path / "python3.11", "echo '[3, 11]'")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.find_supported_python() == [str(tmp_path / "python3.11")]
    _write_program(tmp_path / "python3.12", "echo '[3, 12]'")
    assert dev.find_supported_python() == [str(tmp_path / "python3.12")]


@pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for the interpreters")
def test_another_python_hands_over_with_all_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = tmp_path / "heard"
    _write_program(
        tmp_path / "python3.12", f'if [ "$1" = -c ]; then echo "[3, 12]"; else echo "$@" > {heard}; exit 5; fi'
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    assert dev.main(["test", "-k", "drums"]) == 5
    assert heard.read_text().split() == [str(DEV), "test", "-k", "drums"]


def test_without_a_supported_python_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert dev.main(["test"]) == 1
    assert "needs Python 3.11 or 3.12, and this is 3.9: install one of them" in capsys.readouterr().err


def _write_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
