"""Whether the machine saves power, as its system says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from musearoo.bridge.process.power import is_low_power_mode, saves_power


@pytest.mark.skipif(sys.platform != "linux", reason="the file is Linux's")
@pytest.mark.parametrize(
    ("profile", "saves"), [("low-power\n", True), ("balanced\n", False), ("", False), ("\xff", False)]
)
def test_linux_says_it_in_a_file(tmp_path: Path, profile: str, saves: bool) -> None:
    file = tmp_path / "platform_profile"
    assert saves_power(file) is False
    file.write_text(profile, encoding="latin-1")
    assert saves_power(file) is saves


@pytest.mark.parametrize(
    ("told", "saves"),
    [(" lowpowermode         1\n", True), (" lowpowermode 0\n powermode 1\n", True), (" lowpowermode 0\n", False)],
)
def test_macos_says_it_among_its_settings(told: str, saves: bool) -> None:
    assert is_low_power_mode(f"System-wide power settings:\n sleep 1\n{told} displaysleep 10\n") is saves
