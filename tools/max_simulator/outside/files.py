"""What a script's `File` reads: files of this machine by their paths in Max's forms, and texts that only a test has."""

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
"""How Max begins a path of `patcher.filepath` on macOS; `File` takes it with and without (seen with public devices)."""

HOME: Final = "~:"
"""The user's home folder (reference page of absolutepath)."""

SIMULATED_SECRET: Final = "5e" * 32
"""What devices prove themselves by in virtual time, where no file of this machine is read."""

System = Literal["windows", "macintosh"]


@dataclass(frozen=True, slots=True)
class Files:
    """`home` is the user's home folder; `texts` are files by the path that the script names, before all others."""

    home: Path | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def read(self, path: str) -> str | None:
        """A file's text; None where there is none to be read."""
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
    """How Max calls a file of this machine."""
    name = path.resolve().as_posix()
    return BOOT_VOLUME + name if os == "macintosh" and name.startswith("/") else name


def pointing_files(device: Path, home: Path, os: System = "macintosh") -> Files:
    """Files of this machine, where a device was installed that is told that MuseAroo's folder is `home`."""
    return Files(texts={name_in_max(device.with_name(HOME_POINTER), os): home.absolute().as_uri()})


def key_files(port: int = FIRST_DEVICE_PORT, secret: str = SIMULATED_SECRET) -> Files:
    """Files of a user whose daemon listens on a port, whatever this machine has."""
    folder = f"{HOME}/Library/Application Support/MuseAroo"
    return Files(texts={f"{folder}/{DEVICE_KEY}": f"{port} {secret}\n"})
