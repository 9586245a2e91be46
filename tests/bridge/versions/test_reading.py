"""A set is read whole, and its clips stay the same clips: by Live's ids, and when the set is opened again."""

from __future__ import annotations

from pathlib import Path

from musearoo.bridge.protocol import ClipState, EqualiserState, Gone, InstrumentState, MixerState, TrackState
from musearoo.bridge.versions.reading import EMPTY, read_set
from musearoo.bridge.versions.tree import Recipe
from tests.bridge.versions.some_versions import a_mirror, counting, note, put_clip, put_sound, write_sound


def test_all_that_the_mirror_knows_is_in_the_tree(tmp_path: Path) -> None:
    mirror = a_mirror(tempo=97.5)
    put_clip(mirror, 50, 0, 1, (note(0.0), note(1.0)), "Groove")
    put_sound(mirror, 51, 0, write_sound(tmp_path / "a.wav"))
    mirror.apply(MixerState(1, 0.7, -0.2, "", (0.1, 0.0)))
    mirror.apply(InstrumentState(1, "My Kit", "DrumGroupDevice", ("36 0 Kick",)))
    mirror.apply(EqualiserState(1, (1.0, 3.0, 0.5, 0.0, 0.7)))
    recipe = Recipe(kind="generate", name="funk drums", seed=7)
    reading = read_set(mirror, EMPTY, {}, {50: recipe}, counting())
    tree = reading.tree
    assert (tree.song.tempo, tree.song.scale_name, tree.song.scale_mode) == (97.5, "Minor", 1)
    drums = tree.tracks[0]
    assert drums.mixer is not None
    assert (drums.mixer.volume, drums.mixer.panning, drums.mixer.sends) == (0.7, -0.2, (0.1, 0.0))
    assert (drums.instrument, drums.pads, len(drums.equaliser)) == ("My Kit", ("36 0 Kick",), 5)
    groove, loop = tree.clips
    assert (groove.name, groove.scene, groove.recipe) == ("Groove", tree.scenes[1].uid, recipe)
    assert reading.notes[groove.notes].rows == (note(0.0), note(1.0))
    assert loop.sound is not None
    assert loop.sound.path.endswith("a.wav")
    assert reading.uids[50] == groove.uid


def test_while_the_set_is_open_ids_decide() -> None:
    mirror = a_mirror()
    put_clip(mirror, 50, 0, 0, (note(0.0),), "A")
    first = read_set(mirror, EMPTY, {}, {}, counting())
    # Moved, renamed, and another one in its place.
    put_clip(mirror, 50, 1, 1, (note(2.0),), "B")
    put_clip(mirror, 51, 0, 0, (note(0.0),), "A")
    mirror.apply(TrackState(1, 0, 0, "Renamed", 0, 0, 0, 0, 0))
    second = read_set(mirror, first.tree, first.uids, {}, counting("more"))
    by_name = {clip.name: clip.uid for clip in second.tree.clips}
    assert by_name["B"] == first.uids[50]
    assert by_name["A"] not in first.uids.values()
    assert second.tree.tracks[0].uid == first.tree.tracks[0].uid
    mirror.apply(Gone(50))
    third = read_set(mirror, second.tree, second.uids, {}, counting("even"))
    assert [clip.uid for clip in third.tree.clips] == [by_name["A"]]


def test_when_the_set_is_opened_again_place_name_and_content_decide() -> None:
    mirror = a_mirror()
    put_clip(mirror, 50, 0, 0, (note(0.0),), "A")
    put_clip(mirror, 51, 0, 1, (note(1.0),), "B")
    put_clip(mirror, 52, 1, 0, (note(2.0),), "C")
    recipe = Recipe(kind="generate", name="funk drums")
    first = read_set(mirror, EMPTY, {}, {51: recipe}, counting())
    opened = a_mirror(first_id=100)
    put_clip(opened, 250, 0, 0, (note(0.0),), "A")
    # Changed where it was, and one that moved to another scene.
    put_clip(opened, 251, 0, 1, (note(1.5),), "B")
    put_clip(opened, 252, 1, 1, (note(2.0),), "C")
    second = read_set(opened, first.tree, {}, {}, counting("more"))
    assert {name: second.uids[id] for name, id in (("A", 250), ("B", 251), ("C", 252))} == {
        name: first.uids[id] for name, id in (("A", 50), ("B", 51), ("C", 52))
    }
    assert second.tree.tracks == first.tree.tracks
    assert second.tree.scenes == first.tree.scenes
    assert next(clip for clip in second.tree.clips if clip.name == "B").recipe == recipe


def test_a_clip_of_a_track_that_is_not_told_yet_is_left_out() -> None:
    mirror = a_mirror()
    mirror.apply(ClipState(60, 999, 4, 0.0, 0, "", 0, 4.0, 1, 0.0, 4.0, 0.0, 4.0, 4, 4, 0, 0))
    assert read_set(mirror, EMPTY, {}, {}, counting()).tree.clips == ()
