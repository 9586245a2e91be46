"""The habits file: what the user's next presses tend to be."""

from __future__ import annotations

from typing import Final

from musearoo.bridge.copilot.learnt_file import LearntFile
from musearoo.bridge.prediction.habits import NO_HABITS, format_habits, parse_habits

HABITS_FILE: Final = LearntFile(
    name="habits.json",
    nothing=NO_HABITS,
    parse=parse_habits,
    format=format_habits,
    forget="musearoo preferences --forget habits",
)
