"""Song time, launching, looping and recording, on a clock stepped by hand."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import pytest

from musearoo.tools.live_simulator.core.audio_file import read_audio_file
from musearoo.tools.live_simulator.program.simulator import Simulator

from ..conftest import MakeLive

BAR, SIXTEENTH, NONE = 4, 11, 0
PULSE = 0.02
"""Longer than it takes the transport to act."""


def test_starting_is_seen_a_tick_later(live: Simulator) -> None:
    song = live.song
    song.start_playing()
    assert not song.is_playing
    live.run_for(PULSE)
    assert song.is_playing
    live.run_for(2.0)
    assert math.isclose(song.current_song_time, 4.0, abs_tol=0.05)


def test_song_time_follows_tempo_changes(live: Simulator) -> None:
    song = live.song
    song.start_playing()
    live.run_for(1.0)
    before = song.current_song_time
    song.tempo = 60.0
    live.run_for(2.0)
    assert math.isclose(song.current_song_time - before, 2.0, abs_tol=0.05)


def test_stop_holds_and_continue_goes_on(live: Simulator) -> None:
    song = live.song
    song.start_playing()
    live.run_for(1.0)
    song.stop_playing()
    live.run_for(PULSE)
    stood = song.current_song_time
    live.run_for(1.0)
    assert song.current_song_time == stood > 1.5
    song.continue_playing()
    live.run_for(0.5)
    assert song.current_song_time > stood
    song.stop_playing()
    song.start_playing()
    live.run_for(0.1)
    assert song.current_song_time < 0.3


def test_jumps(live: Simulator) -> None:
    song = live.song
    song.current_song_time = 8.0
    assert song.current_song_time == 0.0
    live.run_for(PULSE)
    assert (song.current_song_time, song.start_time) == (8.0, 8.0)
    song.jump_by(-2.0)
    live.run_for(PULSE)
    assert song.current_song_time == 6.0
    assert str(song.get_current_beats_song_time()) == "002.03.01.001"
    with pytest.raises(RuntimeError, match="not be negative"):
        song.current_song_time = -1.0


def test_the_loop_wraps(live: Simulator) -> None:
    song = live.song
    song.loop_start, song.loop_length, song.loop = 0.0, 2.0, 1
    assert song.loop is False
    live.run_for(PULSE)
    assert song.loop is True
    song.start_playing()
    live.run_for(1.5)
    assert math.isclose(song.current_song_time, 1.0, abs_tol=0.06)


def test_cue_points(live: Simulator) -> None:
    song = live.song
    song.current_song_time = 4.1
    live.run_for(PULSE)
    song.set_or_delete_cue()
    assert [(cue.time, cue.name) for cue in song.cue_points] == [(4.0, "1")]
    song.current_song_time = 0.0
    live.run_for(PULSE)
    assert song.can_jump_to_next_cue
    song.jump_to_next_cue()
    live.run_for(PULSE)
    assert song.current_song_time == 4.0
    song.set_or_delete_cue()
    assert len(song.cue_points) == 0


def test_a_cue_point_is_set_where_the_song_stood_at_the_last_tick(live: Simulator) -> None:
    song = live.song
    for time in (8.0, 2.0):
        song.current_song_time = time
        live.run_for(PULSE)
        song.current_song_time = 12.0
        song.set_or_delete_cue()
    assert [cue.time for cue in song.cue_points] == [8.0, 2.0], "in the order in which they were set"


def test_scripts_name_cue_points_from_live_12_1_on(make_live: MakeLive) -> None:
    for profile, can in (("11.3.25", False), ("12.0.5", False), ("12.2.0", True)):
        song = make_live(profile).song
        song.set_or_delete_cue()
        if can:
            song.cue_points[0].name = "Intro"
            assert song.cue_points[0].name == "Intro"
        else:
            with pytest.raises(AttributeError):
                song.cue_points[0].name = "Intro"


def fire(live: Simulator, track: int, slot: int, beats: float = 4.0) -> Any:
    cell = live.song.tracks[track].clip_slots[slot]
    if not cell.has_clip:
        cell.create_clip(beats)
    cell.fire()
    return cell.clip


def test_the_first_launch_starts_the_transport_at_once(live: Simulator) -> None:
    clip = fire(live, 0, 0)
    assert not clip.is_playing
    live.run_for(PULSE)
    assert clip.is_playing
    assert live.song.is_playing
    assert live.song.tracks[0].playing_slot_index == 0
    live.run_for(1.0)
    assert math.isclose(clip.playing_position, 2.0, abs_tol=0.05)
    live.run_for(1.5)
    assert math.isclose(clip.playing_position, 1.0, abs_tol=0.05)


@pytest.mark.parametrize(("quantization", "beats"), [(BAR, 4.0), (SIXTEENTH, 0.25), (7, 1.0), (8, 2.0 / 3.0)])
def test_launches_fall_on_the_grid(live: Simulator, quantization: int, beats: float) -> None:
    song = live.song
    song.clip_trigger_quantization = quantization
    song.start_playing()
    live.run_for(0.33)
    clip = fire(live, 0, 0)
    live.run_for(PULSE)
    assert (song.tracks[0].fired_slot_index, clip.is_triggered) == (0, True)
    live.run_for(2.2)
    assert clip.is_playing
    assert (song.tracks[0].fired_slot_index, clip.is_triggered) == (-1, False)
    steps = clip.start_time / beats
    assert math.isclose(steps, round(steps), abs_tol=1e-6)
    assert math.isclose(clip.playing_position, (song.current_song_time - clip.start_time) % 4.0, abs_tol=1e-6)


def test_a_launch_replaces_what_plays_on_the_track(live: Simulator) -> None:
    live.song.clip_trigger_quantization = NONE
    first = fire(live, 0, 0)
    live.run_for(PULSE)
    second = fire(live, 0, 1)
    live.run_for(PULSE)
    assert (first.is_playing, second.is_playing) == (False, True)
    assert live.song.tracks[0].playing_slot_index == 1


def test_stopping_clips(live: Simulator) -> None:
    song = live.song
    song.clip_trigger_quantization = BAR
    clip = fire(live, 0, 0)
    live.run_for(0.5)
    song.tracks[0].stop_all_clips()
    live.run_for(PULSE)
    assert (song.tracks[0].fired_slot_index, clip.is_playing) == (-2, True)
    live.run_for(2.0)
    assert (song.tracks[0].playing_slot_index, clip.is_playing) == (-2, False)
    song.back_to_arranger = False
    live.run_for(PULSE)
    assert song.tracks[0].playing_slot_index == -1


def test_an_unlooped_clip_ends_by_itself(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(1.0)
    clip.looping = False
    clip.fire()
    live.run_for(0.4)
    assert clip.is_playing
    live.run_for(0.3)
    assert not clip.is_playing


def test_scenes_launch_their_row(live: Simulator) -> None:
    song = live.song
    song.tracks[0].clip_slots[1].create_clip(4.0)
    song.tracks[1].clip_slots[1].create_clip(4.0)
    song.scenes[1].tempo = 90.0
    song.scenes[1].tempo_enabled = True
    song.scenes[1].fire()
    live.run_for(PULSE)
    assert [track.playing_slot_index for track in song.tracks] == [1, 1, -1, -1]
    assert song.tempo == 90.0
    assert song.view.selected_scene == song.scenes[1]


def test_status_listeners_hear_of_a_launch(live: Simulator) -> None:
    heard: list[str] = []
    track = live.song.tracks[0]
    clip = track.clip_slots[0].create_clip(4.0)
    track.add_playing_slot_index_listener(lambda: heard.append(f"slot {track.playing_slot_index}"))
    track.clip_slots[0].add_is_triggered_listener(lambda: heard.append("triggered"))
    clip.add_playing_status_listener(lambda: heard.append("status"))
    live.song.add_is_playing_listener(lambda: heard.append("playing"))
    clip.fire()
    live.run_for(PULSE)
    assert heard == ["triggered", "slot 0", "triggered", "status", "playing"]


def test_recording_audio_leaves_a_real_file(live: Simulator) -> None:
    song = live.song
    track = song.tracks[2]
    track.arm = True
    track.clip_slots[0].fire()
    live.run_for(0.2)
    clip = track.clip_slots[0].clip
    assert (clip.is_recording, clip.is_audio_clip, track.clip_slots[0].playing_status) == (True, True, 2)
    assert os.path.isfile(clip.file_path)
    with pytest.raises(RuntimeError, match="while the track is recording"):
        track.clip_slots[1].create_audio_clip(clip.file_path)
    live.run_for(1.8)
    song.stop_playing()
    live.run_for(PULSE)
    assert not clip.is_recording
    facts = read_audio_file(clip.file_path)
    assert facts.frames == clip.sample_length
    assert math.isclose(facts.seconds, 2.0, abs_tol=0.05)
    assert math.isclose(clip.length, 4.0, abs_tol=0.1)
    clip.gain = 1.0
    assert clip.gain == 1.0


def test_a_saved_set_records_into_its_project(live: Simulator, tmp_path: Path) -> None:
    live.song_model.set_file_path(str(tmp_path / "Song Project" / "Song.als"))
    song = live.song
    song.clip_trigger_quantization = 0
    song.tracks[2].arm = True
    song.tracks[2].clip_slots[0].fire()
    live.run_for(0.5)
    path = Path(song.tracks[2].clip_slots[0].clip.file_path)
    assert path.is_file()
    assert path.parent == tmp_path / "Song Project" / "Samples" / "Recorded"


def test_firing_again_ends_a_recording_and_plays_it(live: Simulator) -> None:
    song = live.song
    song.clip_trigger_quantization = BAR
    song.tracks[0].arm = True
    song.tracks[0].clip_slots[0].fire()
    live.run_for(1.0)
    song.tracks[0].clip_slots[0].fire()
    live.run_for(1.2)
    clip = song.tracks[0].clip_slots[0].clip
    assert (clip.is_recording, clip.is_playing, clip.is_midi_clip) == (False, True, True)
    assert math.isclose(clip.length, 4.0, abs_tol=0.05)


def test_an_hour_of_song_time_does_not_drift(live: Simulator) -> None:
    song = live.song
    song.tempo = 125.0
    song.start_playing()
    live.run_for(0.05)
    before, clock = song.current_song_time, live.clock.now()
    live.run_for(600.0)
    live.run_for(0.05)
    elapsed = live.clock.now() - clock
    assert math.isclose(song.current_song_time - before, elapsed * 125.0 / 60.0, abs_tol=0.05)


def test_a_failing_deferred_action_does_not_stop_the_others(live: Simulator) -> None:
    done: list[int] = []
    live.song_model.transport.defer(lambda: [][0])
    live.song_model.transport.defer(lambda: done.append(1))
    live.run_for(PULSE)
    assert done == [1]
    assert any("IndexError" in line for line in live.log_lines)
