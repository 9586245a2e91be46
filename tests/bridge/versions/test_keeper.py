"""Keeping an open set: only what has changed, and also after damage; a saved set goes on in its repository."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.versions.keeper import Keeper
from musearoo.bridge.versions.objects import name_of
from musearoo.bridge.versions.open_set import OpenSet
from musearoo.bridge.versions.repository import Version
from tests.bridge.versions.some_versions import NOW, a_mirror, note, put_clip


def keep(keeper: Keeper, opened: OpenSet, mirror: SetMirror, kind: str = "pause", at: float = NOW) -> Version | None:
    return keeper.keep(opened, mirror, {}, "", kind, at, lambda _: None)


def a_set() -> SetMirror:
    mirror = a_mirror()
    put_clip(mirror, 50, 0, 0, (note(0.0),), "A")
    return mirror


def test_only_what_has_changed_is_kept_and_nothing_of_an_empty_set(tmp_path: Path) -> None:
    keeper, opened, mirror = Keeper(tmp_path, None), OpenSet("live-1"), a_set()
    assert keep(keeper, OpenSet("live-2"), a_mirror()) is None
    assert keeper.versions.list() == []
    assert keep(keeper, opened, mirror) is not None
    assert keep(keeper, opened, mirror, at=NOW + 1) is None
    put_clip(mirror, 50, 0, 0, (note(0.0), note(1.0)), "A")
    kept = keep(keeper, opened, mirror, at=NOW + 2)
    assert kept is not None
    assert kept.commit.message == "Track 1 busier, bar 1"


def test_where_the_latest_version_is_damaged_the_next_is_kept_anyway(tmp_path: Path) -> None:
    keeper, opened, mirror = Keeper(tmp_path, None), OpenSet("live-1"), a_set()
    first = keep(keeper, opened, mirror)
    assert first is not None
    path = keeper.versions.folder / name_of(first.commit.tree)
    path.write_bytes(b"damaged")
    put_clip(mirror, 50, 0, 0, (note(2.0),), "A")
    second = keep(keeper, opened, mirror, at=NOW + 1)
    assert second is not None
    # While the set is open, its clips are known all the same.
    assert [clip.uid for clip in keeper.versions.tree(second.key).clips] == [opened.uids[50]]


def test_a_set_that_is_saved_goes_on_and_one_saved_as_another_is_a_fork(tmp_path: Path) -> None:
    keeper, opened, mirror = Keeper(tmp_path, None), OpenSet("live-1"), a_set()
    keep(keeper, opened, mirror, "asked")
    for number, name in enumerate(("Song", "Other"), 1):
        assert mirror.song is not None
        mirror.apply(replace(mirror.song, name=name, file_path=f"/music/{name}.als", tempo=100.0 + number))
        keep(keeper, opened, mirror, "asked", at=NOW + number)
    fork, song = keeper.versions.list()
    assert (song.refs.set_path, fork.refs.set_path) == ("/music/Song.als", "/music/Other.als")
    assert (fork.refs.name, fork.refs.forked_from) == ("Other", song.refs.id)
    assert [version.commit.bpm for version in fork.log()] == [102.0, 101.0, 120.0]
    assert [version.commit.bpm for version in song.log()] == [101.0, 120.0]
