"""The mirror of a set: what was told last is what is read, and nothing that a script may tell breaks the reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MASTER_TRACK, MIDI_TRACK, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    MAX_BEATS,
    ClipAudio,
    ClipNotes,
    ClipState,
    ClipWarp,
    Gone,
    Heartbeat,
    SceneState,
    Selection,
    SetReady,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.codec import NoteRecord, WarpMarker, encode_notes, encode_warp_markers
from musearoo.bridge.protocol.types import Message, WireError
from musearoo.engines.music.meter import Meter


def a_track(id: int, index: int, kind: int = MIDI_TRACK, name: str = "") -> TrackState:
    """A track that is neither muted, soloed nor armed."""
    return TrackState(id, index, kind, name, 0, 0, 0, 0, 0)


def a_clip(id: int, track: int, scene: int, **changed: Any) -> ClipState:
    """A looped MIDI clip of one bar."""
    values: dict[str, Any] = {
        "start": 0.0,
        "is_audio": 0,
        "name": "clip",
        "color": 0,
        "length": 4.0,
        "looping": 1,
        "loop_start": 0.0,
        "loop_end": 4.0,
        "start_marker": 0.0,
        "end_marker": 4.0,
        "numerator": 4,
        "denominator": 4,
        "muted": 0,
        "is_playing": 0,
    }
    return ClipState(id=id, track=track, scene=scene, **{**values, **changed})


def a_record(start: float, duration: float = 0.5, pitch: int = 60, **changed: Any) -> NoteRecord:
    """A note as Live tells it."""
    values = {"mute": 0, "probability": 1.0, "velocity": 100.0, "velocity_deviation": 0.0, "release_velocity": 64.0}
    return NoteRecord(pitch=pitch, start=start, duration=duration, **{**values, **changed})


def a_mirror(*messages: Message) -> SetMirror:
    """A mirror that was told these."""
    mirror = SetMirror()
    for message in messages:
        assert mirror.apply(message)
    return mirror


def heard(mirror: SetMirror, clip: int = 1) -> list[tuple[float, float]]:
    """Start and duration of the notes that sound in a clip."""
    found = mirror.midi_clip(clip)
    assert found is not None
    return [(note.start, note.duration) for note in found.notes]


def test_the_last_report_counts() -> None:
    song = SongState("set", 120.0, 4, 4, 0, "Major", 1, 0)
    mirror = a_mirror(song, SongState("set", 98.5, 4, 4, 0, "Major", 1, 0), a_track(1, 0), a_track(1, 3, name="Bass"))
    assert mirror.song is not None
    assert mirror.song.tempo == 98.5
    assert mirror.tracks == {1: a_track(1, 3, name="Bass")}


def test_a_set_is_complete_when_the_script_says_so() -> None:
    assert not a_mirror(a_track(1, 0)).complete
    assert a_mirror(a_track(1, 0), SetReady(1)).complete


def test_what_is_no_part_of_a_set_is_not_taken_in() -> None:
    mirror = SetMirror()
    assert not mirror.apply(Heartbeat(1, 10.0, 0, 3))
    assert mirror == SetMirror()


def test_a_track_is_found_by_its_place_among_regular_tracks() -> None:
    mirror = a_mirror(
        a_track(1, 0, RETURN_TRACK), a_track(2, 0, MASTER_TRACK), a_track(3, 0, AUDIO_TRACK), a_track(4, 1)
    )
    assert [mirror.track_at(index) for index in (0, 1, 2)] == [a_track(3, 0, AUDIO_TRACK), a_track(4, 1), None]


def test_a_moved_track_is_found_at_its_new_place() -> None:
    mirror = a_mirror(a_track(1, 0), a_track(2, 1), a_track(1, 1), a_track(2, 0))
    assert mirror.track_at(0) == a_track(2, 0)


def test_a_scene_is_found_by_its_place() -> None:
    mirror = a_mirror(SceneState(8, 0, "intro"), SceneState(9, 1, "verse"))
    assert mirror.scene_at(1) == SceneState(9, 1, "verse")
    assert mirror.scene_at(2) is None


def test_the_clips_of_a_scene_come_by_the_place_of_their_tracks() -> None:
    mirror = a_mirror(
        a_track(1, 2),
        a_track(2, 0),
        a_track(3, 1),
        a_clip(11, 1, 8),
        a_clip(12, 2, 8),
        a_clip(13, 3, 9),
        a_clip(14, 3, 0),
        a_clip(15, 77, 8),
    )
    assert [clip.id for clip in mirror.clips_in_scene(8)] == [12, 11]
    assert mirror.clip_in_slot(3, 9) == a_clip(13, 3, 9)
    assert mirror.clip_in_slot(2, 9) is None


def test_what_is_gone_is_gone_with_all_that_belonged_to_it() -> None:
    mirror = a_mirror(
        a_track(1, 0),
        SceneState(2, 0, ""),
        a_clip(3, 1, 2),
        ClipNotes(3, encode_notes([a_record(0.0)])),
        ClipAudio(3, "/a.wav", 1.0, 48_000.0, 1, 0, 0.4),
        Selection(1, 2, 3),
    )
    assert mirror.midi_clip(3) is not None
    for id in (3, 2, 1):
        assert mirror.apply(Gone(id))
    assert (mirror.tracks, mirror.scenes, mirror.clips, mirror.notes, mirror.audio) == ({}, {}, {}, {}, {})
    assert mirror.midi_clip(3) is None


# --- what sounds -----------------------------------------------------------------------------------------------------


def test_a_looped_clip_sounds_from_the_loops_start() -> None:
    clip = a_clip(1, 1, 2, loop_start=4.0, loop_end=8.0, start_marker=0.0, end_marker=16.0, name="verse", numerator=3)
    blob = encode_notes([a_record(start) for start in (3.5, 4.0, 7.5, 8.0)])
    mirror = a_mirror(clip, ClipNotes(1, blob))
    assert heard(mirror) == [(0.0, 0.5), (3.5, 0.5)]
    sounding = mirror.midi_clip(1)
    assert sounding is not None
    assert (sounding.name, sounding.length, sounding.meter) == ("verse", 4.0, Meter(3, 4))


def test_a_clip_that_does_not_loop_sounds_from_marker_to_marker() -> None:
    clip = a_clip(1, 1, 2, looping=0, loop_start=0.0, loop_end=1.0, start_marker=-2.0, end_marker=2.0)
    mirror = a_mirror(clip, ClipNotes(1, encode_notes([a_record(start) for start in (-2.5, -2.0, 1.0, 2.0)])))
    assert heard(mirror) == [(0.0, 0.5), (3.0, 0.5)]


def test_a_note_is_cut_where_the_clip_ends() -> None:
    assert heard(a_mirror(a_clip(1, 1, 2), ClipNotes(1, encode_notes([a_record(3.0, 9.0)])))) == [(3.0, 1.0)]


def test_a_muted_note_does_not_sound() -> None:
    blob = encode_notes([a_record(0.0, mute=1), a_record(1.0)])
    assert heard(a_mirror(a_clip(1, 1, 2), ClipNotes(1, blob))) == [(1.0, 0.5)]


def test_a_change_of_notes_or_of_the_loop_applies_at_once() -> None:
    mirror = a_mirror(a_clip(1, 1, 2), ClipNotes(1, encode_notes([a_record(0.0)])))
    assert heard(mirror) == [(0.0, 0.5)]
    mirror.apply(ClipNotes(1, encode_notes([a_record(2.0)])))
    assert heard(mirror) == [(2.0, 0.5)]
    mirror.apply(a_clip(1, 1, 2, loop_start=1.0))
    assert heard(mirror) == [(1.0, 0.5)]


def test_reading_twice_gives_the_same_clip() -> None:
    mirror = a_mirror(a_clip(1, 1, 2), ClipNotes(1, encode_notes([a_record(0.0)])))
    assert mirror.midi_clip(1) is mirror.midi_clip(1)


def test_an_audio_clip_and_an_unknown_clip_have_no_notes() -> None:
    mirror = a_mirror(a_clip(1, 1, 2, is_audio=1), a_clip(2, 1, 3), ClipNotes(1, b""))
    assert [mirror.midi_clip(id) for id in (1, 2, 3)] == [None, None, None]


# --- whatever a script tells -----------------------------------------------------------------------------------------


def test_a_blob_of_incomplete_records_is_refused() -> None:
    with pytest.raises(WireError, match="whole records"):
        SetMirror().apply(ClipNotes(1, b"\0" * 35))


beats = st.floats(-MAX_BEATS, MAX_BEATS) | st.floats(-8.0, 8.0) | st.sampled_from([0.0, 4.0, -MAX_BEATS, MAX_BEATS])
anything = st.floats(width=32)


@st.composite
def told_clips(draw: st.DrawFn) -> tuple[ClipState, ClipNotes]:
    """A clip and notes that are within the bounds of the wire, but perhaps of nothing else."""
    clip = a_clip(
        1,
        1,
        2,
        looping=draw(st.integers(0, 1)),
        loop_start=draw(beats),
        loop_end=draw(beats),
        start_marker=draw(beats),
        end_marker=draw(beats),
        numerator=draw(st.integers(1, 99)),
        denominator=draw(st.sampled_from([1, 2, 4, 8, 16])),
    )
    numbers = anything | st.floats(0.0, 127.0, width=32)
    starts = st.floats() | beats | st.sampled_from([clip.loop_start, clip.loop_end])
    records = st.builds(
        NoteRecord,
        st.integers(0, 255),
        st.integers(0, 255),
        numbers,
        numbers,
        numbers,
        numbers,
        start=starts,
        duration=st.floats() | beats,
    )
    return clip, ClipNotes(1, encode_notes(draw(st.lists(records, max_size=4))))


@given(told_clips())
def test_a_clip_is_readable_with_any_reported_notes(told: tuple[ClipState, ClipNotes]) -> None:
    clip = a_mirror(*told).midi_clip(1)
    assert clip is not None
    assert clip.length > 0


def test_a_note_an_instant_before_the_loops_end_can_be_read() -> None:
    """Far before beat 0 the difference of the doubles rounds up to the clip's length."""
    clip = a_clip(1, 1, 2, loop_start=-1_500_000.0, loop_end=1.0)
    mirror = a_mirror(clip, ClipNotes(1, encode_notes([a_record(1.0 - 2**-53)])))
    assert mirror.midi_clip(1) is not None


def test_warp_markers_are_kept_until_others_come_or_the_clip_goes() -> None:
    mirror = a_mirror(*(ClipWarp(3, encode_warp_markers([(0.0, 0.0), (1.0, beats)])) for beats in (2.0, 4.0)))
    assert mirror.warp == {3: (WarpMarker(0.0, 0.0), WarpMarker(1.0, 4.0))}
    with pytest.raises(WireError, match="whole records of 16 bytes"):
        mirror.apply(ClipWarp(3, b"half"))
    mirror.apply(Gone(3))
    assert mirror.warp == {}
