import importlib.util
import os
import sys
from pathlib import Path

import pytest

from musearoo.tools.workshop.development import checks
from musearoo.tools.workshop.development.checks import CHECKS, OLD_PYTHON_FOLDERS, find_old_python, run_checks
from musearoo.tools.workshop.development.processes import MachineProcesses
from tests.architecture.imports import ROOT
from tests.tools.workshop.development.bench import RecordingProcesses


def test_what_a_check_runs_is_there() -> None:
    for check in CHECKS:
        option, name = check.command[1:3]
        if option == "-m":
            found = importlib.util.find_spec(name)
            assert found, check.name
            assert not found.submodule_search_locations or importlib.util.find_spec(f"{name}.__main__"), check.name
        elif option != "-c":
            assert (ROOT / option).is_file(), check.name
    assert all((ROOT / folder).is_dir() for folder in OLD_PYTHON_FOLDERS)


def test_a_check_without_its_needs_is_skipped_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_old_python", lambda: None)
    said: list[str] = []
    processes = RecordingProcesses()
    run_checks(tmp_path / "project", Path("python"), processes, said.append)
    assert any(line.startswith("skip") and "a Python 3.7 is not here" in line for line in said)
    assert len(processes.commands) == len(CHECKS)


def test_programs_that_start_nothing_are_no_python(tmp_path: Path) -> None:
    missing = tmp_path / "python3.7"
    assert find_old_python([missing]) is None
    if os.name == "nt":
        pytest.skip("a shell script is no program on Windows")
    stub = tmp_path / "stub"
    stub.write_text("#!/bin/sh\nexit 127\n")
    stub.chmod(0o755)
    assert find_old_python([stub]) is None
    assert find_old_python([stub, Path(sys.executable)]) == Path(sys.executable)


def test_programs_are_run_and_heard(tmp_path: Path) -> None:
    shout = "import os, sys; print(os.getcwd()); print('ö', file=sys.stderr); sys.exit(3)"
    outcome = MachineProcesses().capture([sys.executable, "-X", "utf8", "-c", shout], tmp_path)
    assert outcome.status == 3
    # Which of the two streams comes first depends on how the program buffers them.
    folder = next(line for line in outcome.output.splitlines() if "ö" not in line)
    assert Path(folder).samefile(tmp_path)
    assert "ö" in outcome.output
    assert MachineProcesses().call([sys.executable, "-c", "raise SystemExit(4)"]) == 4
