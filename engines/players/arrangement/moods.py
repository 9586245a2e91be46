"""Moods: their valence and arousal, which shift energy, mode and the choice of instruments."""

from __future__ import annotations

from typing import Final, NamedTuple

from musearoo.engines.errors import unknown_name
from musearoo.engines.styles.form import MoodName


class MoodShift(NamedTuple):
    """A mood's valence (sad to happy) and arousal (calm to excited), -1..1 (Russell, "A circumplex model of affect",
    1980).
    """

    valence: float
    arousal: float


MOODS: Final[dict[MoodName, MoodShift]] = {
    "calm": MoodShift(0.4, -0.7),
    "happy": MoodShift(0.8, 0.4),
    "sad": MoodShift(-0.7, -0.5),
    "dark": MoodShift(-0.6, 0.1),
    "bright": MoodShift(0.6, 0.3),
    "dreamy": MoodShift(0.2, -0.5),
    "tense": MoodShift(-0.5, 0.6),
    "aggressive": MoodShift(-0.5, 0.9),
    "romantic": MoodShift(0.5, -0.3),
    "epic": MoodShift(0.1, 0.7),
}


def parse_mood(name: str) -> MoodName:
    """Return the mood of that name, ignoring case; ParamError lists the moods."""
    for mood in MOODS:
        if name.strip().lower() == mood:
            return mood
    raise unknown_name("mood", name, MOODS)
