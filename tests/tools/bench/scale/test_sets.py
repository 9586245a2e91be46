"""Sets of other sizes: the simulated Live reports the one that is written for it as the messages say."""

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ClipState, SceneState, TrackState
from musearoo.tools.bench.scale.runner import SIZES
from musearoo.tools.bench.scale.sets import PLAYING, SetSize, describe_set, messages_of


def a_mirror(size: SetSize) -> SetMirror:
    mirror = SetMirror()
    for message in messages_of(size):
        assert mirror.apply(message)
    return mirror


def test_what_plays_in_the_first_scene_is_the_same_in_sets_of_all_sizes() -> None:
    rows = []
    for size in SIZES:
        mirror = a_mirror(size)
        first = mirror.scene_at(0)
        assert first is not None
        rows.append([(mirror.tracks[clip.track].index, clip.name) for clip in mirror.clips_in_scene(first.id)])
    assert rows == [[(number, f"part {number + 1}") for number in range(1, PLAYING + 1)]] * len(SIZES)


def test_no_slot_has_two_clips_and_all_scenes_have_some() -> None:
    for size in SIZES:
        slots = list(size.slots())
        assert len(set(slots)) == len(slots) == size.clips, size
        assert {scene for _, scene in slots} == set(range(size.scenes)), size
    assert [size.clips for size in SIZES][-1] == 20_000


def test_the_file_for_the_simulated_live_and_the_messages_are_of_the_same_set() -> None:
    size = SetSize(tracks=6, scenes=4, most_clips=15)
    described, told = describe_set(size), list(messages_of(size))
    names = [message.name for message in told if isinstance(message, TrackState)]
    assert [track["given_name"] for track in described["tracks"]] == names
    assert len(described["scenes"]) == sum(isinstance(message, SceneState) for message in told)
    mirror = a_mirror(size)
    for row in range(size.scenes):
        scene = mirror.scene_at(row)
        assert scene is not None
        filled = [index for index, track in enumerate(described["tracks"]) if track["slots"][row] is not None]
        assert filled == [mirror.tracks[clip.track].index for clip in mirror.clips_in_scene(scene.id)], row
    assert sum(isinstance(message, ClipState) for message in told) == 15
