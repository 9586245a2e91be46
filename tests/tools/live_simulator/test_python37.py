"""The simulator stays within Python 3.7, the interpreter that Live 11 embeds."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.each_case import each_case

FOLDER = Path(__file__).resolve().parents[3] / "tools" / "live_simulator"
SOURCES = sorted(FOLDER.rglob("*.py"))


def find_python_37() -> str | None:
    """Return a Python 3.7 that runs: a name on the path may be a stand-in without an interpreter."""
    candidate = os.environ.get("MUSEAROO_PYTHON37") or shutil.which("python3.7")
    if candidate is None:
        return None
    done = subprocess.run([candidate, "-c", "pass"], capture_output=True, check=False)
    return candidate if done.returncode == 0 else None


PYTHON_37 = find_python_37()


@each_case("path", SOURCES)
def test_the_syntax_is_python_37(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.skipif(PYTHON_37 is None, reason="no python3.7 that runs on the path, nor in MUSEAROO_PYTHON37")
def test_it_runs_under_python_37() -> None:
    code = "from musearoo.tools.live_simulator.probes.runner import run_stepped; print(run_stepped('11.3.25'))"
    done = subprocess.run(
        [str(PYTHON_37), "-c", code], cwd=FOLDER.parent.parent, capture_output=True, text=True, check=True
    )
    assert "passed=False" not in done.stdout
    assert done.stdout.count("passed=True") >= 35
