"""Differences in musical words, bar by bar."""

from __future__ import annotations

import msgspec
import pytest

from musearoo.bridge.versions.differences import compare, compare_notes
from musearoo.bridge.versions.telling import describe, headline
from musearoo.bridge.versions.tree import Clip, ClipSound, Mixer, Notes, Scene, Song, Tree
from tests.bridge.versions.some_versions import Shelf, a_clip, a_tree, note, some_notes

EIGHTHS = tuple(beat / 2 for beat in range(64))


def changed(before: Notes, after: Notes) -> tuple[str, tuple[str, ...]]:
    shelf = Shelf()
    trees = [a_tree(a_clip("a", shelf.put(notes))) for notes in (before, after)]
    found = compare(trees[0], trees[1], shelf.__getitem__)
    return headline(found), describe(found)


@pytest.mark.parametrize(
    ("after", "name", "sentence"),
    [
        (
            some_notes(*EIGHTHS, *(16.25 + beat for beat in range(16))),
            "Bass busier, bars 5 to 8",
            "Bass, bars 5 to 8: 16 notes new",
        ),
        (some_notes(*EIGHTHS[:32]), "Bass simpler, bars 5 to 8", "Bass, bars 5 to 8: 32 notes gone"),
        (
            some_notes(*(beat + 0.08 * (beat % 1 > 0) for beat in EIGHTHS)),
            "Bass with more swing, bars 1 to 8",
            "Bass, bars 1 to 8: 32 notes moved; swing 50 → 58 %",
        ),
        (
            Notes(rows=tuple(note(beat, 36, 80.0) for beat in EIGHTHS)),
            "Bass softer, bars 1 to 8",
            "Bass, bars 1 to 8: 64 notes with other velocities",
        ),
        (
            Notes(rows=tuple(note(beat, 36 + 5 * (8 <= beat < 12)) for beat in EIGHTHS)),
            "Bass re-voiced, bar 3",
            "Bass, bar 3: 8 notes with other pitches",
        ),
        (
            Notes(rows=tuple(note(beat, 36, duration=0.25 + 0.25 * (beat == 31.5)) for beat in EIGHTHS)),
            "Bass changed, bar 8",
            "Bass, bar 8: 1 note with other lengths",
        ),
    ],
)
def test_notes_are_told_as_a_musician_would(after: Notes, name: str, sentence: str) -> None:
    assert changed(some_notes(*EIGHTHS), after) == (name, (sentence,))


def test_notes_that_only_moved_are_neither_new_nor_gone() -> None:
    found = compare_notes(some_notes(0.0, 4.0, 8.0).rows, some_notes(0.1, 4.0, 8.5, 20.0).rows, 4.0)
    assert (found.moved, found.added, found.removed, found.bars) == (2, 1, 0, (1, 3, 6))
    assert compare_notes(some_notes(0.0).rows, some_notes(0.0).rows, 4.0).bars == ()


def test_all_else_of_the_set_is_told() -> None:
    shelf = Shelf()
    key = shelf.put(some_notes(0.0))
    before = a_tree(a_clip("a", key), a_clip("gone", key, "drums"))
    drums, bass = before.tracks
    after = Tree(
        song=Song(tempo=98.0, numerator=3, root_note=9, scale_name="Minor", scale_mode=1),
        tracks=(
            msgspec.structs.replace(bass, name="Low", muted=True, mixer=Mixer(volume=0.85, panning=0.0)),
            msgspec.structs.replace(drums, instrument="My Kit"),
        ),
        scenes=(*before.scenes, Scene(uid="end", name="")),
        clips=(a_clip("a", key, muted=True, length=16.0), a_clip("new", key, "bass", "end", name="Tune")),
    )
    assert describe(compare(before, after, shelf.__getitem__)) == (
        "Tempo 120 → 98 BPM",
        "Time signature 4/4 → 3/4",
        "Key no key → A minor",
        "“Low”: was named “Bass”",
        "“Low”: muted",
        "“Drums”: instrument none → My Kit",
        "New scene “scene 3”",
        "Tracks or scenes in another order",
        "Low (scene 3): new clip “Tune”",
        "Drums: clip “gone” gone",
        "Low (Verse): length 8 bars → 4 bars",
        "Low (Verse): switched off",
    )
    assert headline(compare(before, after, shelf.__getitem__)) == (
        "Tempo 120 → 98 BPM; time signature 4/4 → 3/4; 3 more"
    )
    assert not compare(after, msgspec.structs.replace(after), shelf.__getitem__)


def test_sounds_are_told() -> None:
    sound = ClipSound(key="a", path="a.wav")

    def with_sound(other: ClipSound) -> Clip:
        return a_clip("a", "", sound=other)

    found = compare(
        a_tree(with_sound(sound)), a_tree(with_sound(ClipSound(key="b", gain=0.5, warping=False))), Shelf().__getitem__
    )
    assert describe(found) == ("Bass: another sound", "Bass: another gain", "Bass: warped otherwise")
    assert headline(found) == "Bass new sound"
