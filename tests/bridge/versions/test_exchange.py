"""Two homes: fork on one, change, push, merge on the other; and a repository as one file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from musearoo.bridge.versions.blobs import VersionsError
from musearoo.bridge.versions.exchange import clone, copy_history, pull, push, read_bundle, write_bundle
from musearoo.bridge.versions.merging import merge
from musearoo.bridge.versions.objects import DamagedError, name_of
from musearoo.bridge.versions.repository import Repository
from musearoo.bridge.versions.tree import ClipSound, Tree
from musearoo.bridge.versions.upkeep import check
from tests.bridge.versions.some_versions import (
    NOW,
    Shelf,
    a_clip,
    a_tree,
    counting,
    some_notes,
    versions_in,
    write_sound,
)


@pytest.fixture
def song(tmp_path: Path) -> Repository:
    """A repository at home with a MIDI clip and a sound."""
    versions, shelf = versions_in(tmp_path / "home"), Shelf()
    key = versions.sounds.put(write_sound(tmp_path / "loop.wav"))
    repository = versions.create("Song", NOW)
    repository.commit(the_set(shelf, 0.0, key=key), shelf, "first", now=NOW)
    return repository


def the_set(shelf: Shelf, *starts: float, tempo: float = 120.0, key: str = "") -> Tree:
    sound = ClipSound(key=key, path="loop.wav")
    clips = [a_clip("a", shelf.put(some_notes(*starts)))]
    return a_tree(*([a_clip("s", "", "drums", sound=sound)] if key else []), *clips, tempo=tempo)


def test_a_fork_goes_to_another_machine_changes_and_is_merged_at_home(song: Repository, tmp_path: Path) -> None:
    away, shelf = versions_in(tmp_path / "away"), Shelf()
    key = next(clip.sound.key for clip in song.versions.tree(song.refs.head).clips if clip.sound)
    cloned, copied = clone(song.versions, "Song", away)
    assert copied == 4
    fork = cloned.fork("As house", cloned.refs.head, NOW + 1)
    changed = fork.commit(the_set(shelf, 0.0, 1.0, key=key), shelf, "busier", now=NOW + 2)
    there, copied = push(fork, song.versions)
    assert copied == 3
    assert there.refs.forked_from == song.refs.id
    ours = song.commit(the_set(shelf, 0.0, tempo=98.0, key=key), shelf, "slower", now=NOW + 3)
    base = song.versions.common_ancestor(ours.key, there.refs.head)
    trees = [song.versions.tree(commit) for commit in (base, ours.key, changed.key)]
    merged = merge(trees[0], trees[1], trees[2], "As house", counting())
    song.commit(merged.tree, {}, "merged", now=NOW + 4, kind="merge", parents=(ours.key, changed.key))
    assert merged.sentences == ()
    assert song.versions.tree(song.refs.head) == the_set(shelf, 0.0, 1.0, tempo=98.0, key=key)
    assert [check(home) for home in (song.versions, away)] == [[], []]


def test_a_branch_that_went_on_at_both_is_never_overwritten(song: Repository, tmp_path: Path) -> None:
    away, shelf = versions_in(tmp_path / "away"), Shelf()
    cloned, _ = clone(song.versions, "", away)
    assert push(cloned, song.versions)[1] == 0
    theirs = cloned.commit(the_set(shelf, 1.0), shelf, "theirs", now=NOW + 1)
    ours = song.commit(the_set(shelf, 2.0), shelf, "ours", now=NOW + 1)
    with pytest.raises(VersionsError, match="pull takes that in first"):
        push(cloned, song.versions)
    assert song.refs.head == ours.key
    said, _ = pull(song, away)
    assert "merge it" in said[0]
    assert song.refs.branches == {"main": ours.key, "main (theirs)": theirs.key}
    assert pull(song, away)[1] == 0


def test_one_file_has_all_and_is_held_against_its_hashes(song: Repository, tmp_path: Path) -> None:
    file = tmp_path / "song.musearoo"
    assert write_bundle(song, file) == file.stat().st_size
    with pytest.raises(VersionsError, match="is there already"):
        write_bundle(song, file)
    away = versions_in(tmp_path / "away")
    taken, copied = read_bundle(file, away)
    assert copied == 4
    assert taken.refs.branches == song.refs.branches
    assert check(away) == []
    # The same file again, and what has happened since.
    assert read_bundle(file, away)[1] == 0
    assert not list(away.folder.glob(".musearoo-*"))

    tampered = tmp_path / "tampered.musearoo"
    victim = name_of(song.versions.commits.get(song.refs.head).tree)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(tampered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-3] + b"xyz" if name == victim else content)
    with pytest.raises(DamagedError):
        read_bundle(tampered, versions_in(tmp_path / "third"))


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "objects/ab/../../evil", "repositories/../refs.json"])
def test_a_file_from_elsewhere_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    file = tmp_path / "evil.musearoo"
    with zipfile.ZipFile(file, "w") as target:
        target.writestr(name, b"evil")
    with pytest.raises(VersionsError, match="no repository of MuseAroo's"):
        read_bundle(file, versions_in(tmp_path / "home"))
    assert not list(tmp_path.rglob("evil"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("objects/ab/" + 62 * "0", bytes(1_000_000))
    with pytest.raises(VersionsError, match="no repository of MuseAroo's"):
        read_bundle(file, versions_in(tmp_path / "home"))
    file.write_bytes(b"no zip at all")
    with pytest.raises(VersionsError, match="cannot be read"):
        read_bundle(file, versions_in(tmp_path / "home"))


def test_a_copy_that_was_cut_off_goes_on(song: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = versions_in(tmp_path / "away")
    left = iter(range(2))
    put = away.blobs.put

    def cut_off(name: str, content: bytes) -> None:
        next(left)
        put(name, content)

    monkeypatch.setattr(away.blobs, "put", cut_off)
    with pytest.raises(StopIteration):
        copy_history(song.versions, away, [song.refs.head])
    monkeypatch.undo()
    assert 0 < copy_history(song.versions, away, [song.refs.head]) < 4
    assert away.tree(song.refs.head) == song.versions.tree(song.refs.head)
