"""A file of what was learnt about the user, for people to read, edit and delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from musearoo.bridge.settings.config_files import ConfigError
from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, sync_folder, write_whole
from musearoo.engines.errors import PresetError

Learnt = TypeVar("Learnt")


class PreferencesError(ConfigError):
    """The file cannot be read or written: the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class LearntFile(Generic[Learnt]):
    """A file in MuseAroo's folder. `parse` raises PresetError; `forget` is the command that erases it."""

    name: str
    nothing: Learnt
    parse: Callable[[str | bytes, str], Learnt]
    format: Callable[[Learnt], str]
    forget: str

    def path(self, folder: Path) -> Path:
        """Return the file's path."""
        return folder / self.name

    def read(self, folder: Path) -> Learnt:
        """Return what was learnt, `nothing` without a file. Raises PreferencesError for a broken file."""
        path = self.path(folder)
        try:
            return self.parse(read_bounded(path), str(path))
        except FileNotFoundError:
            return self.nothing
        except OSError as error:
            raise PreferencesError(f"{path} cannot be read: {error.strerror or error}. Mend or delete it.") from error
        except PresetError as error:
            raise PreferencesError(f"{error}. Mend it, or delete it ({self.forget}) to begin anew.") from error

    def write(self, folder: Path, learnt: Learnt) -> None:
        """Save what was learnt, or leave the old file. Raises PreferencesError if it cannot."""
        path = self.path(folder)
        try:
            make_private_folder(folder)
            write_whole(path, self.format(learnt).encode())
        except OSError as error:
            raise PreferencesError(f"{path} cannot be written: {error.strerror or error}.") from error

    def delete(self, folder: Path) -> None:
        """Erase all that was learnt, also where the file is broken. Raises PreferencesError if it cannot."""
        path = self.path(folder)
        try:
            if path.exists():
                path.unlink()
                sync_folder(folder)
        except OSError as error:
            raise PreferencesError(f"{path} cannot be deleted: {error.strerror or error}. Mend its rights.") from error

    def stamp(self, folder: Path) -> int:
        """Return the file's stamp, which changes whenever the file does, or 0 without a file."""
        try:
            return self.path(folder).stat().st_mtime_ns
        except OSError:
            return 0
