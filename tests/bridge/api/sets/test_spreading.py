"""Changes of several clips: the same notes as one by one, in one step."""

from dataclasses import replace

import pytest

from musearoo.bridge.api.sets.performing import StoredSet
from musearoo.bridge.api.types.requests import ClipPlace, Generate, Refine, RefineSeveral
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.api.sets.some_sets import after, empty_set, perform

TRIO = tuple(Generate(engine=engine, style="funk", bars=2, seed=1) for engine in ("drums", "bass", "harmony"))


def a_trio() -> StoredSet:
    """A set with three clips in its first scene."""
    return after(empty_set(), *TRIO)


def places(*tracks: int) -> tuple[ClipPlace, ...]:
    return tuple(ClipPlace(track=track, scene=1) for track in tracks)


def test_several_clips_are_changed_as_each_alone_is() -> None:
    stored = a_trio()
    together = perform(stored, Refine(changes=("busier",), clips=places(1, 2), seed=5, replace=True))
    for track, take in enumerate(together.takes, 1):
        change = Refine(changes=("busier",), track=track, scene=1, seed=5, replace=True)
        (alone,) = perform(stored, change).takes
        assert take.notes == alone.notes, track
        assert (take.number, take.track, take.scene, take.params) == (track, track, 1, alone.params)
        assert (take.context_hash, take.seed, take.part) == (alone.context_hash, 5, alone.part)
    before, now = (
        {clip: bytes(notes) for clip, notes in mirror.notes.items()}
        for mirror in (stored.mirror, together.performed.mirror)
    )
    assert len([clip for clip in now if now[clip] != before[clip]]) == 2
    assert together.sentence == "funk drums and funk bass"


def test_a_scene_is_all_its_midi_clips_each_once() -> None:
    stored = a_trio()
    whole = perform(stored, Refine(changes=("busier",), clips=(ClipPlace(scene=1),), seed=5, replace=True))
    assert [take.track for take in whole.takes] == [1, 2, 3]
    (bass,) = (clip for clip in stored.mirror.clips.values() if clip.name == "funk bass")
    stored.mirror.apply(replace(bass, is_audio=1))
    named = perform(stored, Refine(changes=("busier",), clips=(*places(3), ClipPlace(scene=1)), seed=5, replace=True))
    assert sorted(take.track for take in named.takes) == [1, 3], "audio is left out"


def test_each_clip_may_be_changed_in_its_own_way_and_more_than_once() -> None:
    changes = (
        Refine(changes=("busier",), track=1, scene=1, takes=2, seed=5),
        Refine(changes=("softer",), clips=places(2, 3), replace=True, seed=6),
    )
    written = perform(a_trio(), RefineSeveral(clips=changes))
    assert [(take.number, take.track, take.seed) for take in written.takes] == [
        (1, 1, 5),
        (2, 1, 5),
        (3, 2, 6),
        (4, 3, 6),
    ]
    assert written.takes[0].notes != written.takes[1].notes
    assert [take.params["changes"] for take in written.takes] == [("busier",)] * 2 + [("softer",)] * 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Refine(clips=(ClipPlace(scene=9),)), "Scene 9 has no MIDI clips"),
        (Refine(clips=places(1, 4)), "no clip in that slot"),
        (Refine(clips=places(1), track=2, scene=1), "not both"),
    ],
)
def test_what_cannot_be_changed_is_said_and_nothing_is_written(change: Refine, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        perform(a_trio(), change)
