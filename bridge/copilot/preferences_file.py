"""The preferences file: what the copilot has learnt about its user, for people to read, edit and delete."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from musearoo.bridge.settings.config_files import ConfigError
from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, sync_folder, write_whole
from musearoo.engines.errors import PresetError
from musearoo.engines.language.state.preferences import (
    NO_PREFERENCES,
    Preferences,
    format_preferences,
    parse_preferences,
)

NAME: Final = "preferences.json"


class PreferencesError(ConfigError):
    """The file cannot be read or written: the message says which, why, and what to do."""


def preferences_file(folder: Path) -> Path:
    """Return the path of the preferences file."""
    return folder / NAME


def read_preferences(folder: Path) -> Preferences:
    """Return the preferences, empty without a file. Raises PreferencesError for a broken file."""
    path = preferences_file(folder)
    try:
        return parse_preferences(read_bounded(path), str(path))
    except FileNotFoundError:
        return NO_PREFERENCES
    except OSError as error:
        raise PreferencesError(f"{path} cannot be read: {error.strerror or error}. Mend or delete it.") from error
    except PresetError as error:
        raise PreferencesError(
            f"{error}. Mend it, or delete it (musearoo preferences --forget) to begin anew."
        ) from error


def write_preferences(folder: Path, preferences: Preferences) -> None:
    """Save what was learnt, or leave the old file. Raises PreferencesError if it cannot."""
    path = preferences_file(folder)
    try:
        make_private_folder(folder)
        write_whole(path, format_preferences(preferences).encode())
    except OSError as error:
        raise PreferencesError(f"{path} cannot be written: {error.strerror or error}.") from error


def delete_preferences(folder: Path) -> None:
    """Erase all that was learnt, also where the file is broken. Raises PreferencesError if it cannot."""
    path = preferences_file(folder)
    try:
        if path.exists():
            path.unlink()
            sync_folder(folder)
    except OSError as error:
        raise PreferencesError(f"{path} cannot be deleted: {error.strerror or error}. Mend its rights.") from error


def stamp_preferences(folder: Path) -> int:
    """Return the file's stamp, which changes whenever the file does, or 0 without a file."""
    try:
        return preferences_file(folder).stat().st_mtime_ns
    except OSError:
        return 0
