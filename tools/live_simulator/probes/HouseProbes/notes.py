"""Probes of a clip's notes: order, replacement, cutting, ids."""

from __future__ import annotations

from typing import Any, Iterator

import Live

from .expect import expect, expect_error, expect_true, midi_clip


def _note(pitch: int, start: float, duration: float, velocity: float = 100.0) -> Any:
    return Live.Clip.MidiNoteSpecification(pitch=pitch, start_time=start, duration=duration, velocity=velocity)


def _read(clip: Any) -> list[Any]:
    notes = clip.get_notes_extended(0, 128, -1000.0, 5000.0)
    return [(note.pitch, note.start_time, note.duration, note.velocity) for note in notes]


def notes_come_back_by_pitch_then_time(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        clip.add_new_notes((_note(67, 0.0, 0.5), _note(60, 2.0, 0.5), _note(60, 1.0, 0.5)))
        expect("notes", [note[:2] for note in _read(clip)], [(60, 1.0), (60, 2.0), (67, 0.0)])
    yield 0.0


def a_note_at_the_same_pitch_and_start_replaces(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        clip.add_new_notes((_note(60, 1.0, 0.5, 80.0),))
        clip.add_new_notes((_note(60, 1.0, 0.25, 90.0),))
        expect("notes", _read(clip), [(60, 1.0, 0.25, 90.0)])
    yield 0.0


def an_overlap_at_the_same_pitch_cuts_the_earlier_note(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        clip.add_new_notes((_note(60, 0.0, 4.0),))
        clip.add_new_notes((_note(60, 1.0, 0.5),))
        expect("notes", [note[:3] for note in _read(clip)], [(60, 0.0, 1.0), (60, 1.0, 0.5)])
    yield 0.0


def note_times_are_doubles(run: Any) -> Iterator[float]:
    start = 1000.0 + 1.0 / 3.0
    with midi_clip(run.song) as clip:
        clip.add_new_notes((_note(60, start, 1.0 / 7.0),))
        expect("start and duration", [note[1:3] for note in _read(clip)], [(start, 1.0 / 7.0)])
    yield 0.0


def ids_name_notes(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        ids = list(clip.add_new_notes((_note(60, 0.0, 1.0), _note(62, 1.0, 1.0))))
        expect("number of ids", len(ids), 2)
        found = list(clip.get_notes_by_id((ids[1],)))
        expect("pitch of the second id", [note.pitch for note in found], [62])
        clip.remove_notes_by_id((ids[0],))
        expect("pitches left", [note[0] for note in _read(clip)], [62])
        expect_error("an unknown id", "must be present", clip.get_notes_by_id, (ids[0],))
    yield 0.0


def modifications_need_the_vector_that_live_returned(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        clip.add_new_notes((_note(60, 0.0, 1.0),))
        notes = clip.get_notes_extended(0, 128, 0.0, 4.0)
        notes[0].velocity = 33.0
        expect("before the modification", _read(clip)[0][3], 100.0)
        clip.apply_note_modifications(notes)
        expect("after the modification", _read(clip)[0][3], 33.0)
        expect_error("a list", "did not match C++ signature", clip.apply_note_modifications, list(notes))
    yield 0.0


def a_velocity_of_nought_is_refused(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        expect_error("velocity 0", "", clip.add_new_notes, (_note(60, 0.0, 1.0, 0.0),))
        expect("notes", _read(clip), [])
    yield 0.0


def a_specification_cannot_be_read_back(_: Any) -> Iterator[float]:
    expect_true("MidiNoteSpecification has no pitch", not hasattr(_note(60, 0.0, 1.0), "pitch"))
    yield 0.0


PROBES = (
    notes_come_back_by_pitch_then_time,
    a_note_at_the_same_pitch_and_start_replaces,
    an_overlap_at_the_same_pitch_cuts_the_earlier_note,
    note_times_are_doubles,
    ids_name_notes,
    modifications_need_the_vector_that_live_returned,
    a_velocity_of_nought_is_refused,
    a_specification_cannot_be_read_back,
)
