"""What a press may ask for beside its engine: chords, wishes, several takes, a new scene, what one player knows."""

from itertools import combinations

import pytest

from musearoo.bridge.live_set.writer import REPLACE, THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    ClipNotes,
    CreateClip,
    CreateScene,
    CreateTrack,
    Refusal,
    SetTempo,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.music.timing import beats_to_samples
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_orders import composed, notes_of, of_kind, takes_of
from tests.bridge.live_set.test_mirror import a_clip, a_record
from tests.bridge.requests.test_generate import INTRO, KEYS, a_press, a_set
from tests.each_case import each_case

BASS = 30
OVERDUB = 40


# --- takes -----------------------------------------------------------------------------------------------------------


@each_case("engine", [engine.name for engine in ENGINES])
def test_takes_are_different_and_lie_below_each_other_in_one_transaction(engine: str) -> None:
    made = composed(a_press(engine=engine, bars=2, takes=4, scene=0, track=-1))
    clips = takes_of(made)
    assert len(clips) == 4
    assert all(one.notes != other.notes for one, other in combinations(clips, 2))
    assert {(clip.track, clip.scene, clip.where) for clip in clips} == {(-1, INTRO, THIS_OR_NEXT_EMPTY)}
    assert made.name == f"{clips[0].name}, 4 takes"
    assert made.notices == ()


def test_the_first_take_is_the_one_of_the_seed() -> None:
    alone = takes_of(composed(a_press()))
    assert takes_of(composed(a_press(takes=3)))[0] == alone[0]
    assert composed(a_press(takes=3)) == composed(a_press(takes=3))
    assert composed(a_press()).name == ""


def test_only_the_first_take_replaces() -> None:
    clips = takes_of(composed(a_press(takes=3, replace=1)))
    assert [clip.where for clip in clips] == [REPLACE, THIS_OR_NEXT_EMPTY, THIS_OR_NEXT_EMPTY]


def test_where_a_style_is_too_plain_for_so_many_there_are_fewer_and_it_is_said() -> None:
    plain = a_press(engine="bassaroo", style="house", bars=1, complexity=0.0, density=0.0, humanise=0.0, swing=1.0)
    made = composed(plain, takes=8)
    clips = takes_of(made)
    assert len(clips) < 8
    assert all(one.notes != other.notes for one, other in combinations(clips, 2))
    (sentence,) = made.notices
    assert "to be had" in sentence


# --- a scene of its own ----------------------------------------------------------------------------------------------


def test_a_new_scene_is_made_for_the_clip() -> None:
    made = composed(a_press(scene=NEW_SCENE_INDEX, track=-1, takes=2))
    assert [type(message) for message in made.messages[1:]] == [CreateTrack, CreateScene, CreateClip, CreateClip]
    assert {clip.scene for clip in takes_of(made)} == {-2}


def test_nobody_plays_in_a_new_scene_not_even_the_arrangement() -> None:
    drums = ClipNotes(OVERDUB, encode_notes([a_record(float(at), 0.2, 36) for at in range(4)]))
    busy = a_set(a_clip(OVERDUB, KEYS, 0, name="kick", start=8.0), drums)
    assert composed(a_press(scene=NEW_SCENE_INDEX), busy) == composed(a_press(scene=NEW_SCENE_INDEX))


# --- tempo -----------------------------------------------------------------------------------------------------------


@each_case("engine", ["drummaroo", "band"])
def test_the_tempo_goes_with_the_clips_and_they_lie_on_its_samples(engine: str) -> None:
    made = composed(a_press(engine=engine, bpm=97.3, bars=2, scene=0))
    assert made.messages[-1] == SetTempo(97.3)
    for clip in takes_of(made):
        samples = [beats_to_samples(note.start, 97.3, 44_100) for note in notes_of(clip)]
        assert all(abs(place - round(place)) < 1e-6 for place in samples)
    assert not of_kind(composed(a_press(engine=engine, bars=2, scene=0)).messages, SetTempo)


def test_without_a_style_the_tempo_that_is_asked_for_chooses_one() -> None:
    (clip,) = takes_of(composed(a_press(style="", bpm=174.0, scene=0)))
    assert clip.name == "drum and bass drums"


@each_case("engine", ["drummaroo", "band"])
def test_a_tempo_that_live_does_not_have_is_refused(engine: str) -> None:
    with pytest.raises(RequestError, match="must be 20 to 999 BPM") as refusal:
        composed(a_press(engine=engine, bpm=7.0))
    assert refusal.value.code is Refusal.BAD_PARAMETER
