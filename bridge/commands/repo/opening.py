"""What the actions of `musearoo repo` work on: the versions in MuseAroo's folder, and rows for the terminal."""

from __future__ import annotations

import argparse
import time
from typing import Any

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.versions.finding import SHORT_KEY, find_version
from musearoo.bridge.versions.repository import Repository, Version, Versions, default_folder


def open_versions() -> Versions:
    """Return the versions in MuseAroo's folder."""
    return Versions(default_folder(home_folder()))


def open_repository(options: argparse.Namespace) -> Repository:
    """Return the repository that the options name, else that of the latest version. Raises UserFacingError."""
    versions = open_versions()
    if options.repo:
        return versions.open(options.repo)
    known = versions.list()
    if not known:
        raise CommandError("There are no versions yet: musearoo run keeps them while you work in Live.")
    return known[0]


def find(repository: Repository, words: str) -> Version:
    """Return the version that words mean. Raises VersionsError."""
    return find_version(repository, words, time.time())


def row_of(version: Version, repository: Repository) -> dict[str, Any]:
    """Return a version for `--json`."""
    refs = repository.refs
    commit = version.commit
    return {
        "version": version.key,
        "message": commit.message,
        "time": commit.time,
        "kind": commit.kind,
        "author": commit.author,
        "bpm": commit.bpm,
        "key": commit.key,
        "parents": list(commit.parents),
        "names": [name for names in (refs.branches, refs.tags) for name, key in names.items() if key == version.key],
    }


def line_of(row: dict[str, Any]) -> str:
    """Return a version in a line.

    >>> line_of({"version": "0123456789ab", "message": "Bass busier", "time": 0.0, "kind": "asked", "bpm": 92.0,
    ...     "key": "D minor", "names": ["main"]}).partition("  ")[::2][0]
    '01234567'
    """
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(row["time"]))
    mark = {"made": "·", "pause": "·"}.get(row["kind"], " ")
    about = " ".join(filter(None, [f"{row['bpm']:g} BPM", row["key"]]))
    names = f"  [{', '.join(row['names'])}]" if row["names"] else ""
    return f"{row['version'][:SHORT_KEY]}  {when} {mark} {row['message']}  ({about}){names}"
