"""Notes for clients. Pure."""

from __future__ import annotations

from musearoo.bridge.api.types.answers import NoteRow
from musearoo.bridge.protocol.codec import decode_notes


def note_rows(blob: bytes) -> tuple[NoteRow, ...]:
    """Return the notes of a blob as rows for clients, by start, then pitch; velocities are rounded."""
    notes = decode_notes(blob)
    return tuple(sorted((note.start, note.pitch, note.duration, _velocity(note.velocity)) for note in notes))


def _velocity(velocity: float) -> int:
    return min(127, max(1, round(velocity)))
