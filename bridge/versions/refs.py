"""The names of a repository: branches, tags, and the versions that were kept without being asked for.

One small file, replaced whole and last: a crash before leaves objects that nothing names, never a name without objects.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.settings.home_files import LARGEST_TEXT, read_bounded, write_whole
from musearoo.bridge.versions.blobs import VersionsError

MAIN: Final = "main"
REPOSITORY: Final = "repository"
LONGEST_NAME: Final = 80
_NAME: Final = re.compile(r"[^\W_](?:[\w .,'&+()/-]*[\w.)'])?")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_HASH: Final = re.compile(r"[0-9a-f]{4,64}")


class Auto(msgspec.Struct, frozen=True, array_like=True):
    """A version that was kept without being asked for: its time in Unix seconds and its commit."""

    time: float
    commit: str


class Refs(msgspec.Struct, frozen=True, kw_only=True):
    """What a repository names. `name` is shown; `set_path` is the set that it follows, "" for none or one that was
    never saved: then `live` is the instance of the script in the Live that had it open.

    `branch` is where the next version goes. `forked` is the commit of another repository that this one began with.
    """

    id: str
    name: str
    made: float
    set_path: str = ""
    live: str = ""
    public: bool = False
    branch: str = MAIN
    branches: dict[str, str] = {}
    tags: dict[str, str] = {}
    autos: tuple[Auto, ...] = ()
    forked: str = ""
    forked_from: str = ""

    @property
    def head(self) -> str:
        """The commit of the current branch, "" before the first."""
        return self.branches.get(self.branch, "")

    def commits(self) -> set[str]:
        """Return all commits that are named."""
        named = {*self.branches.values(), *self.tags.values(), *(auto.commit for auto in self.autos), self.forked}
        return named - {""}


def check_name(name: str, what: str) -> str:
    """Return the name of a branch, a tag or a repository. Raises VersionsError."""
    name = " ".join(name.split())
    is_number = what != REPOSITORY and _HASH.fullmatch(name) is not None
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or is_number or ".." in name:
        raise VersionsError(
            f"“{name[:LONGEST_NAME]}” cannot name a {what}: take up to {LONGEST_NAME} letters, digits, spaces and "
            "hyphens, and not what looks like a version's own number."
        )
    return name


def read_refs(path: Path) -> Refs:
    """Return a repository's names. Raises VersionsError."""
    try:
        refs = msgspec.json.decode(read_bounded(path, LARGEST_TEXT), type=Refs)
    except FileNotFoundError:
        raise VersionsError(
            f"There is no repository at {path.parent}: musearoo repo list tells which there are."
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise VersionsError(f"{path} cannot be read ({error}): musearoo repo fsck finds what it named.") from error
    if refs.id != path.parent.name or not _ID.fullmatch(refs.id):
        raise VersionsError(f"{path} is no repository's: its id is not the name of its folder.")
    return refs


def write_refs(path: Path, refs: Refs) -> None:
    """Replace a repository's names, whole or not at all. Raises OSError."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(refs), indent=1))
