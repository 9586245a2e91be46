"""Probes of the arguments that Live accepts and the errors it raises for others."""

from __future__ import annotations

from typing import Any, Iterator

from .expect import expect, expect_error, midi_clip, midi_track

MISMATCH = "did not match C++ signature"


def a_float_is_no_int(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        expect_error("float pitch", MISMATCH, clip.get_notes_extended, 0.0, 128, 0.0, 4.0)
        expect_error("float scene", MISMATCH, run.song.create_scene, 1.5)
    yield 0.0


def an_int_is_a_float_and_a_bool(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        track.mixer_device.volume.value = 1
        track.mute = 1
        expect("volume", track.mixer_device.volume.value, 1.0)
        expect("mute", track.mute, True)
    yield 0.0


def a_string_is_no_number(run: Any) -> Iterator[float]:
    text = "Python argument types in\n    None.None(Song, str)\n" + MISMATCH
    expect_error("a string tempo", text, setattr, run.song, "tempo", "90")
    yield 0.0


def an_index_beyond_the_end_is_out_of_range(run: Any) -> Iterator[float]:
    expect_error("tracks", "Index out of range", lambda: run.song.tracks[10000])
    expect_error("slots", "Index out of range", lambda: run.song.tracks[0].clip_slots[10000])
    yield 0.0


def a_parameter_has_bounds(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        volume = track.mixer_device.volume
        text = "Invalid value. Check the parameters range with min/max"
        expect_error("too loud", text, setattr, volume, "value", 1.5)
        expect("volume", round(volume.value, 6), 0.85)
    yield 0.0


def colours_come_from_the_palette(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        track.color = 0x00FF0000
        expect("the nearest to pure red", hex(track.color), "0xff3636")
    yield 0.0


PROBES = (
    a_float_is_no_int,
    an_int_is_a_float_and_a_bool,
    a_string_is_no_number,
    an_index_beyond_the_end_is_out_of_range,
    a_parameter_has_bounds,
    colours_come_from_the_palette,
)
