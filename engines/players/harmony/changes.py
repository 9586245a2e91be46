"""Fewer strokes in a clip of chords, or more between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.note import Note

TOGETHER: Final = 0.12
"""Beats within which notes are one stroke, strummed or not."""
ROOM: Final = 0.22
"""Beats that an added stroke keeps from those that are there."""


def leave_out(clip: Clip, changes: Sequence[float]) -> Clip:
    """The clip without a third of its strokes, the lightest first; where chords change they stay, with fewer voices."""
    strokes = _strokes(clip.notes)
    spare = [stroke for stroke in strokes if not any(abs(stroke[0].start - change) < 0.3 for change in changes)]
    gone: set[Note] = set()
    for stroke in sorted(spare, key=_weight)[: max(1, len(strokes) // 3)]:
        gone.update(stroke)
    if not gone:
        for stroke in strokes:
            gone.update(stroke[1:2] if len(stroke) > 2 else ())
    if not gone and len(clip.notes) > 1:
        gone.add(min(clip.notes, key=lambda note: (note.velocity, -note.start)))
    return clip.with_notes(note for note in clip.notes if note not in gone)


def add_between(clip: Clip, busier: Clip) -> Clip:
    """The clip with the strokes of a busier one that find room, notes that still sound giving way to them."""
    starts = [stroke[0].start for stroke in _strokes(clip.notes)]
    added = [
        stroke
        for stroke in _strokes(busier.notes)
        if stroke[-1].end <= clip.length + 1e-9 and all(abs(stroke[0].start - start) > ROOM for start in starts)
    ]
    places = sorted(stroke[0].start for stroke in added)
    kept = []
    for note in clip.notes:
        nearest = next((place for place in places if place > note.start + ROOM), note.end)
        kept.append(note if nearest >= note.end else replace(note, duration=nearest - note.start))
    return clip.with_notes(end_before_next((*kept, *(note for stroke in added for note in stroke))))


def _strokes(notes: Sequence[Note]) -> list[list[Note]]:
    """Notes in order, those that begin together as one."""
    strokes: list[list[Note]] = []
    for note in notes:
        if strokes and note.start - strokes[-1][0].start < TOGETHER:
            strokes[-1].append(note)
        else:
            strokes.append([note])
    return strokes


def _weight(stroke: Sequence[Note]) -> tuple[float, float]:
    """How much a stroke would be missed: by loudness, length, and its place in the beat."""
    place = round(stroke[0].start * 4) % 4
    loudest = max(note.velocity for note in stroke)
    return loudest + 20.0 * min(1.0, stroke[0].duration) + (30.0, 0.0, 12.0, 0.0)[place], -stroke[0].start
