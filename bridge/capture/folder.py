"""The folder into which devices write their captures, until they have been read."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.settings.home_files import OWNERS_FOLDER, make_private_folder
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.audio.capture.errors import CaptureError

FOLDER: Final = "captures"

LONGEST: Final = 600
"""Most bytes of the folder's name in the welcome."""

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*\.wav")
"""Pattern of a device's file name: no path, and no hidden file."""

LEFT_BEHIND: Final = 600.0
"""Seconds after which a file counts as abandoned: a device reports a new file at once."""


class CaptureFolder:
    """The capture folder in MuseAroo's folder `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / FOLDER

    def open(self) -> str:
        """Create the folder and clear it of old runs' files; returns its name for devices, with slashes.

        "" if it cannot be created, or its name is longer than LONGEST: then Listen does not work, and the log says why.
        """
        try:
            make_private_folder(self.path)
            self.path.chmod(OWNERS_FOLDER)
            name = self.path.absolute().as_posix()
            self.sweep()
        except OSError as error:
            LOG.warning("Listen needs the folder %s (%s): mend its rights.", self.path, error.strerror or error)
            return ""
        if len(name.encode("utf-8", "replace")) > LONGEST:
            LOG.warning("Listen cannot use the folder %s, for its name is too long for a device.", self.path)
            return ""
        return name

    def find(self, file: str) -> Path:
        """Return the path of a device's file; raises CaptureError for a name that is not of a file in this folder."""
        if not NAME.fullmatch(file):
            raise CaptureError(f"{file!r} is no name of a recording: load the device anew.")
        return self.path / file

    def remove(self, file: str) -> None:
        """Remove a file if possible; what cannot be removed now is swept later."""
        if NAME.fullmatch(file):
            remove_files([self.path / file])

    def sweep(self) -> None:
        """Remove old files; raises OSError if the folder cannot be read."""
        for path in self.path.iterdir():
            if NAME.fullmatch(path.name) and time.time() - path.lstat().st_mtime > LEFT_BEHIND:
                remove_files([path])
