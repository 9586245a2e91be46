"""Stems in every Live: they play, sample for sample, what their source plays, and one undo takes them back."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.wire import CreateStem, CreateTrack, Edit, MuteClip
from tests.remote_scripts.played import second_played
from tests.remote_scripts.stem_sources import SAMPLE, all_settings, loop, part, pin, uneven_loop, unwarp
from tests.remote_scripts.studio import Studio

Source = Callable[[Studio, Any], None]

SOURCES: dict[str, Source] = {
    "as it came": lambda _, __: None,
    "all settings": lambda _, clip: all_settings(clip),
    "part of it": lambda _, clip: part(clip, 0.5, 3.25),
    "beyond both ends": lambda _, clip: part(clip, -1.5, 6.0),
    "loop inside": lambda _, clip: loop(clip, 1.0, 2.5, 0.25, 3.0),
    "loop that starts late": lambda _, clip: loop(clip, 0.0, 4.0, 3.0, 4.0),
    "loop that is never reached": lambda _, clip: loop(clip, 0.0, 1.0, 2.0, 4.0),
    "other pace": lambda room, clip: pin(room, clip, (0.0, 0.0), (2.0, 5.1)),
    "later": lambda room, clip: pin(room, clip, (0.0, 7.5)),
    "earlier": lambda room, clip: pin(room, clip, (0.0, -7.5)),
    "uneven": lambda room, clip: pin(room, clip, (0.0, 0.5), (0.25, 1.0), (0.75, 1.75), (1.5, 3.5)),
    "uneven loop": lambda room, clip: uneven_loop(room, clip),
    "not warped": lambda room, clip: unwarp(room, clip, 0.0, 2.0),
    "part, not warped": lambda room, clip: unwarp(room, clip, 0.3, 1.7),
}


def session_source(room: Studio, path: str, source: Source) -> tuple[int, Any]:
    """An audio clip of the user's in the second scene, and its id."""
    slot = room.live.song_model.tracks[2].clip_slots[1]
    slot.create_audio_clip(path)
    clip = room.live.song.tracks[2].clip_slots[1].clip
    source(room, clip)
    room.step(0.1)
    room.live.context.journal.forget()
    return max(room.clips), clip


def stems(clip: int, path: str) -> list[Edit]:
    """Two stems on two new tracks, and the source muted."""
    return [
        CreateTrack(1, 0, "Loop · Drums", 0x1AFF2F),
        CreateStem(clip, -1, path, "Loop · Drums", 0x1AFF2F),
        CreateTrack(1, -1, "Loop · Bass", -1),
        CreateStem(clip, -3, path, "Loop · Bass", -1),
        MuteClip(clip, 1),
    ]


TELLING = (
    *("looping", "loop_start", "loop_end", "start_marker", "end_marker", "warping", "warp_mode", "gain"),
    *("signature_numerator", "signature_denominator", "launch_mode", "launch_quantization", "legato"),
    *("velocity_amount", "ram_mode", "pitch_coarse", "pitch_fine", "groove"),
)


@pytest.mark.parametrize("what", ["all settings", "uneven loop", "part, not warped"])
def test_a_stem_plays_in_the_scene_of_any_live_as_its_source_plays(
    any_room: Studio, loop_file: str, stem_file: str, what: str
) -> None:
    assert_plays_in_the_scene(any_room, loop_file, stem_file, SOURCES[what])


@pytest.mark.parametrize("what", SOURCES)
def test_a_stem_plays_in_the_scene_as_its_source_plays(room: Studio, loop_file: str, stem_file: str, what: str) -> None:
    assert_plays_in_the_scene(room, loop_file, stem_file, SOURCES[what])


def assert_plays_in_the_scene(room: Studio, loop_file: str, stem_file: str, make: Source) -> None:
    clip, source = session_source(room, loop_file, make)
    was_muted, song = source.muted, room.live.song
    before = room.snapshot()
    ids = room.do(*stems(clip, stem_file)).ids
    for track, stem_id in zip(song.tracks[4:], (ids[2], ids[6]), strict=True):
        (stem,) = [slot.clip for slot in track.clip_slots if slot.has_clip]
        assert stem == track.clip_slots[1].clip
        assert (stem.name, stem.file_path, stem.muted) == (track.name, stem_file, was_muted)
        assert room.clips[stem_id].scene == room.scenes[1].id
        for name in TELLING:
            assert getattr(stem, name) == getattr(source, name), name
        for step in range(120):
            wanted = second_played(source, step / 7, 120.0)
            found = second_played(stem, step / 7, 120.0)
            assert (found is None) == (wanted is None), step / 7
            assert wanted is None or found == pytest.approx(wanted, abs=SAMPLE / 100)
    assert source.muted
    # A new track has its routing a tick later.
    room.step()
    after = room.snapshot()
    song.undo()
    room.step()
    assert room.snapshot() == before
    song.redo()
    assert room.snapshot() == after
