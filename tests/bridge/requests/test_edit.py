"""Notes that a hand has edited: below the clip or in its place, as long as they need, and what stays of the old."""

from __future__ import annotations

from typing import Any

import pytest

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.writer import THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import (
    MOST_EDITED,
    ApiEdit,
    ClipNotes,
    CreateClip,
    Refusal,
    ReplaceNotes,
    SceneState,
    SetLoop,
    SetReady,
    Transaction,
)
from musearoo.bridge.protocol.codec import NoteRecord, decode_notes, encode_bundle, encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.edit import compose_edit
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_record, a_track
from tests.bridge.stage import a_song
from tests.each_case import each_case

KEYS, VERSE, CLIP = 1, 8, 20


def a_note(start: float, pitch: int = 60, duration: float = 1.0, velocity: float = 90.0, **more: Any) -> NoteRecord:
    return a_record(start, duration, pitch, velocity=velocity, **more)


def a_set(*notes: NoteRecord, **clip: Any) -> SetMirror:
    return a_mirror(
        a_song("set"),
        a_track(KEYS, 0, name="Keys"),
        SceneState(VERSE, 0, ""),
        a_clip(CLIP, KEYS, VERSE, name="riff", **clip),
        ClipNotes(CLIP, encode_notes(notes)),
        SetReady(3),
    )


def edited(mirror: SetMirror, *notes: NoteRecord, replace: int = 0, clip: int = CLIP) -> Composition:
    made = compose_edit(mirror, ApiEdit(1, 2, clip, encode_notes(notes), replace), "device-1:2", 99.5)
    if made.messages:
        encode_bundle(made.messages)
        assert made.messages[0] == Transaction("device-1:2", 99.5)
    return made


def edits(made: Composition) -> list[Message]:
    return list(made.messages[1:])


def test_an_edit_is_a_new_clip_below_or_the_clip_itself() -> None:
    mirror = a_set(a_note(0.0), a_note(1.0))
    (clip,) = edits(edited(mirror, a_note(2.0, 64)))
    assert isinstance(clip, CreateClip)
    assert (clip.track, clip.scene, clip.where, clip.name) == (KEYS, VERSE, THIS_OR_NEXT_EMPTY, "riff")
    assert (clip.length, clip.looping, decode_notes(clip.notes)) == (4.0, 1, (a_note(2.0, 64),))
    made = edited(mirror, a_note(2.0, 64), replace=1)
    assert edits(made) == [ReplaceNotes(CLIP, encode_notes([a_note(2.0, 64)]))]
    assert made.name == "riff, edited"
    assert [part.clip.notes[0].pitch for part in made.parts] == [64]


def test_what_a_client_does_not_see_of_a_note_stays() -> None:
    kept = a_note(0.0, 60, 1.0, 90.4, mute=1, probability=0.5, velocity_deviation=7.0, release_velocity=20.0)
    mirror = a_set(kept, a_note(1.0))
    (replaced,) = edits(edited(mirror, a_note(0.0, 60, 2.0, 90.0), a_note(1.0, 60, 1.0, 50.0), replace=1))
    assert isinstance(replaced, ReplaceNotes)
    first, second = decode_notes(replaced.notes)
    assert first == pytest.approx(kept._replace(duration=2.0), abs=1e-5), "its velocity was only rounded"
    assert second.velocity == 50.0
    (clip,) = edits(edited(mirror, a_note(0.0, 60, 1.0, 90.0)))
    assert isinstance(clip, CreateClip)
    assert decode_notes(clip.notes)[0] == pytest.approx(kept, abs=1e-5)


def test_notes_that_are_there_already_are_no_step() -> None:
    made = edited(a_set(a_note(1.0), a_note(0.0)), a_note(0.0), a_note(1.0), replace=1)
    assert (made.messages, made.name) == ((), "riff has these notes already")


@each_case(
    "start, end",
    [(3.99, 4.0), (4.0, 8.0), (7.9, 8.0), (16.5, 20.0)],
)
def test_a_new_note_after_the_end_lengthens_the_clip(start: float, end: float) -> None:
    mirror = a_set(a_note(0.0))
    changed = edits(edited(mirror, a_note(0.0), a_note(start), replace=1))
    assert changed[1:] == ([SetLoop(CLIP, -1, 0.0, end, 0.0)] if end > 4.0 else [])
    (clip,) = edits(edited(mirror, a_note(0.0), a_note(start)))
    assert isinstance(clip, CreateClip)
    assert clip.length == end


def test_what_lies_outside_of_what_plays_stays_there_and_lengthens_nothing() -> None:
    mirror = a_set(a_note(0.0), a_note(5.0), a_note(9.0), loop_start=4.0, loop_end=8.0)
    before = (a_note(0.0), a_note(9.0))
    (replaced,) = edits(edited(mirror, *before, a_note(6.0), replace=1))
    assert isinstance(replaced, ReplaceNotes)
    assert decode_notes(replaced.notes) == (*before, a_note(6.0))
    (clip,) = edits(edited(mirror, *before, a_note(6.0)))
    assert isinstance(clip, CreateClip)
    assert (clip.length, decode_notes(clip.notes)) == (4.0, (a_note(2.0),)), "a new clip begins where it played"


def test_a_clip_of_the_arrangement_is_edited_in_place_at_its_length() -> None:
    mirror = a_mirror(
        a_song("set"),
        a_track(KEYS, 0),
        a_clip(CLIP, KEYS, 0),
        ClipNotes(CLIP, encode_notes([a_note(0.0)])),
        SetReady(2),
    )
    assert edits(edited(mirror, a_note(1.0), replace=1)) == [ReplaceNotes(CLIP, encode_notes([a_note(1.0)]))]
    for notes, replace in (((a_note(1.0),), 0), ((a_note(4.0),), 1)):
        with pytest.raises(RequestError, match="can only be edited in place, at its length"):
            edited(mirror, *notes, replace=replace)


@each_case(
    "notes, said",
    [
        ((a_note(-0.5),), "begins at beat -0.5, before the clip, which begins at 0"),
        ((a_note(1.0), a_note(2.0), a_note(1.0)), "Notes 1 and 3 are the same pitch at beat 1"),
        ((a_note(1.0, 128),), "Note 1 has the pitch 128"),
        ((a_note(0.0), a_note(1.0, velocity=0.0)), "Note 2 has the velocity 0"),
        ((a_note(1.0, duration=0.0),), "Note 1 lasts 0 beats"),
        ((a_note(1.0, duration=float("nan")),), "Note 1 lasts nan beats"),
        ((a_note(float("nan")),), "Note 1 begins at beat nan"),
        ((a_note(1e7),), "Note 1 begins at beat 1e"),
        (tuple(a_note(number / 100.0) for number in range(MOST_EDITED + 1)), "up to 5000 edited notes, not 5001"),
    ],
)
def test_notes_out_of_bounds_are_refused(notes: tuple[NoteRecord, ...], said: str) -> None:
    with pytest.raises(RequestError, match=said) as refused:
        edited(a_set(), *notes, replace=1)
    assert refused.value.code is Refusal.BAD_PARAMETER


def test_a_clip_that_is_gone_or_is_audio_is_refused() -> None:
    with pytest.raises(RequestError, match="The clip is not in the set any more"):
        edited(a_set(), a_note(0.0), clip=99)
    with pytest.raises(RequestError, match="is audio and has no notes"):
        edited(a_mirror(a_song("set"), a_track(KEYS, 0), a_clip(CLIP, KEYS, 0, is_audio=1), SetReady(2)), a_note(0.0))
    with pytest.raises(RequestError, match="cannot be read"):
        compose_edit(a_set(), ApiEdit(1, 2, CLIP, b"kazoo", 0), "device-1:2", 99.5)
