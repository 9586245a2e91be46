"""Folk tunes of the Nottingham Music Database (Foxley; GPL-3), as MIDI: melody and chords, many in 6/8 and 9/8."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import mido  # type: ignore[import-untyped]

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.corpora.chords import name_chord
from musearoo.tools.bench.corpora.splits import Split, split_of
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, SheetChord, SheetNote

FOLDER: Final = "nottingham-dataset/MIDI"
LEAST_BARS: Final = 8
_AGREED_CHORDS: Final = 0.5
"""The minimum share of chords at the start of a bar, counted from the first chord; otherwise the first chord is in the
pickup.
"""


def sheets(corpora: Path, split: Split) -> Iterator[LeadSheet]:
    """The tunes of a split that stay in one meter."""
    for path in sorted((corpora / FOLDER).glob("*.mid")):
        song = f"nottingham/{path.stem}"
        if split_of(song) == split:
            sheet = read_sheet(path, song)
            if sheet is not None:
                yield sheet


def read_sheet(path: Path, song: str) -> LeadSheet | None:
    """Return the lead sheet of a tune; None if it changes meter, has no chords, or its bars are ambiguous."""
    file = mido.MidiFile(path)
    meters = {f"{m.numerator}/{m.denominator}" for track in file.tracks for m in track if m.type == "time_signature"}
    keys = [m.key for track in file.tracks for m in track if m.type == "key_signature"]
    if len(meters) != 1 or len(file.tracks) < 2:
        return None
    meter = meters.pop()
    melody, chord_notes = (_notes(track, file.ticks_per_beat) for track in file.tracks[:2])
    chords = _chords(chord_notes)
    numerator, denominator = (int(part) for part in meter.split("/"))
    bar = numerator * 4.0 / denominator
    if len(chords) < LEAST_BARS // 2 or not melody:
        return None
    first_bar = chords[0].start % bar
    on_bar = sum((chord.start - first_bar) % bar < 1e-3 for chord in chords)
    length = first_bar + int((melody[-1].end - first_bar) / bar + 0.1) * bar
    if on_bar < _AGREED_CHORDS * len(chords) or length < LEAST_BARS * bar:
        return None
    return LeadSheet(song, meter, first_bar, length, tuple(melody), tuple(chords), str(Key.parse(keys[0])))


def _notes(track: mido.MidiTrack, ticks_per_quarter: int) -> list[SheetNote]:
    notes: list[SheetNote] = []
    begun: dict[int, int] = {}
    tick = 0
    for message in track:
        tick += message.time
        if message.type == "note_on" and message.velocity:
            begun[message.note] = tick
        elif message.type in ("note_on", "note_off") and message.note in begun:
            start = begun.pop(message.note)
            notes.append(SheetNote(start / ticks_per_quarter, tick / ticks_per_quarter, message.note))
    return sorted(notes)


def _chords(notes: list[SheetNote]) -> list[SheetChord]:
    groups: dict[float, list[SheetNote]] = {}
    for note in notes:
        groups.setdefault(note.start, []).append(note)
    chords: list[SheetChord] = []
    for start, group in groups.items():
        label = name_chord([note.pitch for note in group])
        if label is None:
            continue
        chord, end = Chord.parse(label), max(note.end for note in group)
        if chords and chords[-1].chord == chord and chords[-1].end >= start - 1e-3:
            chords[-1] = chords[-1]._replace(end=end)
        else:
            chords.append(SheetChord(start, end, chord))
    return chords
