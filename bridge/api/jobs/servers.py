"""Which servers live that share a folder: each has a file there, locked for as long as its process runs."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import IO, Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SERVERS: Final = "servers"
"""The name of the folder, in MuseAroo's."""


class LiveServers:
    """This server among others, by `name`. The system gives up the lock of a process that dies, however it does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self.name = secrets.token_hex(8)

    def open(self) -> None:
        """Show others that this server lives. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = (self._folder / self.name).open("wb")
        _lock(self._file)

    def is_alive(self, name: str) -> bool:
        """Whether the server of a name lives; the file of a dead one is removed."""
        path = self._folder / name
        if name == self.name:
            return True
        try:
            with path.open("r+b") as file:
                _lock(file)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        path.unlink(missing_ok=True)
        return False

    def close(self) -> None:
        """Show others that this server has ended."""
        if self._file is not None:
            self._file.close()
            (self._folder / self.name).unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> None:
    """Lock a file without waiting. Raises OSError where another process has locked it."""
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
