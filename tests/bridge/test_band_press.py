"""A press for the band: who plays, and where."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.press import PressError
from bridge.wire import (
    ClipNotes,
    CreateClip,
    CreateTrack,
    Refusal,
    Transaction,
)
from bridge.wire_codec import decode_notes, encode_notes
from engines.catalogue import ENGINES
from tests.bridge.some_orders import BAND, breaks, composed, of_kind
from tests.bridge.test_mirror import a_clip, a_record, a_track
from tests.bridge.test_press import VERSE, a_set


def test_the_band_plays_what_the_scene_lacks() -> None:
    made = composed(BAND)
    assert isinstance(made.messages[0], Transaction)
    tracks = [track.name for track in of_kind(made.messages, CreateTrack)]
    assert tracks[:2] == ["DrummaRoo", "BassaRoo"]
    assert "HarmonyRoo" not in tracks, "the keys play the chords of the verse already"
    clips = of_kind(made.messages, CreateClip)
    assert {(clip.scene, clip.where, clip.length) for clip in clips} == {(VERSE, 0, 16.0)}
    assert [clip.track for clip in clips] == [-1 - place for place in range(len(clips))]


def test_several_engines_are_named_with_commas() -> None:
    made = composed(BAND, engine="harmony, bass")
    assert [track.name for track in of_kind(made.messages, CreateTrack)] == ["BassaRoo", "HarmonyRoo"]


def test_an_engine_that_fails_is_replaced_by_a_pattern_and_the_others_play() -> None:
    broken = tuple(replace(engine, generate=breaks) if engine.part == "bass" else engine for engine in ENGINES)
    made = composed(BAND, engines=broken)
    assert made.told == ("BassaRoo failed (no tempo): a pattern from the library plays.",)
    names = [track.name for track in of_kind(made.messages, CreateTrack)]
    assert names[:2] == ["DrummaRoo", "BassaRoo"]
    assert all(decode_notes(clip.notes) for clip in of_kind(made.messages, CreateClip))


def test_the_same_press_is_the_same_band() -> None:
    assert composed(BAND) == composed(BAND) != composed(BAND, seed=8)


def test_a_band_that_plays_already_is_told() -> None:
    own = [a_track(50 + place, 5 + place, name=engine.title) for place, engine in enumerate(ENGINES)]
    clips = [a_clip(60 + place, 50 + place, VERSE) for place in range(len(ENGINES))]
    notes = [ClipNotes(60 + place, encode_notes([a_record(0.0, 1.0, 48)])) for place in range(len(ENGINES))]
    with pytest.raises(PressError, match="plays in this scene already") as error:
        composed(BAND, a_set(*own, *clips, *notes))
    assert error.value.code is Refusal.SLOT_FILLED


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"engine": "drums,kazoo"}, "engine must be one of"),
        ({"style": "polka"}, "style must be one of"),
        ({"key": "H"}, "key must be"),
        ({"swing": 0.5}, "swing must be"),
        ({"scene": 9}, "Scene 10 is not in the set"),
    ],
)
def test_what_the_band_cannot_play_is_told(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PressError, match=sentence):
        composed(BAND, **changed)
