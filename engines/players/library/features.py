"""Features that describe a take, as a few numbers of about equal weight."""

from __future__ import annotations

from math import fsum
from typing import Final

from musearoo.engines.music.clip import Clip

FEATURES: Final = ("density", "off_beat", "sixteenths", "loudness", "contrast", "register", "spread", "length")
"""The names of the features, in order; each is about 0..1 in real music."""


def describe(clip: Clip) -> tuple[float, ...]:
    """Return the features of a clip: notes per beat, the shares between the beats and between the eighths, mean
    velocity and its variation, mean pitch and its spread, and note length.

    >>> from musearoo.engines.music.note import Note
    >>> [round(value, 2) for value in describe(Clip("k", 4.0, (Note(0, 36, 1, 127), Note(1.5, 36, 1, 127))))]
    [0.12, 0.5, 0.0, 1.0, 0.0, 0.28, 0.0, 0.5]
    """
    notes = clip.notes
    if not notes:
        return (0.0,) * len(FEATURES)
    count = float(len(notes))
    places = [note.start % 1.0 for note in notes]
    off_beat = fsum(0.12 < place < 0.88 for place in places) / count
    sixteenths = fsum(0.15 < place % 0.5 < 0.38 for place in places) / count
    loudness = fsum(note.velocity for note in notes) / count
    contrast = fsum(abs(note.velocity - loudness) for note in notes) / count
    pitches = sorted(note.pitch for note in notes)
    long = fsum(note.duration for note in notes) / count
    return (
        *(min(1.0, count / clip.length / 4.0), off_beat, sixteenths, loudness / 127.0, min(1.0, contrast / 40.0)),
        *(pitches[len(pitches) // 2] / 127.0, min(1.0, (pitches[-1] - pitches[0]) / 36.0), min(1.0, long / 2.0)),
    )
