"""Note editing for MIDI clips."""

from __future__ import annotations

import itertools
from typing import Any, Iterable

from musearoo.tools.live_simulator.core.audio_file import AudioFile
from musearoo.tools.live_simulator.core.boost import extract
from musearoo.tools.live_simulator.core.notes import Note, NoteTable, check_note, note_ids
from musearoo.tools.live_simulator.core.objects import Context, Model, Stored, reads
from musearoo.tools.live_simulator.core.values import MidiNoteSpecification

MISSING_IDS = "All given IDs must be present in clip"


class NoteHolder(Model):
    """The notes of a clip; `audio` is None for a MIDI clip."""

    audio: AudioFile | None
    notes: Stored[NoteTable] = Stored(NoteTable())

    def __init__(self, context: Context, parent: Model) -> None:
        super().__init__(context, parent)
        self._note_ids = itertools.count(1)

    def _assert_midi(self) -> None:
        if self.audio is not None:
            raise RuntimeError("MIDI notes are only available for MIDI Clips")

    def _put_notes(self, notes: NoteTable) -> None:
        self.notes = notes

    def add_new_notes(self, specifications: Iterable[Any]) -> tuple[int, ...]:
        """Add notes and return their ids, in the order given."""
        self._assert_midi()
        ids = self._note_ids
        added: list[Note] = []
        for specification in specifications:
            fields = extract(specification, MidiNoteSpecification, "NClipApi::TNoteSpecification")._fields
            note = Note._make((next(ids), *fields))
            check_note(note)
            added.append(note)
        if added:
            self._put_notes(self.notes.with_notes(added))
        return tuple([note.note_id for note in added])

    @reads
    def get_notes_extended(
        self, from_pitch: int, pitch_span: int, from_time: float, time_span: float
    ) -> tuple[Note, ...]:
        """Return the notes that start in the window, by pitch, then time."""
        self._assert_midi()
        return self._in_order(self.notes.span(from_pitch, pitch_span, from_time, time_span))

    @reads
    def get_all_notes_extended(self) -> tuple[Note, ...]:
        """Return all notes, including those outside the loop."""
        self._assert_midi()
        return self._in_order(list(self.notes))

    @reads
    def get_notes_by_id(self, ids: Any) -> tuple[Note, ...]:
        """Return the notes of these ids. Raises an error for an unknown id."""
        self._assert_midi()
        wanted = set(self._known(ids))
        return self._in_order([note for note in self.notes if note.note_id in wanted])

    def _in_order(self, notes: list[Note]) -> tuple[Note, ...]:
        if self.context.mutation == "note-order":
            notes = sorted(notes, key=lambda note: (note.start_time, note.pitch))
        return tuple(notes)

    def _known(self, ids: Any) -> list[int]:
        wanted = note_ids(ids)
        if not set(wanted) <= {note.note_id for note in self.notes}:
            raise RuntimeError(MISSING_IDS)
        return wanted

    def remove_notes_extended(self, from_pitch: int, pitch_span: int, from_time: float, time_span: float) -> None:
        """Remove the notes that start in the window."""
        self._assert_midi()
        gone = {note.note_id for note in self.notes.span(from_pitch, pitch_span, from_time, time_span)}
        if gone:
            self._put_notes(self.notes.without(lambda note: note.note_id in gone))

    def remove_notes_by_id(self, ids: Any) -> None:
        """Remove the notes of these ids. Raises an error for an unknown id."""
        self._assert_midi()
        gone = set(self._known(ids))
        if gone:
            self._put_notes(self.notes.without(lambda note: note.note_id in gone))

    def apply_note_modifications(self, notes: Iterable[Any]) -> None:
        """Apply the fields of the given notes to the existing notes with the same ids."""
        self._assert_midi()
        changed = [Note(*note._fields) for note in notes]
        self._known(note.note_id for note in changed)
        for note in changed:
            check_note(note)
        if changed:
            self._put_notes(self.notes.replaced({note.note_id: note for note in changed}))

    def duplicate_notes_by_id(
        self, ids: Any, destination_time: float | None = None, transposition_amount: int = 0
    ) -> tuple[int, ...]:
        """Copy notes to directly after themselves or to a given time, and return the ids of the copies."""
        self._assert_midi()
        wanted = set(self._known(ids))
        originals = [note for note in self.notes if note.note_id in wanted]
        if not originals:
            return ()
        first = min(note.start_time for note in originals)
        last = max(note.start_time + note.duration for note in originals)
        shift = (last if destination_time is None else float(destination_time)) - first
        copies = [
            note._replace(
                note_id=next(self._note_ids),
                start_time=note.start_time + shift,
                pitch=note.pitch + transposition_amount,
            )
            for note in originals
        ]
        for note in copies:
            check_note(note)
        self._put_notes(self.notes.with_notes(copies))
        return tuple(note.note_id for note in copies)
