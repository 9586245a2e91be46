"""A lead sheet: melody and chords in quarter notes, before a performance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from musearoo.engines.music.chord import Chord


class SheetNote(NamedTuple):
    """A note of the melody; times in quarter notes."""

    start: float
    end: float
    pitch: int


class SheetChord(NamedTuple):
    """A chord, from one quarter note to another."""

    start: float
    end: float
    chord: Chord


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """A tune: `first_bar` is the position of the first whole bar, after a pickup; `length` its end, in quarters."""

    song: str
    meter: str
    first_bar: float
    length: float
    notes: tuple[SheetNote, ...]
    chords: tuple[SheetChord, ...]
    key: str | None = None

    @property
    def quarters_per_bar(self) -> float:
        """The number of quarter notes in a bar."""
        numerator, denominator = (int(part) for part in self.meter.split("/"))
        return numerator * 4.0 / denominator


def repeat(sheet: LeadSheet, quarters: float) -> LeadSheet:
    """Return the sheet repeated from its first whole bar until it lasts at least `quarters`; without its pickup."""
    start = sheet.first_bar
    bars = int((sheet.length - start) / sheet.quarters_per_bar + 1e-6)
    body = bars * sheet.quarters_per_bar
    turns = max(1, int(-(-quarters // body)))
    notes: list[SheetNote] = []
    chords: list[SheetChord] = []
    for turn in range(turns):
        shift = turn * body - start
        for note in sheet.notes:
            if start - 1e-6 <= note.start < start + body - 1e-6:
                notes.append(SheetNote(note.start + shift, min(note.end, start + body) + shift, note.pitch))
        for chord in sheet.chords:
            if chord.end > start and chord.start < start + body:
                first, last = max(chord.start, start), min(chord.end, start + body)
                chords.append(SheetChord(first + shift, last + shift, chord.chord))
    return replace(sheet, first_bar=0.0, length=turns * body, notes=tuple(notes), chords=tuple(chords))
