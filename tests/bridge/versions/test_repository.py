"""Repositories: any history checks out exactly, names move last, and two writers lose nothing."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from musearoo.bridge.versions.blobs import MissingBlobError, VersionsError
from musearoo.bridge.versions.objects import DamagedError, name_of
from musearoo.bridge.versions.repository import Repository, Version
from musearoo.bridge.versions.tree import Tree
from musearoo.bridge.versions.upkeep import check, sweep
from tests.bridge.versions.some_versions import (
    NOW,
    Shelf,
    a_clip,
    a_tree,
    random_edit,
    seeds,
    some_notes,
    versions_in,
)


def keep(repository: Repository, tree: Tree, shelf: Shelf, message: str = "a version", at: float = NOW) -> Version:
    return repository.commit(tree, shelf, message, now=at)


@settings(max_examples=12, deadline=None)
@given(seeds)
def test_any_history_checks_out_exactly_after_any_sweep(seed: int) -> None:
    rng, shelf = random.Random(seed), Shelf()
    tree = a_tree()
    with TemporaryDirectory() as folder:
        versions = versions_in(Path(folder))
        repository = versions.create("Song", NOW)
        kept: list[tuple[str, Tree]] = []
        for number in range(rng.randrange(1, 12)):
            tree = random_edit(tree, shelf, rng)
            kind = rng.choice(["asked", "asked", "made"])
            version = repository.commit(tree, shelf, f"{number}", now=NOW + number, kind=kind)
            kept.append((version.key, tree))
            if rng.random() < 0.3:
                sweep(versions, NOW + number, grace=0.0)
        fresh = versions_in(Path(folder))
        for key, expected in kept:
            assert fresh.tree(key) == expected
            for clip in expected.clips:
                assert fresh.notes(clip.notes) == shelf[clip.notes]
        assert check(fresh) == []


def test_log_is_newest_first_and_automatic_versions_stand_beside(tmp_path: Path) -> None:
    shelf, versions = Shelf(), versions_in(tmp_path)
    repository = versions.create("Song", NOW)
    first = keep(repository, a_tree(a_clip("a", shelf.put(some_notes(0.0)))), shelf, "first")
    by_itself = repository.commit(a_tree(tempo=90.0), {}, "by itself", now=NOW + 1, kind="made")
    second = keep(repository, a_tree(tempo=99.0), shelf, "second", NOW + 2)
    assert [each.key for each in repository.log()] == [second.key, first.key]
    assert [each.key for each in repository.log(all=True)] == [second.key, by_itself.key, first.key]
    assert second.commit.parents == by_itself.commit.parents == (first.key,)
    assert second.commit.bpm == 99.0
    # The list of commits may be lost at any time.
    (versions.folder / "commits.bin").unlink()
    again = versions_in(tmp_path).open("song")
    assert [each.commit.message for each in again.log()] == ["second", "first"]


def test_branches_tags_and_forks_share_the_past(tmp_path: Path) -> None:
    shelf, versions = Shelf(), versions_in(tmp_path)
    repository = versions.create("Song", NOW)
    first = keep(repository, a_tree(), shelf, "first")
    repository.branch("house")
    other = keep(repository, a_tree(tempo=124.0), shelf, "as house", NOW + 1)
    repository.tag("demo", other.key)
    repository.branch("main")
    assert repository.refs.head == first.key
    fork = repository.fork("Song", other.key, NOW + 2)
    assert fork.refs.name == "Song 2"
    assert (fork.refs.forked, fork.refs.forked_from) == (other.key, repository.refs.id)
    assert [each.key for each in fork.log()] == [other.key, first.key]
    assert versions.common_ancestor(first.key, fork.refs.head) == first.key
    with pytest.raises(VersionsError, match="already"):
        repository.tag("demo", first.key)
    with pytest.raises(VersionsError, match="cannot name a branch"):
        repository.branch("../x")
    with pytest.raises(VersionsError, match="There is no repository “polka”"):
        versions.open("polka")


def test_what_is_damaged_or_lost_is_named_with_the_versions_that_need_it(tmp_path: Path) -> None:
    shelf, versions = Shelf(), versions_in(tmp_path)
    repository = versions.create("Song", NOW)
    notes = shelf.put(some_notes(0.0, 1.0))
    version = keep(repository, a_tree(a_clip("a", notes)), shelf, "with a bass")
    path = versions.folder / name_of(notes)
    whole = path.read_bytes()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << (place % 8)
        path.write_bytes(bytes(flipped))
        (fault,) = check(versions)
        assert fault.stem == name_of(notes)
        assert fault.needed_by == (("Song", version.key, "with a bass"),)
        with pytest.raises(DamagedError, match="is damaged"):
            versions.notes(notes)
    path.unlink()
    (fault,) = check(versions)
    assert fault.sentence.endswith("is missing.")
    with pytest.raises(MissingBlobError, match="fsck"):
        versions.notes(notes)
    # The next version of the same content stores it again.
    keep(repository, a_tree(a_clip("a", notes), tempo=99.0), shelf, "again", NOW + 1)
    assert check(versions) == []


WRITER = """
import sys, time
from pathlib import Path
from tests.bridge.versions.some_versions import *
name, folder, count, grace = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
from musearoo.bridge.versions.upkeep import sweep
import random
versions, shelf, rng = versions_in(folder), Shelf(), random.Random(name)
repository = versions.open("Song")
tree = a_tree()
for number in range(count):
    tree = random_edit(tree, shelf, rng)
    version = repository.commit(tree, shelf, f"{name} {number}", now=time.time(), kind=rng.choice(["asked", "made"]))
    print(version.key, flush=True)
    if number % 5 == 4:
        sweep(versions, time.time(), grace)
"""


def test_two_writers_and_their_sweeps_lose_nothing(tmp_path: Path) -> None:
    versions = versions_in(tmp_path)
    versions.create("Song", NOW)
    words = [str(tmp_path), "15", "0"]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name, *words], stdout=subprocess.PIPE, text=True)
        for name in ("one", "other")
    ]
    written = [line for writer in writers for line in writer.communicate(timeout=120)[0].split()]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(written) == 30
    repository = versions_in(tmp_path).open("Song")
    assert {each.key for each in repository.log(all=True)} == set(written)
    assert check(repository.versions) == []


@pytest.mark.parametrize("moments", [25, pytest.param(500, marks=pytest.mark.long)])
def test_a_process_killed_at_any_moment_loses_nothing_that_was_kept(tmp_path: Path, moments: int) -> None:
    """Kill -9 in the middle of commits and sweeps: what was told as kept is there, and all that is named is whole."""
    versions_in(tmp_path).create("Song", NOW)
    rng = random.Random(7)
    told: list[str] = []
    context = multiprocessing.get_context("fork")
    for moment in range(moments):
        reader, writer = os.pipe()
        child = context.Process(target=_write_on, args=(tmp_path, moment, writer))
        child.start()
        os.close(writer)
        time.sleep(0.002 + rng.random() * 0.05)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        with os.fdopen(reader) as stream:
            # A line that was cut off was not told.
            told += [line.strip() for line in stream if line.endswith("\n")]
    versions = versions_in(tmp_path)
    repository = versions.open("Song")
    assert told
    assert set(told) <= {each.key for each in repository.log(all=True)}
    assert check(versions) == []


def _write_on(folder: Path, seed: int, told: int) -> None:
    versions, shelf, rng = versions_in(folder), Shelf(), random.Random(seed)
    repository, tree = versions.open("Song"), a_tree()
    for number in range(1_000):
        tree = random_edit(tree, shelf, rng)
        version = repository.commit(tree, shelf, f"{seed} {number}", now=time.time())
        os.write(told, f"{version.key}\n".encode())
        if number % 3 == 2:
            sweep(versions, time.time(), grace=0.0)


def test_a_full_disk_leaves_the_repository_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, versions = Shelf(), versions_in(tmp_path)
    repository = versions.create("Song", NOW)
    first = keep(repository, a_tree(), shelf, "first")
    left = iter(range(100))

    def full(_: int) -> None:
        if next(left) >= 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keep(repository, a_tree(a_clip("a", shelf.put(some_notes(0.0)))), shelf, "second")
    monkeypatch.undo()
    assert repository.refs.head == first.key
    assert check(versions) == []
    assert not list(versions.folder.rglob("*.draft"))
