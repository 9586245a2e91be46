"""Prometheus' own judge of texts and files, where it is installed."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

PROMTOOL: Final = shutil.which("promtool")

needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="needs promtool: apt install prometheus")


def judge(*words: str | Path, text: str = "") -> str:
    """Run promtool on `text`; returns all that it prints, and fails the test where it finds fault."""
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *words], input=text, capture_output=True, encoding="utf-8", timeout=30.0)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
