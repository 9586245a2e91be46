"""Probes of audio clips created from files, in Lives that support them."""

from __future__ import annotations

import os
import struct
import tempfile
from typing import Any, Iterator

import Live

from .expect import audio_track, expect, expect_error, expect_true, midi_track


def _write_wave(seconds: float, rate: int = 48000) -> str:
    """Write a silent mono WAVE file and return its path."""
    frames = int(seconds * rate)
    handle, path = tempfile.mkstemp(suffix=".wav")
    with os.fdopen(handle, "wb") as file:
        file.write(struct.pack("<4sI4s", b"RIFF", 36 + 2 * frames, b"WAVE"))
        file.write(struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16))
        file.write(struct.pack("<4sI", b"data", 2 * frames) + bytes(2 * frames))
    return path


def a_file_becomes_a_clip(run: Any) -> Iterator[float]:
    path = _write_wave(2.0)
    with audio_track(run.song) as track:
        slot = track.clip_slots[0]
        if hasattr(slot, "create_audio_clip"):
            slot.create_audio_clip(path)
            clip = slot.clip
            expect("facts", (clip.file_path, clip.sample_length, clip.is_audio_clip), (path, 96000, True))
            if hasattr(clip, "sample_rate"):
                expect("sample rate", clip.sample_rate, 48000.0)
            expect_true("the gain is 0 dB", abs(clip.gain - 0.4) < 1e-6, clip.gain)
            expect("warp modes", 5 in clip.available_warp_modes, False)
            expect_error("REX mode", "Invalid warp mode", setattr, clip, "warp_mode", 5)
    yield 0.0


def files_are_refused_with_a_reason(run: Any) -> Iterator[float]:
    path = _write_wave(0.5)
    with midi_track(run.song) as midi, audio_track(run.song) as audio:
        if hasattr(midi.clip_slots[0], "create_audio_clip"):
            wrong = "Audio clips can only be created on audio tracks"
            expect_error("on a MIDI track", wrong, midi.clip_slots[0].create_audio_clip, path)
            slot = audio.clip_slots[0]
            expect_error("a relative path", "absolute path", slot.create_audio_clip, "x.wav")
            expect_error("no file", "valid audio file", slot.create_audio_clip, path + ".gone")
            expect_error("no audio", "valid audio file", slot.create_audio_clip, os.path.abspath(__file__))
            expect("the slot", slot.has_clip, False)
    yield 0.0


def audio_properties_are_refused_on_midi_clips(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        track.clip_slots[0].create_clip(4.0)
        clip = track.clip_slots[0].clip
        expect_error("gain", "Gain is only available for Audio Clips", lambda: clip.gain)
        expect_error("warping", "Warping is only available for Audio Clips", lambda: clip.warping)
    yield 0.0


def warp_markers_are_added_and_removed_in_order(run: Any) -> Iterator[float]:
    path = _write_wave(2.0)
    with audio_track(run.song) as track:
        slot = track.clip_slots[0]
        if hasattr(slot, "create_audio_clip"):
            slot.create_audio_clip(path)
            clip, marker = slot.clip, Live.Clip.WarpMarker
            clip.warping = True
            yield 0.2
            hidden = list(clip.warp_markers)[-1].beat_time
            expect_error("the hidden marker", "shadow marker", clip.move_warp_marker, hidden, 1.0)
            clip.add_warp_marker(marker(1.0, 3.0))
            markers = [(one.sample_time, one.beat_time) for one in clip.warp_markers]
            expect_true("a marker is in seconds", (1.0, 3.0) in markers[:-1], markers)
            expect("frames at the beat", clip.beat_to_sample_time(3.0), 48000.0)
            expect_error("a marker across another", "", clip.add_warp_marker, marker(1.5, 2.0))
            clip.remove_warp_marker(3.0)
            expect_error("no marker there", "doesn't exist", clip.remove_warp_marker, 3.0)
    yield 0.0


def a_pinned_last_sample_lays_the_whole_file(run: Any) -> Iterator[float]:
    path = _write_wave(2.0)
    with audio_track(run.song) as track:
        slot = track.clip_slots[0]
        if hasattr(slot, "create_audio_clip"):
            slot.create_audio_clip(path)
            clip, last = slot.clip, 95999 / 48000.0
            clip.warping = True
            yield 0.2
            clip.add_warp_marker(Live.Clip.WarpMarker(last, 7.0))
            markers = [(one.sample_time, one.beat_time) for one in clip.warp_markers]
            expect_true("a marker on the last sample", (last, 7.0) in markers[:-1], markers)
            for beat in (0.5, 3.5, 6.9):
                frame = clip.beat_to_sample_time(beat)
                expect_true(f"the frame at beat {beat}", abs(frame - beat / 7.0 * 95999) < 0.01, frame)
    yield 0.0


def an_arranged_clip_keeps_its_end_when_it_loops(run: Any) -> Iterator[float]:
    path = _write_wave(2.0)
    with audio_track(run.song) as track:
        slot = track.clip_slots[0]
        if hasattr(slot, "create_audio_clip"):
            slot.create_audio_clip(path)
            slot.clip.warping = True
            yield 0.2
            slot.clip.looping = False
            slot.clip.loop_end = 10.5
            slot.clip.loop_start = 0.5
            track.duplicate_clip_to_arrangement(slot.clip, 16.0)
            clip = track.arrangement_clips[0]
            expect("its span, not looping", (clip.start_time, clip.end_time), (16.0, 26.0))
            clip.looping = True
            clip.loop_start, clip.loop_end = 0.75, 2.0
            yield 0.2
            expect("its span, looping", (clip.start_time, clip.end_time), (16.0, 26.0))
            expect("its loop", (clip.loop_start, clip.loop_end, clip.start_marker), (0.75, 2.0, 0.5))
    yield 0.0


PROBES = (
    a_file_becomes_a_clip,
    files_are_refused_with_a_reason,
    warp_markers_are_added_and_removed_in_order,
    audio_properties_are_refused_on_midi_clips,
    a_pinned_last_sample_lays_the_whole_file,
    an_arranged_clip_keeps_its_end_when_it_loops,
)
