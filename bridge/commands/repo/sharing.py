"""The actions of `musearoo repo` for branches, forks and other folders of versions."""

from __future__ import annotations

import argparse
import json
import secrets
import time
from pathlib import Path
from typing import Any

from musearoo.bridge.commands.repo.opening import find, line_of, open_repository, open_versions, row_of
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.versions.blobs import VersionsError
from musearoo.bridge.versions.exchange import clone, pull, push, read_bundle, write_bundle
from musearoo.bridge.versions.merging import merge
from musearoo.bridge.versions.reading import EMPTY
from musearoo.bridge.versions.repository import Repository, Version, Versions, default_folder


def run_branch(options: argparse.Namespace) -> int:
    """List the branches; or make one, or go to one."""
    repository = open_repository(options)
    if options.name:
        at = find(repository, options.at).key if options.at else ""
        repository.branch(options.name, at)
    refs = repository.refs
    if options.json:
        print(json.dumps({"branch": refs.branch, "branches": refs.branches, "tags": refs.tags}))
        return 0
    for name in dict.fromkeys((*refs.branches, refs.branch)):
        tell(f"{'*' if name == refs.branch else ' '} {name}")
    return 0


def run_tag(options: argparse.Namespace) -> int:
    """Give a version a name."""
    repository = open_repository(options)
    version = find(repository, options.version)
    repository.tag(options.name, version.key)
    return _tell(
        options, {**row_of(version, repository), "tag": options.name}, f"“{options.name}” is ", version, repository
    )


def run_fork(options: argparse.Namespace) -> int:
    """Make a repository that begins with the latest version of this one."""
    repository = open_repository(options)
    made = repository.fork(options.name, find(repository, "").key, time.time())
    refs = made.refs
    if options.json:
        print(json.dumps({"name": refs.name, "id": refs.id, "forked_from": refs.forked_from, "version": refs.forked}))
    else:
        tell(f"“{refs.name}” begins with {line_of(row_of(find(made, ''), made))}")
    return 0


def run_merge(options: argparse.Namespace) -> int:
    """Take what another branch or repository has changed into this branch."""
    repository = open_repository(options)
    versions = repository.versions
    ours = repository.refs.head
    if not ours:
        raise CommandError(f"“{repository.refs.name}” has no version yet: there is nothing to merge into.")
    theirs = _find_other(repository, options.other)
    if versions.is_ancestor(theirs.key, ours):
        raise CommandError(f"“{options.other}” has nothing that is not here already.")
    base = versions.common_ancestor(ours, theirs.key)
    merged = merge(
        versions.tree(base) if base else EMPTY,
        versions.tree(ours),
        versions.tree(theirs.key),
        options.other,
        lambda: secrets.token_hex(6),
    )
    version = repository.commit(
        merged.tree, {}, f"Merged {options.other}", now=time.time(), kind="merge", parents=(ours, theirs.key)
    )
    if options.json:
        print(json.dumps({**row_of(version, repository), "sentences": list(merged.sentences)}))
        return 0
    tell(line_of(row_of(version, repository)))
    tell(*merged.sentences)
    return 0


def _find_other(repository: Repository, words: str) -> Version:
    """Return a version of this repository, or the latest of another one."""
    try:
        return find(repository, words)
    except VersionsError:
        try:
            other = repository.versions.open(words)
        except VersionsError:
            other = None
        if other is None:
            raise
        return find(other, "")


def run_clone(options: argparse.Namespace) -> int:
    """Bring a repository of another folder here."""
    made, copied = clone(_other_home(options.folder), options.name, open_versions())
    return _tell_copied(options, made, copied, "is here")


def run_push(options: argparse.Namespace) -> int:
    """Bring this repository's branches and tags to another folder."""
    there, copied = push(open_repository(options), Versions(_folder(options.folder)))
    return _tell_copied(options, there, copied, f"is in {options.folder}")


def run_pull(options: argparse.Namespace) -> int:
    """Take in what another folder has of this repository."""
    repository = open_repository(options)
    said, copied = pull(repository, _other_home(options.folder))
    return _tell_copied(options, repository, copied, "has what is there", said)


def run_export(options: argparse.Namespace) -> int:
    """Write this repository into one file."""
    repository = open_repository(options)
    size = write_bundle(repository, options.file)
    if options.json:
        print(json.dumps({"out": str(options.file), "bytes": size}))
    else:
        tell(f"{options.file}: “{repository.refs.name}” with its past, {size / 1e6:.1f} MB.")
    return 0


def run_import(options: argparse.Namespace) -> int:
    """Take in a repository out of one file."""
    made, copied = read_bundle(options.file, open_versions())
    return _tell_copied(options, made, copied, "is here")


def _folder(folder: Path) -> Path:
    """Return the folder of versions that a path means: MuseAroo's folder has them in one of its own."""
    inside = default_folder(folder)
    return inside if inside.is_dir() else folder


def _other_home(folder: Path) -> Versions:
    found = Versions(_folder(folder))
    if not found.all():
        raise CommandError(f"{folder} has no versions: name a folder that musearoo repo push has written to.")
    return found


def _tell(
    options: argparse.Namespace, row: dict[str, Any], words: str, version: Version, repository: Repository
) -> int:
    if options.json:
        print(json.dumps(row))
    else:
        tell(f"{words}{line_of(row_of(version, repository))}")
    return 0


def _tell_copied(
    options: argparse.Namespace, repository: Repository, copied: int, words: str, said: tuple[str, ...] = ()
) -> int:
    refs = repository.refs
    if options.json:
        print(json.dumps({"name": refs.name, "id": refs.id, "copied": copied, "sentences": list(said)}))
    else:
        tell(*said, f"“{refs.name}” {words}: {copied} objects came.")
    return 0
