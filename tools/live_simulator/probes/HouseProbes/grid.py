"""Probes of clips in slots, undo, and the routing of new tracks."""

from __future__ import annotations

from typing import Any, Iterator

import Live

from .expect import expect, expect_error, expect_true, midi_clip, midi_track


def a_slot_holds_one_clip(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        slot = track.clip_slots[0]
        slot.create_clip(4.0)
        expect("a new clip's name", slot.clip.name, "")
        expect("its length", slot.clip.length, 4.0)
        expect_error("a second clip", "This clip slot already has a clip", slot.create_clip, 4.0)
    yield 0.0


def one_undo_takes_a_whole_step_back(run: Any) -> Iterator[float]:
    song = run.song
    with midi_track(song) as track:
        song.begin_undo_step()
        try:
            slot = track.clip_slots[0]
            slot.create_clip(8.0)
            slot.clip.name = "probe"
            slot.clip.add_new_notes((Live.Clip.MidiNoteSpecification(pitch=60, start_time=0.0, duration=1.0),))
            track.name = "renamed"
        finally:
            song.end_undo_step()
        yield 0.2
        song.undo()
        yield 0.2
        expect("clip after undo", track.clip_slots[0].has_clip, False)
        expect_true("name after undo", track.name != "renamed", track.name)
        song.redo()
        yield 0.2
        clip = track.clip_slots[0].clip
        expect("clip after redo", (clip.name, clip.length), ("probe", 8.0))
        expect("notes after redo", len(clip.get_notes_extended(0, 128, 0.0, 8.0)), 1)
        expect("name after redo", track.name, "renamed")


def undo_does_not_know_the_selection(run: Any) -> Iterator[float]:
    song = run.song
    with midi_track(song) as track:
        track.name = "first"
        song.view.selected_track = track
        yield 0.2
        song.undo()
        yield 0.2
        expect("still selected", song.view.selected_track == track, True)
        expect_true("the name was undone", track.name != "first", track.name)


def routing_lists_fill_a_tick_after_the_track(run: Any) -> Iterator[float]:
    with midi_track(run.song), midi_track(run.song) as track:
        fresh = [routing.display_name for routing in track.available_input_routing_types]
        yield 0.3
        later = [routing.display_name for routing in track.available_input_routing_types]
        expect_true("in the tick of its making, nothing to choose:", fresh in ([], [""]), fresh)
        expect_true("later there is:", len(later) > 2, later)


def loop_setters_alias_the_markers_when_looping_is_off(run: Any) -> Iterator[float]:
    with midi_clip(run.song, 8.0) as clip:
        clip.loop_start = 2.0
        expect("start marker stays", clip.start_marker, 0.0)
        clip.looping = False
        clip.loop_end = 6.0
        expect("markers", (clip.start_marker, clip.end_marker), (0.0, 6.0))
        clip.looping = True
        expect("the loop comes back", (clip.loop_start, clip.loop_end), (2.0, 8.0))
        expect_error("a loop inside out", "LoopEnd", setattr, clip, "loop_start", 9.0)
    yield 0.0


PROBES = (
    a_slot_holds_one_clip,
    one_undo_takes_a_whole_step_back,
    undo_does_not_know_the_selection,
    routing_lists_fill_a_tick_after_the_track,
    loop_setters_alias_the_markers_when_looping_is_off,
)
