"""Merging: one side changed is taken, both are kept side by side, and no clip is ever lost."""

from __future__ import annotations

import random

import msgspec
from hypothesis import given, settings

from musearoo.bridge.versions.merging import MUSIC, merge
from musearoo.bridge.versions.tree import Mixer, Scene, Song, Track, Tree
from tests.bridge.versions.some_versions import Shelf, a_clip, a_tree, counting, random_edit, seeds, some_notes


def history(seed: int) -> tuple[Tree, Tree, Tree]:
    """A version, and two that came from it."""
    rng, shelf = random.Random(seed), Shelf()
    base = a_tree()
    for _ in range(4):
        base = random_edit(base, shelf, rng)
    sides = []
    for _ in range(2):
        side = base
        for _ in range(rng.randrange(4)):
            side = random_edit(side, shelf, rng)
        sides.append(side)
    return base, sides[0], sides[1]


def in_order(tree: Tree) -> set[object]:
    return {*tree.clips, *tree.tracks, *tree.scenes, tree.song}


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_no_music_is_lost_and_no_slot_has_two_clips(seed: int) -> None:
    base, ours, theirs = history(seed)
    merged = merge(base, ours, theirs, "theirs", counting()).tree
    places = [(clip.track, clip.scene, clip.start) for clip in merged.clips]
    assert len(set(places)) == len(places)
    assert len({clip.uid for clip in merged.clips}) == len(merged.clips)
    assert {clip.track for clip in merged.clips} <= {track.uid for track in merged.tracks}
    assert {clip.scene for clip in merged.clips} <= {scene.uid for scene in merged.scenes}
    music = [tuple(getattr(clip, name) for name in MUSIC) for clip in merged.clips]
    old = {clip.uid: clip for clip in base.clips}
    for side, other in ((ours, theirs), (theirs, ours)):
        there = {clip.uid for clip in other.clips}
        for clip in side.clips:
            changed = clip != old.get(clip.uid)
            if changed and (clip.uid not in old or clip.uid not in there or clip.notes != old[clip.uid].notes):
                assert tuple(getattr(clip, name) for name in MUSIC) in music


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_one_side_that_did_nothing_gives_the_other(seed: int) -> None:
    base, ours, _ = history(seed)
    for merged in (merge(base, ours, base, "x", counting()), merge(base, base, ours, "x", counting())):
        assert in_order(merged.tree) == in_order(ours)
        assert merged.sentences == ()
    assert in_order(merge(base, ours, ours, "x", counting()).tree) == in_order(ours)


def test_both_changed_a_clip_and_both_are_there() -> None:
    shelf = Shelf()
    one, mine, other = (shelf.put(some_notes(*starts)) for starts in ((0.0,), (0.0, 1.0), (0.0, 2.0)))
    base = a_tree(a_clip("a", one))
    ours = a_tree(a_clip("a", mine, muted=True))
    theirs = a_tree(a_clip("a", other, color=7))
    merged = merge(base, ours, theirs, "house", counting())
    first, second = merged.tree.clips
    assert (first.notes, first.muted, first.color) == (mine, True, 7)
    assert (second.notes, second.name) == (other, "a (house)")
    assert merged.tree.scenes[-1].name == "Verse (house)"
    assert second.scene == merged.tree.scenes[-1].uid
    assert merged.sentences == ("Both changed “Bass” in Verse: theirs has a scene of its own.",)


def test_what_one_deleted_and_the_other_changed_stays_with_its_track() -> None:
    shelf = Shelf()
    one, other = shelf.put(some_notes(0.0)), shelf.put(some_notes(1.0))
    base = a_tree(a_clip("a", one), a_clip("b", one, "drums"))
    ours = Tree(song=base.song, tracks=base.tracks[:1], scenes=base.scenes[1:], clips=())
    theirs = a_tree(a_clip("a", other), a_clip("b", one, "drums"))
    merged = merge(base, ours, theirs, "x", counting())
    assert [(clip.uid, clip.notes) for clip in merged.tree.clips] == [("a", other)]
    assert [track.uid for track in merged.tree.tracks] == ["drums", "bass"]
    assert [scene.uid for scene in merged.tree.scenes] == ["verse", "break"]
    assert "it stays" in merged.sentences[0]


def test_fields_of_tracks_and_of_the_set_are_merged_one_by_one() -> None:
    base = a_tree()
    drums, bass = base.tracks
    mixed = msgspec.structs.replace(bass, mixer=Mixer(volume=0.5, panning=0.0))
    ours = msgspec.structs.replace(base, song=Song(tempo=100.0), tracks=(drums, mixed))
    named = msgspec.structs.replace(bass, name="Low")
    new = Track(uid="new", kind=0, name="New")
    theirs = msgspec.structs.replace(
        base,
        song=Song(tempo=110.0, numerator=3),
        tracks=(drums, new, named),
        scenes=(Scene(uid="x", name="X"), *base.scenes),
    )
    merged = merge(base, ours, theirs, "x", counting())
    assert (merged.tree.song.tempo, merged.tree.song.numerator) == (100.0, 3)
    assert [track.name for track in merged.tree.tracks] == ["Drums", "New", "Low"]
    assert merged.tree.tracks[2].mixer == mixed.mixer
    assert [scene.name for scene in merged.tree.scenes] == ["X", "Verse", "Break"]
    assert merged.sentences == ("Both changed the tempo of the set: ours stays.",)
