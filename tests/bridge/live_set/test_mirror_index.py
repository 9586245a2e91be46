"""The mirror's index: whatever a script tells, it answers as a walk over all tracks, scenes and clips does."""

from copy import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.api.sets.draft import Draft
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, REGULAR_TRACKS, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import ClipAudio, ClipNotes, Gone, InstrumentState, SceneState, TrackState
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_record, a_track

IDS, INDEXES, NAMES, FILES = range(1, 7), range(5), ("", "Drums", "Bass"), ("/a.wav", "/b.wav", "")
KINDS = (MIDI_TRACK, AUDIO_TRACK, RETURN_TRACK)

ids, indexes, flags = st.sampled_from(IDS), st.sampled_from(INDEXES), st.integers(0, 1)
tracks = st.builds(a_track, ids, indexes, st.sampled_from(KINDS), st.sampled_from(NAMES))
scenes = st.builds(SceneState, ids, indexes, st.just(""))
clips = st.builds(a_clip, ids, ids, st.integers(0, 6), is_audio=flags, is_playing=flags)
sounds = st.builds(ClipAudio, ids, st.sampled_from(FILES), *map(st.just, (96_000.0, 48_000.0, 1, 0, 0.4)))
rows = st.permutations(IDS).flatmap(
    lambda order: st.sampled_from(
        [
            [a_track(id, index) for index, id in enumerate(order)],
            [SceneState(id, index, "") for index, id in enumerate(order)],
        ]
    )
)
"""All tracks or all scenes in another order, as after a move."""

told = st.lists(
    st.one_of(*(each.map(lambda message: [message]) for each in (tracks, scenes, clips, sounds)), rows)
    | ids.map(lambda id: [Gone(id)]),
    max_size=30,
).map(lambda groups: [message for group in groups for message in group])


def walked(mirror: SetMirror) -> dict[Any, Any]:
    """What the mirror says, found by walking over its tables; of several, those of the lowest ids come first."""
    all_tracks = sorted(mirror.tracks.values(), key=lambda track: track.id)
    all_scenes = sorted(mirror.scenes.values(), key=lambda scene: scene.id)
    all_clips = sorted(mirror.clips.values(), key=lambda clip: clip.id)
    regular = [track for track in all_tracks if track.kind in REGULAR_TRACKS]
    there = [clip for clip in all_clips if clip.track in mirror.tracks]
    there.sort(key=lambda clip: mirror.tracks[clip.track].index)
    all_tracks.sort(key=lambda track: track.index)
    slots = [(track, scene) for track in IDS for scene in (0, *IDS)]
    return {
        "track_at": [next((t for t in regular if t.index == index), None) for index in INDEXES],
        "tracks_named": [[t for t in all_tracks if (t.kind, t.name) == (k, n)] for k in KINDS for n in NAMES],
        "scenes_at": [[scene for scene in all_scenes if scene.index == index] for index in INDEXES],
        "scene_at": [next((scene for scene in all_scenes if scene.index == index), None) for index in INDEXES],
        "clips_in_scene": [[clip for clip in there if clip.scene == scene] for scene in (0, *IDS)],
        "is_scene_empty": [all(clip.scene != scene for clip in all_clips) for scene in IDS],
        "clip_in_slot": [next((c for c in all_clips if (c.track, c.scene) == slot), None) for slot in slots],
        "clips_on_track": [[clip for clip in all_clips if clip.track == track] for track in IDS],
        "clips_in_arrangement": [[c for c in all_clips if c.track == track and not c.scene] for track in IDS],
        "playing_clips": [clip for clip in all_clips if clip.is_playing],
        "clips_of_file": [
            [clip for clip in all_clips if clip.id in mirror.audio and mirror.audio[clip.id].file_path == path]
            for path in FILES
        ],
    }


def answered(mirror: SetMirror) -> dict[Any, Any]:
    """The same, as the mirror says it."""
    return {
        "track_at": [mirror.track_at(index) for index in INDEXES],
        "tracks_named": [mirror.tracks_named(kind, name) for kind in KINDS for name in NAMES],
        "scenes_at": [mirror.scenes_at(index) for index in INDEXES],
        "scene_at": [mirror.scene_at(index) for index in INDEXES],
        "clips_in_scene": [mirror.clips_in_scene(scene) for scene in (0, *IDS)],
        "is_scene_empty": [mirror.is_scene_empty(scene) for scene in IDS],
        "clip_in_slot": [mirror.clip_in_slot(track, scene) for track in IDS for scene in (0, *IDS)],
        "clips_on_track": [mirror.clips_on_track(track) for track in IDS],
        "clips_in_arrangement": [mirror.clips_in_arrangement(track) for track in IDS],
        "playing_clips": mirror.playing_clips(),
        "clips_of_file": [mirror.clips_of_file(path) for path in FILES],
    }


@given(told)
def test_the_index_answers_as_a_walk_over_the_set_does(messages: list[Message]) -> None:
    mirror = SetMirror()
    for message in messages:
        mirror.apply(message)
        assert answered(mirror) == walked(mirror), message


@given(told)
def test_when_all_has_gone_nothing_is_left_in_the_index(messages: list[Message]) -> None:
    mirror = a_mirror(*messages, *map(Gone, IDS))
    assert mirror == SetMirror()
    assert mirror._index == {}


@given(told, told)
def test_a_draft_of_a_set_has_an_index_of_its_own(before: list[Message], changes: list[Message]) -> None:
    mirror = a_mirror(*before)
    index, draft = copy(mirror._index), Draft(mirror, 100)
    for message in changes:
        draft.apply(message)
    assert mirror._index == index
    assert answered(draft.mirror) == walked(draft.mirror)


def test_the_index_makes_no_difference_between_mirrors() -> None:
    moved = a_mirror(a_track(1, 0), a_track(2, 1), a_track(1, 1), a_track(2, 0))
    assert moved == a_mirror(a_track(1, 1), a_track(2, 0))
    moved._index.clear()
    assert moved == a_mirror(a_track(1, 1), a_track(2, 0))


def test_another_drum_rack_changes_what_the_clips_on_its_track_sound_like_and_no_others() -> None:
    snare = encode_notes([a_record(0.0, pitch=60)])
    clips = [message for clip in (11, 12) for message in (a_clip(clip, clip - 10, 8), ClipNotes(clip, snare))]
    mirror = a_mirror(a_track(1, 0), a_track(2, 1), *clips)
    other = mirror.midi_clip(12)
    assert [_pitches(mirror, clip) for clip in (11, 12)] == [[60], [60]]
    mirror.apply(InstrumentState(1, "Kit", "DrumGroupDevice", ("36 0 Kick", "60 0 Snare")))
    assert [_pitches(mirror, clip) for clip in (11, 12)] == [[38], [60]]
    assert mirror.midi_clip(12) is other
    # The rack goes with its track, and comes back without it.
    mirror.apply(Gone(1))
    mirror.apply(a_track(1, 0))
    assert _pitches(mirror, 11) == [60]


def _pitches(mirror: SetMirror, clip: int) -> list[int]:
    found = mirror.midi_clip(clip)
    assert found is not None
    return [note.pitch for note in found.notes]


def test_of_several_objects_at_one_place_the_oldest_is_found() -> None:
    """While the script reports that objects have moved, two may have one place."""
    mirror = a_mirror(a_track(3, 0), a_track(2, 0), a_clip(9, 2, 5), a_clip(8, 2, 5))
    assert mirror.track_at(0) == TrackState(2, 0, MIDI_TRACK, "", 0, 0, 0, 0, 0)
    assert mirror.clip_in_slot(2, 5) == a_clip(8, 2, 5)
