"""A folder of finished files of a bounded size, in which the longest unused files make room for new ones."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import DRAFT, make_private_folder, write_whole

MOST_BYTES: Final = 512 * 2**20
"""Usual size of the folder: some 700 takes of 20 s in each lossless format."""

SWEPT_TO: Final = 0.9
"""Share of the size that remains after a sweep, so that not every new file causes one."""

IN_USE: Final = 60.0
"""Seconds since its last use in which a file is not removed: it may be about to be sent."""


class FileCache:
    """Files in a private folder, for any number of threads and processes. A file appears whole or not at all."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._clock = clock

    def find(self, name: str) -> Path | None:
        """Return the path of a file and mark it as used, or None if there is none."""
        path = self.folder / name
        try:
            os.utime(path, (self._clock(),) * 2)
        except OSError:
            return None
        return path

    def keep(self, name: str, content: bytes) -> Path:
        """Write a file, replacing an older one, make room if necessary, and return its path. Raises OSError."""
        path = self.folder / name
        make_private_folder(self.folder)
        write_whole(path, content, durable=False)
        os.utime(path, (self._clock(),) * 2)
        self._sweep()
        return path

    def _sweep(self) -> None:
        """Remove the longest unused files if all are larger than allowed; what is in use stays."""
        files = sorted(self._files())
        filled = sum(size for _, size, _ in files)
        if filled <= self._most_bytes:
            return
        for used, size, path in files:
            if filled <= SWEPT_TO * self._most_bytes or self._clock() - used < IN_USE:
                return
            # Another process may have removed it, and Windows removes no open file.
            with contextlib.suppress(OSError):
                path.unlink()
                filled -= size

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return the last use, size and path of each file."""
        files = []
        for path in self.folder.iterdir():
            with contextlib.suppress(OSError):
                facts = path.stat()
                if path.suffix != DRAFT and path.is_file():
                    files.append((facts.st_mtime, facts.st_size, path))
        return files
