"""Remove chord onsets from a clip, or add more between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.note import Note

TOGETHER: Final = 0.12
"""The beats within which notes belong to one onset, strummed or not."""
ROOM: Final = 0.22
"""The distance in beats of an added onset from existing ones."""


def leave_out(clip: Clip, changes: Sequence[float]) -> Clip:
    """Return the clip without a third of its onsets, the lightest first; chord changes stay, with fewer voices."""
    onsets = _group_onsets(clip.notes)
    spare = [onset for onset in onsets if not any(abs(onset[0].start - change) < 0.3 for change in changes)]
    gone: set[Note] = set()
    for onset in sorted(spare, key=_weight)[: max(1, len(onsets) // 3)]:
        gone.update(onset)
    if not gone:
        for onset in onsets:
            gone.update(onset[1:2] if len(onset) > 2 else ())
    if not gone and len(clip.notes) > 1:
        gone.add(min(clip.notes, key=lambda note: (note.velocity, -note.start)))
    return clip.with_notes(note for note in clip.notes if note not in gone)


def add_between(clip: Clip, busier: Clip) -> Clip:
    """Return the clip with those onsets of a busier one that fit between its own; ringing notes end before them."""
    starts = [onset[0].start for onset in _group_onsets(clip.notes)]
    added = [
        onset
        for onset in _group_onsets(busier.notes)
        if onset[-1].end <= clip.length + 1e-9 and all(abs(onset[0].start - start) > ROOM for start in starts)
    ]
    places = sorted(onset[0].start for onset in added)
    kept = []
    for note in clip.notes:
        nearest = next((place for place in places if place > note.start + ROOM), note.end)
        kept.append(note if nearest >= note.end else replace(note, duration=nearest - note.start))
    return clip.with_notes(end_before_next((*kept, *(note for onset in added for note in onset))))


def _group_onsets(notes: Sequence[Note]) -> list[list[Note]]:
    """Group sorted notes that begin together."""
    onsets: list[list[Note]] = []
    for note in notes:
        if onsets and note.start - onsets[-1][0].start < TOGETHER:
            onsets[-1].append(note)
        else:
            onsets.append([note])
    return onsets


def _weight(onset: Sequence[Note]) -> tuple[float, float]:
    """Return how important an onset is: by velocity, length, and position in the beat."""
    place = round(onset[0].start * 4) % 4
    loudest = max(note.velocity for note in onset)
    return loudest + 20.0 * min(1.0, onset[0].duration) + (30.0, 0.0, 12.0, 0.0)[place], -onset[0].start
