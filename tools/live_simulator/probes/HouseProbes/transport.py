"""Probes of song time, launching and recording."""

from __future__ import annotations

from typing import Any, Iterator

import Live

from .expect import expect, expect_error, expect_true, midi_track

BAR, SIXTEENTH = 4, 11
"""Values of Live.Song.Quantization."""


def transport_reads_are_stale_within_the_tick(run: Any) -> Iterator[float]:
    song = run.song
    song.stop_playing()
    yield 0.2
    before = song.current_song_time
    song.current_song_time = before + 8.0
    expect("song time in the tick of the jump", song.current_song_time, before)
    yield 0.2
    expect("song time later", song.current_song_time, before + 8.0)
    song.start_playing()
    expect("is_playing in the tick of the start", song.is_playing, False)
    yield 0.3
    expect("is_playing later", song.is_playing, True)
    expect_true("time moves", song.current_song_time > before + 8.0, song.current_song_time)
    song.stop_playing()
    yield 0.2
    song.current_song_time = 0.0
    yield 0.2


def launches_wait_for_the_quantization(run: Any) -> Iterator[float]:
    song = run.song
    song.stop_playing()
    quantization = song.clip_trigger_quantization
    song.clip_trigger_quantization = BAR
    with midi_track(song) as track:
        track.clip_slots[0].create_clip(4.0)
        yield 0.2
        song.start_playing()
        yield 0.3
        track.clip_slots[0].fire()
        expect("playing in the tick of the launch", track.playing_slot_index < 0, True)
        yield 0.1
        expect("waiting", (track.fired_slot_index, track.clip_slots[0].is_triggered), (0, True))
        song.clip_trigger_quantization = SIXTEENTH
        track.clip_slots[0].fire()
        yield 0.4
        expect("playing", (track.playing_slot_index, track.clip_slots[0].clip.is_playing), (0, True))
        expect_true("the play head moves", track.clip_slots[0].clip.playing_position > 0.0)
        track.stop_all_clips()
        yield 0.4
        expect("stopped", track.clip_slots[0].clip.is_playing, False)
        song.stop_playing()
        yield 0.2
    song.clip_trigger_quantization = quantization
    song.current_song_time = 0.0
    yield 0.2


def locators_are_set_where_the_song_stood_before_the_tick(run: Any) -> Iterator[float]:
    song = run.song
    song.stop_playing()
    yield 0.2
    before = [locator.time for locator in song.cue_points]
    song.current_song_time = 640.0
    yield 0.2
    song.current_song_time = 672.0
    song.set_or_delete_cue()
    yield 0.2
    expect("the locator", [one.time for one in song.cue_points if one.time not in before], [640.0])
    (locator,) = [one for one in song.cue_points if one.time == 640.0]
    application = Live.Application.get_application()
    if (application.get_major_version(), application.get_minor_version()) >= (12, 1):
        locator.name = "Verse"
        expect("its name", locator.name, "Verse")
    else:
        expect_error("naming it", "", setattr, locator, "name", "Verse")
    song.current_song_time = 640.0
    yield 0.2
    song.set_or_delete_cue()
    yield 0.2
    expect("the locators that are left", [one.time for one in song.cue_points], before)
    song.current_song_time = 0.0
    yield 0.2


PROBES = (
    locators_are_set_where_the_song_stood_before_the_tick,
    transport_reads_are_stale_within_the_tick,
    launches_wait_for_the_quantization,
)
