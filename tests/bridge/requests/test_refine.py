"""A press that changes a clip: which is meant, and where the result goes."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.writer import REPLACE, THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import (
    ClipNotes,
    CreateClip,
    Refine,
    Refusal,
    ReplaceNotes,
    Selection,
    SongState,
)
from musearoo.bridge.protocol.codec import decode_notes, encode_notes
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.core.some_orders import REFINE, composed, of_kind, takes_of
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.requests.test_generate import KEYS, VERSE, a_set
from tests.each_case import each_case

BASS = 30
OVERDUB = 40


def test_a_change_goes_below_or_in_place() -> None:
    beside, inside = composed(REFINE), composed(REFINE, replace=1)
    (clip,) = of_kind(beside.messages, CreateClip)
    assert (clip.track, clip.scene, clip.where) == (KEYS, VERSE, 1)
    (notes,) = of_kind(inside.messages, ReplaceNotes)
    assert notes.clip == 20
    assert decode_notes(notes.notes) == decode_notes(clip.notes)


def test_the_clip_in_detail_view_or_a_take_by_its_number_is_meant() -> None:
    shown = a_set(Selection(KEYS, VERSE, 20))
    assert of_kind(composed(REFINE, shown, track=-1).messages, CreateClip)
    assert composed(REFINE, take=1) == composed(REFINE)
    with pytest.raises(RequestError, match="has 1 takes, there is no take 2"):
        composed(REFINE, take=2)


@each_case(
    "changed, code, sentence",
    [
        ({"changes": "purpler"}, Refusal.BAD_PARAMETER, "purpler"),
        ({"style": "polka"}, Refusal.BAD_PARAMETER, "style must be one of"),
        ({"first_bar": 3, "last_bar": 2}, Refusal.BAD_PARAMETER, "bars must be"),
        ({"track": 0}, Refusal.GONE, "no clip in that slot"),
        ({"track": -1}, Refusal.GONE, "No clip is shown"),
        ({"changes": "groove of track 1"}, Refusal.GONE, "Track 1 has no clip"),
        ({"changes": "sound of track 1"}, Refusal.BAD_PARAMETER, "this clip's track keeps its instrument"),
    ],
)
def test_what_cannot_be_changed_is_told(changed: dict[str, Any], code: Refusal, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence) as error:
        composed(REFINE, **changed)
    assert error.value.code is code


@each_case("changes", ["again", "darker", "busier", "keep rhythm", "", "softer, tighter"])
def test_takes_of_a_clip_are_different(changes: str) -> None:
    mirror = with_a_bass()
    made = composed(Refine(500, 1, changes, "", 0, 0, 0, 0, 7, 3, 1, 0), mirror, takes=3)
    clips = takes_of(made)
    assert len(clips) == 3
    assert all(one.notes != other.notes for one, other in combinations(clips, 2))
    assert {(clip.track, clip.scene, clip.where) for clip in clips} == {(BASS, VERSE, THIS_OR_NEXT_EMPTY)}
    assert made.name == "funk bass, 3 takes"


def test_a_clip_that_is_replaced_by_takes_gives_way_to_the_first() -> None:
    made = composed(Refine(500, 1, "again", "", 0, 0, 0, 0, 7, 3, 1, 1), with_a_bass(), takes=2)
    assert [clip.where for clip in takes_of(made)] == [REPLACE, THIS_OR_NEXT_EMPTY]
    assert not of_kind(made.messages, ReplaceNotes)


@each_case("changed", [{"takes": 2}, {"first": 2.0}])
def test_a_clip_of_the_arrangement_has_no_slots_for_takes(changed: dict[str, Any]) -> None:
    """Nor can notes be put in place where its loop begins elsewhere than the clip."""
    first = changed.pop("first", 0.0)
    clip = a_clip(OVERDUB, KEYS, 0, name="funk chords", loop_start=first, start_marker=first, start=32.0)
    mirror = a_set(clip, ClipNotes(OVERDUB, encode_notes([a_record(2.0, 1.0, pitch) for pitch in (57, 60, 64)])))
    mirror.selection = replace(mirror.selection, clip=OVERDUB)
    request = Refine(500, 1, "again", "", 0, 0, 0, 0, 7, -1, -1, 1)
    with pytest.raises(RequestError, match="only be changed in place") as refusal:
        composed(request, mirror, **changed)
    assert refusal.value.code is Refusal.BAD_PARAMETER


def with_a_bass() -> SetMirror:
    """The set with a bass line in the verse, which nobody lacks by chance: eighths on A."""
    line = [a_record(at / 2, 0.4, 33 + 12 * (at % 2)) for at in range(16)]
    return a_set(
        a_track(BASS, 3, name="BassaRoo"),
        a_clip(31, BASS, VERSE, name="funk bass", length=8.0, loop_end=8.0, end_marker=8.0),
        ClipNotes(31, encode_notes(line)),
    )


def test_a_clip_of_the_arrangement_is_changed_in_the_key_of_what_plays_there() -> None:
    """A new scene is empty; the Arrangement, which is no scene, is not."""
    bass = a_clip(41, BASS, 0, name="funk bass", start=8.0)
    chords = [a_record(0.0, 4.0, pitch) for pitch in (54, 57, 61, 64)]
    mirror = a_set(
        a_track(BASS, 3, name="BassaRoo"),
        bass,
        ClipNotes(41, encode_notes([a_record(0.0, 4.0, 33)])),
        a_clip(OVERDUB, KEYS, 0, name="chords", start=8.0),
        ClipNotes(OVERDUB, encode_notes(chords)),
        song=SongState("set", 120.0, 4, 4, 0, "Major", 0, 0),
    )
    mirror.selection = replace(mirror.selection, clip=41)
    made = composed(Refine(500, 1, "again", "", 0, 0, 0, 0, 7, -1, -1, 1), mirror)
    (edit,) = of_kind(made.messages, ReplaceNotes)
    assert decode_notes(edit.notes)[0].pitch % 12 == 6
