"""Whether the machine saves power: then nothing runs that nobody has asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

PROFILE: Final = Path("/sys/firmware/acpi/platform_profile")
"""Where Linux keeps the profile that the user has chosen, on machines that have one."""
WITHIN: Final = 2.0
"""Seconds in which macOS must answer."""


def saves_power(profile: Path = PROFILE) -> bool:
    """Return whether the system's battery saver is on; False where the system does not say. May take 10 ms."""
    try:
        if sys.platform == "win32":
            return _is_saving_in_windows()
        if sys.platform == "darwin":
            command = ["/usr/bin/pmset", "-g"]
            told = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=True)
            return is_low_power_mode(told.stdout)
        return profile.read_text(encoding="ascii").strip() == "low-power"
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def is_low_power_mode(told: str) -> bool:
    """Return whether macOS' `pmset -g` says that Low Power Mode is on.

    >>> is_low_power_mode(" sleep 1\\n lowpowermode         1\\n"), is_low_power_mode(" powermode 0")
    (True, False)
    """
    settings = (line.split() for line in told.splitlines())
    return any(words[:2] == ["lowpowermode", "1"] or words[:2] == ["powermode", "1"] for words in settings)


def _is_saving_in_windows() -> bool:
    import ctypes

    # SYSTEM_POWER_STATUS: four bytes, of which the last tells whether the battery saver is on, and two words.
    status = (ctypes.c_ubyte * 12)()
    return bool(ctypes.windll.kernel32.GetSystemPowerStatus(status)) and status[3] == 1  # type: ignore[attr-defined,unused-ignore]
