"""Undo and redo restore the set exactly, whatever was edited."""

from __future__ import annotations

import gc
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator
from musearoo.tools.live_simulator.snapshot import open_set, take_snapshot

from ..conftest import MakeLive

NOTHING_THERE = (RuntimeError, IndexError, AttributeError, TypeError)
"""What a random edit raises that finds nothing to work on, or must not do what it tries."""


def write_wave(path: Path, seconds: float = 2.0, rate: int = 44100) -> str:
    frames = int(seconds * rate)
    header = struct.pack("<4sI4s", b"RIFF", 36 + 2 * frames, b"WAVE")
    header += struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    path.write_bytes(header + struct.pack("<4sI", b"data", 2 * frames) + bytes(2 * frames))
    return str(path)


def edits(live: Simulator, generator: random.Random, wave: str) -> list[Any]:
    """Return one edit of every kind, as functions that may find nothing to do."""
    song = live.song
    note = live.Live.Clip.MidiNoteSpecification

    def midi_slot() -> Any:
        tracks = [track for track in song.tracks if track.has_midi_input]
        return generator.choice(list(generator.choice(tracks).clip_slots))

    def audio_slot() -> Any:
        tracks = [track for track in song.tracks if not track.has_midi_input]
        return generator.choice(list(generator.choice(tracks).clip_slots))

    def any_track() -> Any:
        return generator.choice(list(song.tracks))

    def create_clip() -> None:
        midi_slot().create_clip(generator.choice([1.0, 4.0, 8.0]))

    def create_audio_clip() -> None:
        audio_slot().create_audio_clip(wave)

    def add_notes() -> None:
        clip = midi_slot().clip
        clip.add_new_notes(tuple(note(generator.randrange(128), i * 0.5, 1.0) for i in range(8)))

    def change_clip() -> None:
        clip = midi_slot().clip
        clip.name = str(generator.random())
        clip.color_index = generator.randrange(70)
        clip.loop_end = 3.5
        clip.looping = generator.random() < 0.5
        clip.muted = True

    def change_audio() -> None:
        clip = audio_slot().clip
        clip.gain = generator.random()
        clip.pitch_coarse = generator.randrange(-48, 49)
        clip.warping = not clip.warping
        clip.add_warp_marker(live.Live.Clip.WarpMarker(1.0, 1.75))

    def change_mixer() -> None:
        mixer = any_track().mixer_device
        mixer.volume.value = generator.random()
        mixer.panning.value = generator.uniform(-1, 1)
        mixer.sends[0].value = generator.random()

    def change_track() -> None:
        track = any_track()
        track.name = generator.choice(["Drums", "Bass", ""])
        track.color = generator.randrange(0x1000000)
        track.mute = not track.mute
        track.solo = not track.solo

    def change_routing() -> None:
        track = any_track()
        track.input_routing_type = generator.choice(list(track.available_input_routing_types))

    def change_song() -> None:
        song.tempo = generator.uniform(60, 200)
        song.root_note = generator.randrange(12)
        song.scale_name = generator.choice(["Major", "Minor", "Dorian"])
        song.signature_numerator = generator.randrange(2, 8)

    def to_arrangement() -> None:
        slot = midi_slot()
        slot.canonical_parent.duplicate_clip_to_arrangement(slot.clip, generator.uniform(0, 16))

    return [
        create_clip,
        create_audio_clip,
        add_notes,
        change_clip,
        change_audio,
        change_mixer,
        change_track,
        change_routing,
        change_song,
        to_arrangement,
        lambda: midi_slot().delete_clip(),
        lambda: midi_slot().duplicate_clip_to(midi_slot()),
        lambda: song.create_midi_track(generator.randrange(len(song.tracks) + 1)),
        lambda: song.create_audio_track(-1),
        lambda: song.delete_track(generator.randrange(len(song.tracks))),
        lambda: song.duplicate_track(generator.randrange(len(song.tracks))),
        lambda: song.create_scene(generator.randrange(len(song.scenes) + 1)),
        lambda: song.delete_scene(generator.randrange(len(song.scenes))),
        lambda: song.duplicate_scene(generator.randrange(len(song.scenes))),
        lambda: song.create_return_track(),
        lambda: song.delete_return_track(0),
        lambda: song.set_or_delete_cue(),
        lambda: any_track().delete_clip(any_track().arrangement_clips[0]),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_any_edits_are_undone_and_redone_exactly(seed: int, live: Simulator, tmp_path: Path) -> None:
    generator = random.Random(seed)
    wave = write_wave(tmp_path / "loop.wav")
    states = [take_snapshot(live.song_model)]
    done = 0
    while done < 60:
        live.song.begin_undo_step()
        try:
            generator.choice(edits(live, generator, wave))()
        except NOTHING_THERE:
            pass  # the edit found nothing to work on; what it did until then must be undone too
        finally:
            live.song.end_undo_step()
        live.run_for(0.05)
        done += 1
        if live.context.journal.step_count == len(states):
            states.append(take_snapshot(live.song_model))
    assert len(states) > 20
    for state in reversed(states[:-1]):
        assert live.song.can_undo
        live.song.undo()
        assert take_snapshot(live.song_model) == state
    assert not live.song.can_undo
    for state in states[1:]:
        live.song.redo()
        assert take_snapshot(live.song_model) == state
    assert not live.song.can_redo


def test_a_snapshot_opens_as_the_same_set(live: Simulator, make_live: MakeLive, tmp_path: Path) -> None:
    generator = random.Random(5)
    wave = write_wave(tmp_path / "loop.wav")
    for _ in range(80):
        try:
            generator.choice(edits(live, generator, wave))()
        except NOTHING_THERE:
            continue  # the edit found nothing to work on
        live.run_for(0.05)
    saved = take_snapshot(live.song_model)
    other = make_live()
    while len(other.song.return_tracks) < len(saved["returns"]):
        other.song.create_return_track()
    while len(other.song.return_tracks) > len(saved["returns"]):
        other.song.delete_return_track(0)
    open_set(other.song_model, saved)
    reopened = take_snapshot(other.song_model)
    for part in ("song", "transport", "scenes", "cue_points"):
        assert reopened[part] == saved[part]
    for mine, theirs in zip(reopened["tracks"], saved["tracks"], strict=True):
        for track in (mine, theirs):
            del track["input"], track["output"]
            for clip in (*track["slots"], *track["arrangement"]):
                if clip is not None and "notes" in clip:
                    clip["notes"] = [values[1:] for values in clip["notes"]]
        assert mine == theirs
    assert not other.song.can_undo


def test_single_edits_are_steps_of_their_own(live: Simulator) -> None:
    track = live.song.tracks[0]
    track.name = "one"
    track.name = "two"
    live.song.undo()
    assert track.name == "one"
    live.song.undo()
    assert track.name == "1-MIDI"


def test_a_step_holds_all_edits_between_begin_and_end(live: Simulator) -> None:
    song = live.song
    song.begin_undo_step()
    song.create_scene(-1)
    song.tracks[0].name = "Drums"
    song.end_undo_step()
    song.undo()
    assert (len(song.scenes), song.tracks[0].name) == (8, "1-MIDI")


def test_empty_steps_are_not_recorded(live: Simulator) -> None:
    live.song.begin_undo_step()
    live.song.end_undo_step()
    live.song.end_undo_step()
    live.song.tempo = 120.0
    assert not live.song.can_undo
    assert live.song.undo() == ""


def test_a_new_edit_forgets_what_could_be_redone(live: Simulator) -> None:
    live.song.tempo = 100.0
    assert live.song.undo() == "Undo Custom Action"
    live.song.root_note = 3
    assert not live.song.can_redo


def test_selection_transport_and_arming_are_no_edits(live: Simulator) -> None:
    song = live.song
    song.view.selected_track = song.tracks[2]
    song.tracks[2].arm = True
    song.metronome = True
    song.loop = True
    song.start_playing()
    live.run_for(0.2)
    assert not song.can_undo


def test_a_dead_object_comes_back_as_a_new_one(live: Simulator) -> None:
    slot = live.song.tracks[0].clip_slots[0]
    clip = slot.create_clip(4.0)
    pointer = clip._live_ptr
    slot.delete_clip()
    assert clip == None  # noqa: E711  what liveobj_valid does
    live.song.undo()
    assert clip == None  # noqa: E711  the old handle stays dead
    assert slot.clip.length == 4.0
    assert slot.clip._live_ptr != pointer


def test_undoing_a_playing_clip_stops_it(live: Simulator) -> None:
    track = live.song.tracks[0]
    track.clip_slots[0].create_clip(4.0).fire()
    live.run_for(0.3)
    assert track.playing_slot_index == 0
    live.song.undo()
    live.run_for(0.3)
    assert track.playing_slot_index == -2
    assert not track.clip_slots[0].has_clip


def test_replacing_a_clip_over_and_over_does_not_grow(live: Simulator) -> None:
    slot = live.song.tracks[0].clip_slots[0]
    sizes = []
    for count in range(2400):
        live.song.begin_undo_step()
        if slot.has_clip:
            slot.delete_clip()
        slot.create_clip(4.0).add_name_listener(lambda: None)
        live.song.end_undo_step()
        if count in (1399, 2399):  # both when the history is full
            gc.collect()
            sizes.append((len(gc.get_objects()), live.context.handle_count, live.context.listener_count))
    (objects, *others), (later_objects, *later_others) = sizes
    assert others == later_others
    assert later_objects <= objects * 1.01


def test_history_is_bounded(live: Simulator) -> None:
    for index in range(1200):
        live.song.tempo = 60.0 + index % 100
    assert live.context.journal.step_count == 1000
