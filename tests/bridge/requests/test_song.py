"""A press for a song: as scenes, and on the timeline."""

from typing import Any

import pytest

from musearoo.bridge.protocol import (
    CreateArrangementClip,
    CreateClip,
    CreateLocator,
    CreateScene,
    SongState,
)
from musearoo.bridge.protocol.codec import decode_notes
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.core.some_orders import SONG, composed, of_kind
from tests.bridge.live_set.test_mirror import a_clip, a_track
from tests.bridge.requests.test_generate import a_set
from tests.each_case import each_case


def test_a_song_is_a_scene_a_section() -> None:
    made = composed(SONG)
    scenes, clips = of_kind(made.messages, CreateScene), of_kind(made.messages, CreateClip)
    assert len(scenes) >= 2
    assert {clip.scene for clip in clips} == {
        -place for place, edit in enumerate(made.messages) if isinstance(edit, CreateScene)
    }
    assert all(clip.name.startswith(tuple(scene.name for scene in scenes)) for clip in clips)
    assert made.name.startswith("house song in ")


def test_a_song_on_the_timeline_begins_behind_what_is_there() -> None:
    mirror = a_set(a_track(50, 5, name="DrummaRoo"), a_clip(61, 50, 0, start=8.0, length=6.0))
    made = composed(SONG, mirror, where=1)
    clips, locators = of_kind(made.messages, CreateArrangementClip), of_kind(made.messages, CreateLocator)
    assert min(clip.start for clip in clips) == 16.0
    assert locators[0].time == 16.0
    starts = {mark.time for mark in locators}
    assert {clip.start for clip in clips} <= starts


def test_onsets_of_the_timeline_lie_on_samples() -> None:
    song = SongState("set", 133.7, 4, 4, 9, "Minor", 1, 0)
    made = composed(SONG, a_set(song=song), where=1)
    for clip in of_kind(made.messages, CreateArrangementClip):
        for note in decode_notes(clip.notes):
            samples = (clip.start + note.start) * 60.0 / 133.7 * 44_100
            assert abs(samples - round(samples)) < 1e-3 or note.start == 0.0


@each_case("changed, sentence", [({"form": "fugue"}, "form must be"), ({"key": "H"}, "key must be")])
def test_what_cannot_be_a_song_is_told(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        composed(SONG, **changed)
