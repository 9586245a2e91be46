"""The preferences file: what the copilot has learnt from takes that were kept and undone."""

from __future__ import annotations

from typing import Final

from musearoo.bridge.copilot.learnt_file import LearntFile, PreferencesError
from musearoo.engines.language.state.preferences import NO_PREFERENCES, format_preferences, parse_preferences

_FILE: Final = LearntFile(
    name="preferences.json",
    nothing=NO_PREFERENCES,
    parse=parse_preferences,
    format=format_preferences,
    forget="musearoo preferences --forget",
)

preferences_file = _FILE.path
read_preferences = _FILE.read
write_preferences = _FILE.write
delete_preferences = _FILE.delete
stamp_preferences = _FILE.stamp

__all__ = [
    "PreferencesError",
    "delete_preferences",
    "preferences_file",
    "read_preferences",
    "stamp_preferences",
    "write_preferences",
]
