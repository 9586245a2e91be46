"""A press for the band: who plays, and where."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from musearoo.bridge.live_set.writer import THIS_SLOT_ONLY
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    ClipNotes,
    CreateClip,
    CreateScene,
    CreateTrack,
    Gone,
    Refusal,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode_notes, encode_notes
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_orders import BAND, breaks, composed, mean, notes_of, of_kind, on_the_bars, takes_of
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.requests.test_generate import INTRO, VERSE, a_set
from tests.each_case import each_case


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
    assert made.notices == ("BassaRoo failed (no tempo): a pattern from the library plays.",)
    names = [track.name for track in of_kind(made.messages, CreateTrack)]
    assert names[:2] == ["DrummaRoo", "BassaRoo"]
    assert all(decode_notes(clip.notes) for clip in of_kind(made.messages, CreateClip))


def test_the_same_press_is_the_same_band() -> None:
    assert composed(BAND) == composed(BAND) != composed(BAND, seed=8)


def test_a_band_that_plays_already_is_told() -> None:
    own = [a_track(50 + place, 5 + place, name=engine.title) for place, engine in enumerate(ENGINES)]
    clips = [a_clip(60 + place, 50 + place, VERSE) for place in range(len(ENGINES))]
    notes = [ClipNotes(60 + place, encode_notes([a_record(0.0, 1.0, 48)])) for place in range(len(ENGINES))]
    with pytest.raises(RequestError, match="plays in this scene already") as error:
        composed(BAND, a_set(*own, *clips, *notes))
    assert error.value.code is Refusal.SLOT_FILLED


@each_case(
    "changed, sentence",
    [
        ({"engine": "drums,kazoo"}, "engine must be one of"),
        ({"style": "polka"}, "style must be one of"),
        ({"key": "H"}, "key must be"),
        ({"swing": 0.5}, "swing must be"),
        ({"scene": 9}, "Scene 10 is not in the set"),
    ],
)
def test_what_the_band_cannot_play_is_told(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        composed(BAND, **changed)


def test_the_band_may_have_a_new_scene() -> None:
    made = composed(BAND, scene=NEW_SCENE_INDEX)
    assert len(of_kind(made.messages, CreateScene)) == 1
    assert "harmony" in made.name


def test_bars_may_be_marked_and_the_band_plays_them_too() -> None:
    made = composed(BAND, engine="bass, harmony", chords="Dm7 G7 | Cmaj7", bars=2, humanise=0.0)
    bass, harmony = takes_of(made)
    assert on_the_bars(notes_of(bass)) == [2, 0]
    assert {note.pitch % 12 for note in notes_of(harmony) if note.start >= 4.0} <= {0, 4, 7, 11, 2, 9}


def test_the_band_plays_as_wished() -> None:
    for soft, plain in zip(takes_of(composed(BAND, changes="softer")), takes_of(composed(BAND)), strict=True):
        assert mean(notes_of(soft), "velocity") < mean(notes_of(plain), "velocity")


def test_takes_of_the_band_are_rows_of_their_own() -> None:
    made = composed(BAND, scene=0, takes=3)
    clips = takes_of(made)
    rows = {scene: [clip for clip in clips if clip.scene == scene] for scene in (clip.scene for clip in clips)}
    assert next(iter(rows)) == INTRO
    assert VERSE not in rows, "the keys play there"
    assert len(rows) == 3
    assert len(of_kind(made.messages, CreateScene)) == 2
    assert all(clip.where == THIS_SLOT_ONLY for clip in clips)
    for one, other in combinations(rows.values(), 2):
        assert [clip.notes for clip in one] != [clip.notes for clip in other]
    assert made.name.startswith("funk band, 3 takes: drums, bass")


def test_an_empty_scene_below_takes_a_row() -> None:
    made = composed(BAND, a_set(Gone(20)), scene=0, takes=2)
    assert {clip.scene for clip in takes_of(made)} == {INTRO, VERSE}
    assert not of_kind(made.messages, CreateScene)


def test_one_player_of_several_may_be_asked_for_what_only_that_one_knows() -> None:
    made = composed(BAND, engine="drums, bass", options="manner=walking", humanise=0.0, swing=1.0, scene=0)
    _, bass = takes_of(made)
    assert [round(note.start, 2) for note in notes_of(bass)] == [float(beat) for beat in range(16)]
    with pytest.raises(RequestError, match="options must be as name=value") as refusal:
        composed(BAND, engine="drums, bass", options="lyrics=la")
    assert refusal.value.code is Refusal.BAD_PARAMETER
