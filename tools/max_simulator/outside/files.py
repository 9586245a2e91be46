"""The files that a script's `File` can read: real files by their paths in Max's notation, and texts of a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from musearoo.bridge.protocol import FIRST_DEVICE_PORT
from musearoo.bridge.settings.config_files import DEVICE_KEY
from musearoo.bridge.settings.home_files import read_bounded
from musearoo.bridge.settings.live_folders import HOME_POINTER

BOOT_VOLUME: Final = "Macintosh HD:"
"""The start of a `patcher.filepath` on macOS; `File` accepts paths with and without it (seen with public devices)."""

HOME: Final = "~:"
"""The user's home folder (reference page of absolutepath)."""

SIMULATED_SECRET: Final = "5e" * 32
"""The secret of devices in virtual time, where no file of this machine is read."""

System = Literal["windows", "macintosh"]


@dataclass(frozen=True, slots=True)
class Files:
    """`home` is the user's home folder; `texts` maps the paths that the script uses to contents, and takes priority."""

    home: Path | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def read(self, path: str) -> str | None:
        """Return a file's text, or None when it cannot be read."""
        if path in self.texts:
            return self.texts[path]
        if path.startswith(HOME):
            if self.home is None:
                return None
            real = self.home / path.removeprefix(HOME).lstrip("/")
        else:
            real = Path(path.removeprefix(BOOT_VOLUME))
        try:
            return read_bounded(real).decode("utf-8", "replace") if real.is_absolute() else None
        except OSError:
            return None


def name_in_max(path: Path, os: System) -> str:
    """Return the path of a file in Max's notation."""
    name = path.resolve().as_posix()
    return BOOT_VOLUME + name if os == "macintosh" and name.startswith("/") else name


def installed_files(device: Path, home: Path, os: System = "macintosh") -> Files:
    """Return files of this machine for an installed device that is configured with MuseAroo's folder `home`."""
    return Files(texts={name_in_max(device.with_name(HOME_POINTER), os): home.absolute().as_uri()})


def secret_files(port: int = FIRST_DEVICE_PORT, secret: str = SIMULATED_SECRET) -> Files:
    """Return files of a user whose daemon listens on a port, independent of this machine."""
    folder = f"{HOME}/Library/Application Support/MuseAroo"
    return Files(texts={f"{folder}/{DEVICE_KEY}": f"{port} {secret}\n"})
