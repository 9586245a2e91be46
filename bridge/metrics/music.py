"""Measures of a part that are cheap and mean something to a musician. Pure; some 35 µs for 200 notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.scale import Key

SIXTEENTH: Final = 0.25
"""Beats."""

OFF_GRID: Final = SIXTEENTH / 4
"""Beats off the grid from which a note counts as off it: 31 ms at 120 bpm, more than people's microtiming and a light
swing, less than a triplet (0.083 beats)."""


class PartMeasures(NamedTuple):
    """The measures of one part. Shares are 0..1, None where there is nothing to judge."""

    notes: int
    in_key: float | None
    onsets_per_beat: float
    off_grid: float | None


def measure_part(clip: Clip, key: Key | None) -> PartMeasures:
    """Measure a part in a key; muted notes do not count. Without a key, as for drums, no note is in or out of it.

    >>> from musearoo.engines.music.note import Note
    >>> notes = [Note(start, pitch, 0.5, 90) for start, pitch in ((0.0, 60), (0.0, 64), (1.02, 66), (2 + 1 / 3, 67))]
    >>> measure_part(Clip.of("C", 4.0, notes), Key.parse("C"))
    PartMeasures(notes=4, in_key=0.75, onsets_per_beat=0.75, off_grid=0.25)
    """
    return measure_notes([(note.start, note.pitch) for note in clip.notes if not note.mute], clip.length, key)


def measure_notes(notes: Sequence[tuple[float, int]], length: float, key: Key | None) -> PartMeasures:
    """Measure a part as `measure_part` does, by the starts and pitches of its notes, and its length in beats."""
    onsets_per_beat = len({start for start, _ in notes}) / length
    if not notes:
        return PartMeasures(0, None, onsets_per_beat, None)
    off = sum(abs(start - round(start / SIXTEENTH) * SIXTEENTH) >= OFF_GRID for start, _ in notes)
    scale = frozenset(key.pitch_classes) if key is not None else frozenset()
    inside = sum(pitch % 12 in scale for _, pitch in notes)
    return PartMeasures(
        notes=len(notes),
        in_key=inside / len(notes) if scale else None,
        onsets_per_beat=onsets_per_beat,
        off_grid=off / len(notes),
    )
