"""Stems of clips of any length and rate, however warped, looped and cut: never a sample beside their source."""

import random
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import CreateStem, CreateTrack
from musearoo.tools.live_simulator.core.audio_file import write_silence
from tests.remote_scripts.played import second_on_timeline, second_played
from tests.remote_scripts.stem_sources import loop, part
from tests.remote_scripts.studio import Studio

ROUNDS = 60
RATES = (8000, 22050, 44100, 48000, 96000)


def shape(room: Studio, chance: random.Random, clip: Any) -> None:
    """Warps, loops and cuts a clip in some way."""
    clip.warping = chance.random() < 0.8
    room.step(0.1)
    seconds = clip.sample_length / clip.sample_rate
    if not clip.warping:
        start = chance.uniform(-0.2, 0.8) * seconds
        part(clip, start, start + chance.uniform(0.05, 1.5) * seconds)
        return
    clip.move_warp_marker(0.0, beat := chance.uniform(-50, 50))
    for second in sorted(chance.uniform(0, seconds) for _ in range(chance.choice((0, 0, 1, 2, 40)))):
        beat += chance.uniform(0.01, 4)
        clip.add_warp_marker(room.live.Live.Clip.WarpMarker(second, beat))
    ends = sorted(clip.sample_to_beat_time(chance.uniform(-0.2, 1.2) * clip.sample_length) for _ in range(4))
    start, end = ends[0], max(ends[3], ends[0] + 0.01)
    if chance.random() < 0.5:
        part(clip, start, end)
    else:
        loop(clip, start, end, *chance.choice(((start, end), (ends[1], end + 1), (ends[2], end), (end + 1, end + 2))))


def test_a_stem_of_any_clip_plays_the_samples_that_its_source_plays(room: Studio, home: Path) -> None:
    chance, song = random.Random(11), room.live.song
    track = room.live.song_model.tracks[2]
    path, stem_path = str(home / "a.wav"), str(home / "a · Drums.wav")
    song.tempo = 117.3
    pieces = 0
    for number in range(ROUNDS):
        rate = chance.choice(RATES)
        seconds = chance.choice((2 / rate, 0.01, 3.3, 70.0)) * chance.choice((1.0, 1.01, 1.37))
        for each in (path, stem_path):
            write_silence(each, seconds, rate)
        in_session = chance.random() < 0.5
        if in_session:
            track.clip_slots[0].create_audio_clip(path)
            source = song.tracks[2].clip_slots[0].clip
        else:
            track.create_audio_clip(path, 8.25)
            source = song.tracks[2].arrangement_clips[0]
        shape(room, chance, source)
        if not in_session and source.looping:
            source._model._span = (8.25, 8.25 + chance.uniform(0.1, 9.0) * (source.loop_end - source.loop_start))
        if source.warping:
            # What Live takes a fresh file for depends on the tempo, so it takes the stem for something else.
            song.tempo = chance.uniform(60.0, 180.0)
        room.step(0.05)
        room.do(CreateTrack(1, 0, "Drums", -1), CreateStem(max(room.clips), -1, stem_path, "", -1))
        made = song.tracks[4]
        length = 1.5 * (source.end_time - source.start_time if not in_session else source.length) + 1.0
        for beats in (chance.uniform(0, length) for _ in range(60)):
            if in_session:
                wanted = second_played(source, beats, song.tempo)
                found = second_played(made.clip_slots[0].clip, beats, song.tempo)
            else:
                wanted, found = [second_on_timeline(each, 8.25 + beats, song.tempo) for each in (song.tracks[2], made)]
            # Behind the last sample there is nothing to be heard.
            last = (source.sample_length - 1) / rate
            wanted, found = [None if each is None or each > last else each for each in (wanted, found)]
            assert found == pytest.approx(wanted, abs=0.01 / rate), (number, beats)
        pieces += len(made.arrangement_clips)
        song.delete_track(4)
        if in_session:
            track.clip_slots[0].delete_clip()
        else:
            track.delete_clip(source._model)
        room.step(0.05)
    assert pieces > ROUNDS / 4
