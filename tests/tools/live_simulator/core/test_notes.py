"""Notes: order, replacing, cutting, ids, against a plain model of the rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.tools.live_simulator.core.notes import Note, NoteTable
from musearoo.tools.live_simulator.program.simulator import Simulator

from ..conftest import MakeLive

MANY = 20_000


def make_note(number: int, pitch: int, start: float, duration: float) -> Note:
    return Note(number, pitch, start, duration, 100.0, False, 1.0, 0.0, 64.0)


batches = st.lists(
    st.lists(
        st.tuples(st.integers(60, 62), st.integers(0, 12), st.integers(1, 6)),
        max_size=6,
    ),
    max_size=5,
)


def settle_plainly(batches_of_notes: list[list[tuple[int, int, int]]]) -> set[tuple[int, float, float]]:
    """Return what the rules leave, one note after the other, with no cleverness."""
    notes: dict[tuple[int, int], int] = {}
    for batch in batches_of_notes:
        for pitch, start, duration in batch:
            notes[(pitch, start)] = duration
        for (pitch, start), duration in list(notes.items()):
            later = [other for other_pitch, other in notes if other_pitch == pitch and other > start]
            if later:
                notes[(pitch, start)] = min(duration, min(later) - start)
    return {(pitch, float(start), float(duration)) for (pitch, start), duration in notes.items()}


@given(batches)
@settings(deadline=None)
def test_tables_follow_the_plain_rules(batches_of_notes: list[list[tuple[int, int, int]]]) -> None:
    table = NoteTable()
    number = 0
    for batch in batches_of_notes:
        added = []
        for pitch, start, duration in batch:
            number += 1
            added.append(make_note(number, pitch, float(start), float(duration)))
        table = table.with_notes(added)
    assert {(n.pitch, n.start_time, n.duration) for n in table} == settle_plainly(batches_of_notes)
    order = [(n.pitch, n.start_time) for n in table]
    assert order == sorted(order)
    assert len(table) == len(order)


@given(batches, st.integers(55, 65), st.integers(0, 6), st.integers(-2, 10), st.integers(0, 8))
@settings(deadline=None)
def test_a_span_holds_the_notes_that_start_in_it(
    batches_of_notes: list[list[tuple[int, int, int]]], pitch: int, pitches: int, start: int, beats: int
) -> None:
    flat = [note for batch in batches_of_notes for note in batch]
    table = NoteTable().with_notes(make_note(i, p, float(s), float(d)) for i, (p, s, d) in enumerate(flat))
    expected = [
        note for note in table if pitch <= note.pitch < pitch + pitches and start <= note.start_time < start + beats
    ]
    assert table.span(pitch, pitches, float(start), float(beats)) == expected


@pytest.fixture
def clip(live: Simulator) -> Any:
    return live.song.tracks[0].clip_slots[0].create_clip(16.0)


def add(live: Simulator, clip: Any, *notes: tuple[float, ...]) -> list[int]:
    make = live.Live.Clip.MidiNoteSpecification
    return list(clip.add_new_notes(tuple(make(int(pitch), *rest) for pitch, *rest in notes)))


def test_many_notes_arrive_in_one_step_and_undo_whole(live: Simulator, clip: Any) -> None:
    steps = live.context.journal.step_count
    add(live, clip, *((i % 100, (i // 100) * 0.25, 0.2) for i in range(MANY)))
    assert len(clip.get_all_notes_extended()) == MANY
    assert live.context.journal.step_count == steps + 1
    live.song.undo()
    assert len(clip.get_all_notes_extended()) == 0
    live.song.redo()
    assert len(clip.get_all_notes_extended()) == MANY


def test_times_are_doubles(live: Simulator, clip: Any) -> None:
    start = 4096.0 + 1.0 / 3.0
    add(live, clip, (60, start, 1.0 / 7.0))
    note = clip.get_all_notes_extended()[0]
    assert (note.start_time, note.duration) == (start, 1.0 / 7.0)


def test_notes_before_the_start_are_kept(live: Simulator, clip: Any) -> None:
    add(live, clip, (67, -0.25, 0.5))
    assert [note.start_time for note in clip.get_notes_extended(0, 127, -8192, 16384)] == [-0.25]


@pytest.mark.parametrize(
    ("note", "what"),
    [
        ((128, 0.0, 1.0), "pitch must be in range 0..127, not 128"),
        ((60, float("nan"), 1.0), "start time must be finite"),
        ((60, 0.0, 0.0), "duration must be greater than 0"),
        ((60, 0.0, float("inf")), "duration must be greater than 0 and finite"),
        ((60, 0.0, 1.0, 0.0), "velocity must be greater than 0"),
        ((60, 0.0, 1.0, 128.0), "at most 127"),
        ((60, 0.0, 1.0, 100.0, False, 1.5), "probability must be in range 0..1"),
    ],
)
def test_a_bad_note_is_refused_and_none_is_added(live: Simulator, clip: Any, note: tuple[Any, ...], what: str) -> None:
    make = live.Live.Clip.MidiNoteSpecification
    with pytest.raises(ValueError, match=what):
        clip.add_new_notes((make(50, 0.0, 1.0), make(*note)))
    assert len(clip.get_all_notes_extended()) == 0


def test_modified_notes_keep_their_ids(live: Simulator, clip: Any) -> None:
    first, second = add(live, clip, (60, 0.0, 1.0), (64, 1.0, 1.0))
    notes = clip.get_notes_by_id((second,))
    notes[0].pitch = 65
    notes[0].mute = True
    clip.apply_note_modifications(notes)
    assert [(n.note_id, n.pitch, n.mute) for n in clip.get_all_notes_extended()] == [
        (first, 60, False),
        (second, 65, True),
    ]
    clip.remove_notes_by_id((first,))
    with pytest.raises(RuntimeError, match="All given IDs must be present in clip"):
        clip.remove_notes_by_id((first,))


def test_copies_have_ids_of_their_own(live: Simulator, clip: Any) -> None:
    ids = add(live, clip, (60, 0.0, 1.0))
    copies = list(clip.duplicate_notes_by_id(tuple(ids), 4.0, 12))
    assert set(copies).isdisjoint(ids)
    assert [(n.pitch, n.start_time) for n in clip.get_all_notes_extended()] == [(60, 0.0), (72, 4.0)]


def test_removing_takes_a_window(live: Simulator, clip: Any) -> None:
    add(live, clip, (60, 0.0, 1.0), (60, 4.0, 1.0), (72, 0.0, 1.0))
    clip.remove_notes_extended(60, 11, 0.0, 2.0)
    assert [(n.pitch, n.start_time) for n in clip.get_all_notes_extended()] == [(60, 4.0), (72, 0.0)]


def test_the_notes_listener_hears_every_change(live: Simulator, clip: Any) -> None:
    heard: list[int] = []
    clip.add_notes_listener(lambda: heard.append(len(clip.get_all_notes_extended())))
    add(live, clip, (60, 0.0, 1.0))
    clip.remove_notes_extended(0, 128, 0.0, 16.0)
    live.song.undo()
    assert heard == [1, 0, 1]


def test_notes_are_refused_on_audio(live: Simulator, make_live: MakeLive) -> None:
    del make_live
    audio = live.song_model.tracks[2].clip_slots[0]
    live.song_model.transport.recorder.begin(audio)
    clip = live.song.tracks[2].clip_slots[0].clip
    with pytest.raises(RuntimeError, match="only available for MIDI Clips"):
        clip.get_all_notes_extended()


def test_the_mutation_note_order_sorts_by_time(make_live: MakeLive) -> None:
    broken = make_live(mutation="note-order")
    clip = broken.song.tracks[0].clip_slots[0].create_clip(4.0)
    add(broken, clip, (67, 0.0, 0.5), (60, 1.0, 0.5))
    assert [n.pitch for n in clip.get_all_notes_extended()] == [67, 60]
