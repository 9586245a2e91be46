"""The notes of a MIDI clip: an immutable table ordered by pitch, then time, with Live's overlap rules.

A note with the same pitch and start as another replaces it. Where two notes of one pitch overlap, the earlier one is
cut at the start of the later one. Both rules were measured on Live 12.4 (see README.md).
"""

from __future__ import annotations

import bisect
import math
from typing import Any, Callable, Iterable, Iterator, NamedTuple

PITCHES = 128


class Note(NamedTuple):
    """One note: times in beats from the clip's 1.1.1, velocities 1..127, probability 0..1."""

    note_id: int
    pitch: int
    start_time: float
    duration: float
    velocity: float
    mute: bool
    probability: float
    velocity_deviation: float
    release_velocity: float


class NoteTable:
    """An immutable set of notes; every change returns a new table that shares the untouched pitches."""

    __slots__ = ("_by_pitch", "_count")

    def __init__(self, by_pitch: dict[int, tuple[Note, ...]] | None = None) -> None:
        self._by_pitch = by_pitch or {}
        self._count = sum(map(len, self._by_pitch.values()))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Note]:
        for pitch in sorted(self._by_pitch):
            yield from self._by_pitch[pitch]

    def span(self, from_pitch: int, pitch_span: int, from_time: float, time_span: float) -> list[Note]:
        """Return the notes that start in the given window, by pitch, then time."""
        found: list[Note] = []
        for pitch in range(max(0, from_pitch), min(PITCHES, from_pitch + pitch_span)):
            row = self._by_pitch.get(pitch)
            if row:
                starts = [note.start_time for note in row]
                first = bisect.bisect_left(starts, from_time)
                last = bisect.bisect_left(starts, from_time + time_span)
                found.extend(row[first:last])
        return found

    def with_notes(self, added: Iterable[Note]) -> NoteTable:
        """Return the table with the notes added; they replace or cut existing notes by the overlap rules."""
        fresh: dict[int, list[Note]] = {}
        for note in added:
            fresh.setdefault(note.pitch, []).append(note)
        by_pitch = dict(self._by_pitch)
        for pitch, notes in fresh.items():
            by_pitch[pitch] = _settle(by_pitch.get(pitch, ()), notes)
        return NoteTable(by_pitch)

    def without(self, gone: Callable[[Note], bool]) -> NoteTable:
        """Return the table without the notes for which `gone` is true."""
        by_pitch = {}
        for pitch, row in self._by_pitch.items():
            kept = tuple(note for note in row if not gone(note))
            if kept:
                by_pitch[pitch] = kept if len(kept) != len(row) else row
        return NoteTable(by_pitch)

    def replaced(self, changed: dict[int, Note]) -> NoteTable:
        """Return the table with the notes of these ids changed; changed notes replace or cut others."""
        return self.without(lambda note: note.note_id in changed).with_notes(changed.values())


def _settle(existing: tuple[Note, ...], added: list[Note]) -> tuple[Note, ...]:
    """Return one pitch's notes ordered by start, with unique starts and no overlaps."""
    by_start = {note.start_time: note for note in existing}
    by_start.update((note.start_time, note) for note in added)
    row = [by_start[start] for start in sorted(by_start)]
    for index, (note, following) in enumerate(zip(row, row[1:])):
        room = following.start_time - note.start_time
        if note.duration > room:
            row[index] = note._replace(duration=room)
    return tuple(row)


def check_note(note: Note) -> None:
    """Raise ValueError when a field of the note is out of a clip's range."""
    _, pitch, start, duration, velocity, _, probability, deviation, release = note
    if not 0 <= pitch < PITCHES:
        raise ValueError(f"Note pitch must be in range 0..127, not {pitch!r}")
    if not -math.inf < start < math.inf:
        raise ValueError(f"Note start time must be finite, not {start!r}")
    if not 0.0 < duration < math.inf:
        raise ValueError(f"Note duration must be greater than 0 and finite, not {duration!r}")
    if not 0.0 < velocity <= 127.0:
        raise ValueError(f"Note velocity must be greater than 0 and at most 127, not {velocity!r}")
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"Note probability must be in range 0..1, not {probability!r}")
    if not -127.0 <= deviation <= 127.0:
        raise ValueError(f"Velocity deviation must be in range -127..127, not {deviation!r}")
    if not 0.0 <= release <= 127.0:
        raise ValueError(f"Release velocity must be in range 0..127, not {release!r}")


def note_ids(values: Any) -> list[int]:
    """Return the ids of an iterable that a script passed."""
    ids = list(values)
    for value in ids:
        if not isinstance(value, int):
            raise TypeError(f"note ids must be ints, not {type(value).__name__}")
    return ids
