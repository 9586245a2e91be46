"""Histories between two homes of versions: push, pull, clone; and as one file, to be sent by mail."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from musearoo.bridge.settings.home_files import make_private_folder
from musearoo.bridge.versions.blobs import MissingBlobError, VersionsError
from musearoo.bridge.versions.objects import name_of
from musearoo.bridge.versions.refs import Refs
from musearoo.bridge.versions.repository import REFS, REPOSITORIES, Repository, Versions
from musearoo.bridge.versions.sounds import find_sound, verify_file
from musearoo.bridge.versions.tree import Commit, Notes, Tree

ENDING: Final = ".musearoo"
"""Of the one file that has a repository."""
_INSIDE: Final = re.compile(
    r"(?:objects/[0-9a-f]{2}/[0-9a-f]{62}|sounds/[0-9a-f]{2}/[0-9a-f]{62}\.[a-z0-9]{1,8}"
    rf"|{REPOSITORIES}/[0-9a-f]{{16}}/{REFS.replace('.', '[.]')})"
)


def copy_history(source: Versions, target: Versions, commits: Iterable[str]) -> int:
    """Copy commits with all that came before them, as far as the target lacks it; returns how many blobs.

    What comes is held against its hash. Older versions go first, so that what is cut off has lost nothing. Raises
    VersionsError and OSError.
    """
    copied = 0
    for version in reversed(list(source.ancestors(commits))):
        tree = source.objects.get(version.commit.tree, Tree)
        for clip in tree.clips:
            if clip.notes:
                copied += _copy_object(source, target, clip.notes)
            if clip.sound is not None and clip.sound.key:
                copied += _copy_sound(source, target, clip.sound.key)
        if version.commit.render:
            copied += _copy_sound(source, target, version.commit.render)
        copied += _copy_object(source, target, version.commit.tree)
        copied += _copy_object(source, target, version.key)
        target.commits.add(version.commit)
    return copied


def push(repository: Repository, target: Versions) -> tuple[Repository, int]:
    """Bring a repository's branches and tags to another home; returns it there, and how many blobs were copied.

    Nothing there is lost: a branch that has gone on there must be pulled first. Raises VersionsError and OSError.
    """
    refs = repository.refs
    source = repository.versions
    copied = copy_history(source, target, {*refs.branches.values(), *refs.tags.values(), refs.forked} - {""})
    there = _of_id(target, refs.id)
    if there is None:
        there = target.create(refs.name, refs.made, id=refs.id, forked=refs.forked, forked_from=refs.forked_from)

    def change(theirs: Refs) -> Refs:
        for name, commit in refs.branches.items():
            known = theirs.branches.get(name)
            if known and not target.is_ancestor(known, commit):
                raise VersionsError(f"The branch “{name}” has gone on there: musearoo repo pull takes that in first.")
        # Its own branch stays the current one there.
        branch = theirs.branch if theirs.branch in refs.branches or theirs.branches else refs.branch
        return msgspec.structs.replace(
            theirs, branches={**theirs.branches, **refs.branches}, tags={**theirs.tags, **refs.tags}, branch=branch
        )

    there.change(change)
    return there, copied


def pull(repository: Repository, source: Versions, name: str = "") -> tuple[tuple[str, ...], int]:
    """Take in what the same repository has in another home; returns a sentence for each branch, and how many blobs.

    A branch that has gone on here as well comes as one of its own, such as “main (theirs)”, to be merged. `name` is
    what the other repository is called there, if it is not the same one. Raises VersionsError and OSError.
    """
    refs = repository.refs
    there = source.open(name) if name else _of_id(source, refs.id)
    if there is None:
        raise VersionsError(f"“{refs.name}” is not in {source.folder}: musearoo repo push brings it there.")
    theirs = there.refs
    target = repository.versions
    copied = copy_history(source, target, {*theirs.branches.values(), *theirs.tags.values()} - {""})
    said: list[str] = []

    def change(refs: Refs) -> Refs:
        said.clear()
        branches = dict(refs.branches)
        for branch, commit in theirs.branches.items():
            here = branches.get(branch, "")
            if here == commit or (here and target.is_ancestor(commit, here)):
                continue
            if not here or target.is_ancestor(here, commit):
                branches[branch] = commit
                said.append(f"“{branch}” has come.")
            else:
                branches[f"{branch} (theirs)"] = commit
                said.append(f"“{branch}” has gone on here and there: theirs is “{branch} (theirs)”; merge it.")
        return msgspec.structs.replace(refs, branches=branches, tags={**theirs.tags, **refs.tags})

    repository.change(change)
    return tuple(said), copied


def clone(source: Versions, name: str, target: Versions, new_name: str = "") -> tuple[Repository, int]:
    """Bring a repository of another home here; returns it, and how many blobs. Raises VersionsError and OSError."""
    there = source.open(name) if name else _only(source)
    refs = there.refs
    if _of_id(target, refs.id) is not None:
        raise VersionsError(f"“{refs.name}” is here already: musearoo repo pull takes in what is new.")
    copied = copy_history(source, target, {*refs.branches.values(), *refs.tags.values(), refs.forked} - {""})
    made = target.create(new_name or refs.name, refs.made, id=refs.id, forked=refs.forked, forked_from=refs.forked_from)
    made.change(lambda mine: msgspec.structs.replace(mine, branches=refs.branches, tags=refs.tags, branch=refs.branch))
    return made, copied


def write_bundle(repository: Repository, path: Path) -> int:
    """Write a repository with its whole past into one new file; returns its size. Raises VersionsError and OSError."""
    with TemporaryDirectory(dir=path.parent, prefix=".musearoo-") as scratch:
        home = Versions(Path(scratch))
        push(repository, home)
        try:
            with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as bundle:
                for facts in home.blobs.list():
                    if _INSIDE.fullmatch(facts.name):
                        bundle.write(home.folder / facts.name, facts.name)
        except FileExistsError:
            raise VersionsError(f"{path} is there already: choose another name.") from None
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path.stat().st_size


def read_bundle(path: Path, target: Versions, new_name: str = "") -> tuple[Repository, int]:
    """Take in a repository out of one file, as `clone` and `pull` do; returns it, and how many blobs.

    Everything in it is held against its hash. Raises VersionsError and OSError.
    """
    make_private_folder(target.folder)
    try:
        with TemporaryDirectory(dir=target.folder, prefix=".musearoo-") as scratch, zipfile.ZipFile(path) as bundle:
            for info in bundle.infolist():
                # Ours are not compressed again: what is could grow without an end.
                is_plain = info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1
                if not is_plain or not _INSIDE.fullmatch(info.filename):
                    raise VersionsError(f"{path} is no repository of MuseAroo's: it has {info.filename[:80]!r}.")
                bundle.extract(info, scratch)
            source = Versions(Path(scratch))
            known = _of_id(target, _only(source).refs.id)
            if known is None:
                return clone(source, "", target, new_name)
            _, copied = pull(known, source)
            return known, copied
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise VersionsError(f"{path} cannot be read as a repository ({error}).") from error


def _only(versions: Versions) -> Repository:
    found = versions.list()
    if len(found) != 1:
        raise VersionsError(f"{versions.folder} has {len(found)} repositories: say which.")
    return found[0]


def _of_id(versions: Versions, id: str) -> Repository | None:
    return next((each for each in versions.list() if each.refs.id == id), None)


def _copy_object(source: Versions, target: Versions, key: str) -> int:
    name = name_of(key)
    if target.blobs.has(name):
        return 0
    packed = source.blobs.read(name)
    source.objects.verify(key, packed, (Notes, Tree, Commit))
    target.blobs.put(name, packed)
    return 1


def _copy_sound(source: Versions, target: Versions, key: str) -> int:
    try:
        find_sound(target.blobs, key)
    except MissingBlobError:
        pass
    else:
        return 0
    blob = find_sound(source.blobs, key)
    draft = target.scratch.draft()
    draft.unlink()
    try:
        source.blobs.fetch(blob.name, draft)
        verify_file(draft, blob)
        target.blobs.take_in(blob.name, draft)
    finally:
        draft.unlink(missing_ok=True)
    return 1
