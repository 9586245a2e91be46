"""Imagined loops in every Live: on a new track, each in a slot of its own, pinned to the beats, one undo for all."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Imagine, Result
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.imagine import ImagineReading, TakeFile, read_imagine, write_imagined
from tests.remote_scripts.some_edits import existing_clip
from tests.remote_scripts.studio import Studio

PROMPT = "warm dub bass"


@pytest.fixture
def takes(loop_file: str) -> list[TakeFile]:
    """Two takes of a bar at 120 BPM."""
    second = Path(loop_file).with_name("loop 2.wav")
    shutil.copy(loop_file, second)
    return [TakeFile(loop_file, PROMPT, 120.0, 4.0), TakeFile(str(second), f"{PROMPT} · take 2", 120.0, 4.0)]


def mirror_of(room: Studio) -> SetMirror:
    mirror = SetMirror()
    for message in room.daemon.received:
        mirror.apply(message)
    return mirror


def imagine(room: Studio, takes: list[TakeFile], track: int = -1, scene: int = 0, replace: int = 0) -> ImagineReading:
    press = Imagine(1, 1, PROMPT, 1, len(takes), 1, "", "", "", "", 1, 0, -1, -1, track, scene, replace)
    reading = read_imagine(mirror_of(room), press, "imagined", lambda _: None)
    messages: tuple[Message, ...] = write_imagined(mirror_of(room), reading, takes, PROMPT, "imagined", 0.0).messages
    answer = room.ask(*messages)
    assert isinstance(answer, Result), answer
    return reading


def clips_of(room: Studio, track: int) -> dict[int, Any]:
    slots = room.live.song.tracks[track].clip_slots
    return {row: slot.clip for row, slot in enumerate(slots) if slot.has_clip}


def test_takes_loop_on_the_beat_on_a_track_named_by_the_prompt(any_room: Studio, takes: list[TakeFile]) -> None:
    before = any_room.snapshot()
    imagine(any_room, takes)
    track = any_room.live.song.tracks[-1]
    assert track.name == PROMPT
    clips = clips_of(any_room, -1)
    assert [clip.name for clip in clips.values()] == [PROMPT, f"{PROMPT} · take 2"]
    assert list(clips) == [0, 1]
    for clip in clips.values():
        assert (clip.warping, clip.looping, clip.loop_start, clip.loop_end) == (True, True, 0.0, 4.0)
        markers = [(marker.sample_time, marker.beat_time) for marker in clip.warp_markers][:-1]
        assert markers == [(0.0, 0.0), (0.5, 1.0), (1.0, 2.0), (1.5, 3.0), (2.0, 4.0)]
    any_room.live.song.undo()
    any_room.step()
    assert any_room.snapshot() == before


def test_a_slot_that_is_filled_keeps_its_clip(room: Studio, takes: list[TakeFile]) -> None:
    mine = existing_clip(room)
    room.live.song.tracks[2].clip_slots[0].create_audio_clip(takes[0].path)
    room.step(0.2)
    imagine(room, takes, track=2)
    assert list(clips_of(room, 2)) == [0, 1, 2]
    assert mine in room.clips


def test_beyond_the_last_scene_there_are_new_ones(room: Studio, takes: list[TakeFile]) -> None:
    scenes = len(room.live.song.scenes)
    imagine(room, takes, track=2, scene=scenes - 1)
    assert list(clips_of(room, 2)) == [scenes - 1, scenes]
    assert len(room.live.song.scenes) == scenes + 1
