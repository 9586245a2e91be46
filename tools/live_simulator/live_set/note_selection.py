"""Selected notes of a clip, the older calls that take notes as tuples, and editing by quantization and by region."""

from __future__ import annotations

from typing import Any, Iterable

from musearoo.tools.live_simulator.core.notes import Note, check_note
from musearoo.tools.live_simulator.core.objects import Stored, reads
from musearoo.tools.live_simulator.live_set.clip_notes import NoteHolder

NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

GRID_BEATS = {1: 1.0, 2: 0.5, 3: 1 / 3, 4: 0.5, 5: 0.25, 6: 1 / 6, 7: 0.25, 8: 0.125}
"""Grid steps in beats by Live.Song.RecordingQuantization; 4 and 7 quantize to both grids, here to the finer one."""


class NoteSelector(NoteHolder):
    """The selection of a clip's notes. It is not part of the undo history."""

    _selected: Stored[frozenset[int]] = Stored(frozenset(), undoable=False)

    # ------------------------------------------------------------------------------ as tuples

    @reads
    def get_notes(self, from_time: float, from_pitch: int, time_span: float, pitch_span: int) -> Any:
        """Return the notes that start in the window as (pitch, time, duration, velocity, mute)."""
        self._assert_midi()
        return _tuples(self._in_order(self.notes.span(from_pitch, pitch_span, from_time, time_span)))

    def set_notes(self, notes: Iterable[Any]) -> None:
        """Add notes given as (pitch, time, duration, velocity, mute); one at the same pitch and time is replaced."""
        self._assert_midi()
        self._put_notes(self.notes.with_notes(self._made(notes)))

    def remove_notes(self, from_time: float, from_pitch: int, time_span: float, pitch_span: int) -> None:
        """Remove the notes that start in the window."""
        self.remove_notes_extended(from_pitch, pitch_span, from_time, time_span)

    @reads
    def get_selected_notes(self) -> Any:
        """Return the selected notes as tuples."""
        return _tuples(self.get_selected_notes_extended())

    def replace_selected_notes(self, notes: Iterable[Any]) -> None:
        """Replace the selected notes by others, given as tuples, which are selected then."""
        self._assert_midi()
        made = self._made(notes)
        gone = self._selected
        self._put_notes(self.notes.without(lambda note: note.note_id in gone).with_notes(made))
        self._selected = frozenset(note.note_id for note in made)

    def _made(self, notes: Iterable[Any]) -> list[Note]:
        made = []
        for values in notes:
            if not isinstance(values, tuple) or len(values) != 5:
                raise TypeError("a note must be a tuple (pitch, time, duration, velocity, mute)")
            pitch, time, duration, velocity, mute = values
            note = Note(
                next(self._note_ids),
                int(pitch),
                float(time),
                float(duration),
                float(velocity),
                bool(mute),
                1.0,
                0.0,
                64.0,
            )
            check_note(note)
            made.append(note)
        return made

    # ------------------------------------------------------------------------------ selecting

    @reads
    def get_selected_notes_extended(self) -> tuple[Note, ...]:
        """Return the selected notes."""
        self._assert_midi()
        return self._in_order([note for note in self.notes if note.note_id in self._selected])

    def select_all_notes(self) -> None:
        """Select every note."""
        self._assert_midi()
        self._selected = frozenset(note.note_id for note in self.notes)

    def deselect_all_notes(self) -> None:
        """Select no note."""
        self._assert_midi()
        self._selected = frozenset()

    def select_notes_by_id(self, ids: Any) -> None:
        """Select the notes of these ids. Raises an error for an unknown id."""
        self._assert_midi()
        self._selected = frozenset(self._known(ids))

    # ------------------------------------------------------------------------------ editing

    def quantize(self, grid: int, amount: float) -> None:
        """Move all notes towards a grid, by an amount 0..1."""
        self._assert_midi()
        self._quantize(list(self.notes), grid, amount)

    def quantize_pitch(self, pitch: int, grid: int, amount: float) -> None:
        """Move the notes of one pitch towards a grid."""
        self._assert_midi()
        self._quantize([note for note in self.notes if note.pitch == pitch], grid, amount)

    def _quantize(self, notes: list[Note], grid: int, amount: float) -> None:
        step = GRID_BEATS.get(grid)
        if step is None or not notes:
            return
        changed = {}
        for note in notes:
            target = round(note.start_time / step) * step
            changed[note.note_id] = note._replace(start_time=note.start_time + (target - note.start_time) * amount)
        self._put_notes(self.notes.replaced(changed))

    def duplicate_region(
        self, start: float, length: float, destination: float, pitch: int = -1, transposition_amount: int = 0
    ) -> None:
        """Copy the notes that start in a region, of one pitch or of all (-1), to another time."""
        self._assert_midi()
        low, span = (0, 128) if pitch < 0 else (pitch, 1)
        copies = [
            note._replace(
                note_id=next(self._note_ids),
                start_time=note.start_time + destination - start,
                pitch=note.pitch + transposition_amount,
            )
            for note in self.notes.span(low, span, start, length)
        ]
        for note in copies:
            check_note(note)
        if copies:
            self._put_notes(self.notes.with_notes(copies))

    @reads
    def note_number_to_name(self, midi_pitch: int) -> str:
        """Return the name of a pitch: C3 for 60."""
        if not 0 <= midi_pitch < 128:
            raise ValueError(f"Note pitch must be in range 0..127, not {midi_pitch!r}")
        return f"{NOTE_NAMES[midi_pitch % 12]}{midi_pitch // 12 - 2}"


def _tuples(notes: Iterable[Note]) -> Any:
    return tuple((note.pitch, note.start_time, note.duration, note.velocity, note.mute) for note in notes)
