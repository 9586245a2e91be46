"""The onsets of bass, chords and melody that the drummer reacts to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.swing import Swing

STRUCK_TOGETHER: Final = 3
"""The least number of simultaneous notes that count as a chord onset; fewer are a line."""
ON_THE_GRID: Final = 0.045
"""The distance in beats from a sixteenth below which an onset is on that sixteenth, not on a triplet."""


class BandOnsets(NamedTuple):
    """The grid positions of the other parts' onsets, in straight beats from the start of the take, sorted and
    unique."""

    bass: tuple[float, ...] = ()
    chords: tuple[float, ...] = ()
    melody: tuple[float, ...] = ()

    def onsets_between(self, start: float, end: float) -> int:
        """Return the number of bass and melody onsets in a span."""
        return sum(start <= place < end for places in (self.bass, self.melody) for place in places)


SILENCE: Final = BandOnsets()


def find_band_onsets(context: MusicalContext, swing: Swing, length: float) -> BandOnsets:
    """Return the onsets of the other parts in a context, looped to a length in beats.

    >>> from musearoo.engines.music.knowledge.context import Part
    >>> from musearoo.engines.music.note import Note
    >>> bass = Part("bass", "Bass", Clip("b", 4.0, (Note(0.01, 36, 1.0, 90), Note(2.52, 40, 1.0, 90))))
    >>> find_band_onsets(MusicalContext.plain(parts=(bass,)), Swing(), 8.0).bass
    (0.0, 2.5, 4.0, 6.5)
    """
    if not context.parts:
        return SILENCE
    bass, chords, melody = (_looped_part(context, role, length) for role in ("bass", "harmony", "melody"))
    return BandOnsets(
        bass=_grid_positions((note.start for note in bass.notes if not note.mute), swing, length) if bass else (),
        chords=_chord_onsets(chords, swing, length) if chords else (),
        melody=_grid_positions((note.start for note in melody.notes if not note.mute), swing, length) if melody else (),
    )


def _looped_part(context: MusicalContext, role: Role, length: float) -> Clip | None:
    part = context.part(role)
    return None if part is None else part.clip.repeated(length)


def _chord_onsets(clip: Clip, swing: Swing, length: float) -> tuple[float, ...]:
    """Return the positions of block chords; held, arpeggiated and strummed notes are left out."""
    counts: dict[float, int] = {}
    for note in clip.notes:
        place = _nearest_grid_position(swing.unwarp(note.start))
        counts[place] = counts.get(place, 0) + (not note.mute)
    return tuple(sorted(place for place, count in counts.items() if count >= STRUCK_TOGETHER and place < length))


def _grid_positions(starts: Iterable[float], swing: Swing, length: float) -> tuple[float, ...]:
    places = {_nearest_grid_position(swing.unwarp(start)) for start in starts}
    return tuple(sorted(place for place in places if place < length))


def _nearest_grid_position(straight: float) -> float:
    """Return the nearest sixteenth, or the nearest third of a beat if the onset is clearly a triplet."""
    sixteenth, third = round(straight * 4.0) / 4.0, round(straight * 3.0) / 3.0
    near_third = abs(straight - third) < abs(straight - sixteenth) and abs(straight - sixteenth) > ON_THE_GRID
    return third if near_third else sixteenth
