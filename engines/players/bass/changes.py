"""Simplify an existing bass line, or make it busier."""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.players.bass.fingering import make_playable
from musearoo.engines.players.bass.roots import Register
from musearoo.engines.players.takes import fill_between
from musearoo.engines.styles.bass_instruments import Instrument


def simpler(clip: Clip, changes: Sequence[float]) -> Clip:
    """Return the clip without a third of its notes: dead and quiet notes first, then off-beats; chord changes stay.

    If that is not enough, changes within bars are removed as well.
    """

    def is_change(note: Note) -> bool:
        return any(abs(note.start - change) < 0.2 for change in changes)

    def weight(note: Note) -> tuple[float, float]:
        place = round(note.start * 4) % 4
        return note.velocity + 40.0 * min(1.0, note.duration) + (40.0, 0.0, 15.0, 0.0)[place], -note.start

    spare = sorted((note for note in clip.notes if not is_change(note)), key=weight)
    if not spare:
        spare = [note for note in clip.notes if note.start % clip.meter.bar_beats > 0.2]
    gone = set(spare[: max(1, len(clip.notes) // 3)])
    return clip.with_notes(note for note in clip.notes if note not in gone)


def busier(clip: Clip, other: Clip, bpm: float, instrument: Instrument, register: Register) -> Clip:
    """Return the clip with notes of a busier take between its own, each ending where the next begins.

    All existing notes stay; notes are only added as far as the line stays playable.
    """
    return clip.with_notes(make_playable(fill_between(clip, other), bpm, instrument, register.low, register.high))
