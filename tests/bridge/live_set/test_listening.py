"""What is listened to, and in which order."""

from dataclasses import replace

from musearoo.bridge.live_set.listening import (
    MOST_PASSAGES,
    SCENES_IN_VIEW,
    Passage,
    is_another_sound,
    passage_of,
    passages_in_view,
)
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, SetMirror
from musearoo.bridge.protocol import ClipAudio, ClipState, SceneState, Selection, SetReady, SongState
from musearoo.bridge.protocol.types import Message
from tests.bridge.live_set.some_sets import some_set
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_track

SONG = SongState("", 120.0, 4, 4, 0, "Major", 0, 0)


def an_audio_clip(id: int, scene: int, track: int = 1, **changed: object) -> tuple[ClipState, ClipAudio]:
    """A clip of 2 s, not warped, of a file named after it."""
    plain = a_clip(id, track, scene, is_audio=1, looping=0, start_marker=0.0, end_marker=2.0)
    return replace(plain, **changed), ClipAudio(id, f"/loops/{id}.wav", 88_200.0, 44_100.0, 0, 0, 0.4)  # type: ignore[arg-type]


def a_set(*messages: Message, scenes: int = 4) -> SetMirror:
    """A set with an audio track 1 and scenes 100, 101, …"""
    rows = [SceneState(100 + index, index, "") for index in range(scenes)]
    return a_mirror(SONG, a_track(1, 0, AUDIO_TRACK), a_track(2, 1, AUDIO_TRACK), *rows, *messages, SetReady(1))


def names(mirror: SetMirror) -> list[str]:
    return [passage.path.removeprefix("/loops/").removesuffix(".wav") for passage in passages_in_view(mirror)]


def test_the_selected_clip_comes_first_then_its_scene_then_what_plays_then_the_nearest() -> None:
    clips = [
        *an_audio_clip(10, 100),
        *an_audio_clip(11, 101),
        *an_audio_clip(12, 102),
        *an_audio_clip(13, 103, is_playing=1),
        *an_audio_clip(21, 101, track=2),
    ]
    assert names(a_set(*clips, Selection(1, 101, 0))) == ["11", "21", "13", "10", "12"]
    assert names(a_set(*clips, Selection(1, 101, 12)))[0] == "12"


def test_without_a_selected_scene_the_first_one_comes_first() -> None:
    clips = [*an_audio_clip(11, 101), *an_audio_clip(10, 100)]
    assert names(a_set(*clips, Selection(1, 0, 0))) == ["10", "11"]


def test_what_lies_far_from_the_selected_scene_is_left_out_unless_it_plays() -> None:
    far = 100 + SCENES_IN_VIEW + 1
    scenes = SCENES_IN_VIEW + 2
    assert names(a_set(*an_audio_clip(10, far), Selection(1, 100, 0), scenes=scenes)) == []
    assert names(a_set(*an_audio_clip(10, far), Selection(1, far - 1, 0), scenes=scenes)) == ["10"]
    assert names(a_set(*an_audio_clip(10, far, is_playing=1), Selection(1, 100, 0), scenes=scenes)) == ["10"]


def test_two_clips_of_one_passage_are_analyzed_once_and_of_two_passages_twice() -> None:
    (first, file), (second, _) = an_audio_clip(10, 100), an_audio_clip(11, 101)
    same = replace(file, clip=11)
    assert len(passages_in_view(a_set(first, file, second, same))) == 1
    assert len(passages_in_view(a_set(first, file, replace(second, end_marker=1.0), same))) == 2


def test_midi_unknown_files_and_empty_clips_are_not_analyzed() -> None:
    clip, file = an_audio_clip(10, 100)
    assert passages_in_view(a_set(a_clip(10, 1, 100))) == ()
    assert passages_in_view(a_set(clip)) == ()
    assert passages_in_view(a_set(clip, replace(file, file_path=""))) == ()
    assert passages_in_view(a_set(replace(clip, end_marker=0.0), file)) == ()


def test_only_another_file_or_length_is_another_sound() -> None:
    _, file = an_audio_clip(10, 100)
    assert is_another_sound(None, file)
    assert not is_another_sound(file, replace(file, gain=0.2, warping=1, warp_mode=4))
    assert is_another_sound(file, replace(file, file_path="/loops/11.wav"))
    assert is_another_sound(file, replace(file, sample_length=88_201.0))


def test_a_huge_view_is_cut() -> None:
    clips = [part for id in range(1000, 1000 + MOST_PASSAGES + 10) for part in an_audio_clip(id, 100)]
    assert len(passages_in_view(a_set(*clips))) == MOST_PASSAGES


def test_a_passage_is_the_stretch_that_the_clip_plays() -> None:
    clip, file = an_audio_clip(10, 100, start_marker=0.5, end_marker=1.25)
    assert passage_of(a_set(clip, file), 10) == Passage("/loops/10.wav", 500, 1250)
    # Where Live does not tell the rate, nothing of the file is left out.
    warped = replace(file, sample_rate=0.0, warping=1)
    whole = passage_of(a_set(replace(clip, looping=1), warped), 10)
    assert whole is not None
    assert whole.end_ms >= 2000


def _walked(mirror: SetMirror) -> tuple[Passage, ...]:
    """The passages in view, found by walking over all clips."""
    middle = mirror.scenes[mirror.selection.scene].index if mirror.selection.scene in mirror.scenes else 0

    def rank(clip: ClipState) -> tuple[object, ...]:
        row = mirror.scenes[clip.scene].index if clip.scene else middle + SCENES_IN_VIEW
        far, is_shown = abs(row - middle), clip.id == mirror.selection.clip
        return not is_shown, min(far, 1), not clip.is_playing, far, mirror.tracks[clip.track].index, row

    shown = [
        clip for clip in mirror.clips.values() if clip.scene or clip.is_playing or clip.id == mirror.selection.clip
    ]
    found = [passage_of(mirror, clip.id) for clip in sorted(shown, key=rank) if clip.is_audio]
    return tuple(dict.fromkeys(passage for passage in found if passage is not None))


def test_what_is_in_view_is_found_as_by_a_walk_over_all_clips() -> None:
    found = 0
    for seed in range(500):
        mirror = some_set(seed)
        assert passages_in_view(mirror) == _walked(mirror), seed
        found += len(passages_in_view(mirror))
    assert found > 300
