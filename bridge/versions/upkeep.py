"""Keep a store small and sound: thin out what was kept by itself, sweep what nothing names, find damage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from musearoo.bridge.versions.blobs import BlobFacts, MissingBlobError, VersionsError
from musearoo.bridge.versions.objects import FOLDER as OBJECTS
from musearoo.bridge.versions.objects import key_of_name, name_of
from musearoo.bridge.versions.refs import Auto
from musearoo.bridge.versions.repository import Versions
from musearoo.bridge.versions.sounds import FOLDER as SOUNDS
from musearoo.bridge.versions.sounds import SoundBlob, stem_of_sound
from musearoo.bridge.versions.tree import Commit, Notes, Tree

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
GRACE: Final = 14 * DAY
"""Seconds that what nothing names is kept: long enough to find that it was needed."""
AGES: Final = ((HOUR, 0.0), (DAY, 600.0), (7 * DAY, HOUR), (90 * DAY, DAY))
"""Up to which age one version is kept for how many seconds; what is older goes."""
SWEPT_AT_ONCE: Final = 200
"""Blobs that are removed before other writers may go on."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed, and what is left, in bytes."""

    versions: int
    blobs: int
    freed: int
    left: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A blob that is lost or damaged, and the versions that need it: (repository, commit, message)."""

    stem: str
    sentence: str
    needed_by: tuple[tuple[str, str, str], ...]


def thin(autos: Sequence[Auto], now: float) -> tuple[Auto, ...]:
    """Return which of the versions that were kept by themselves stay: the last of each span, wider with age.

    >>> [auto.time for auto in thin([Auto(10.0, "a"), Auto(20.0, "b"), Auto(7000.0, "c"), Auto(7100.0, "d")], 7200.0)]
    [20.0, 7000.0, 7100.0]
    """
    kept: dict[tuple[float, float], Auto] = {}
    for auto in sorted(autos, key=lambda auto: auto.time):
        age = max(0.0, now - auto.time)
        span = next((span for most, span in AGES if age <= most), None)
        if span is not None:
            kept[(span, auto.time // span if span else auto.time)] = auto
    return tuple(sorted(kept.values(), key=lambda auto: auto.time))


def sweep(versions: Versions, now: float, grace: float = GRACE) -> Swept:
    """Thin out, and remove what nothing names and nothing has needed for `grace` seconds.

    Raises VersionsError and OSError. Nothing is removed while a repository or a version cannot be read: `check` tells
    which.
    """
    thinned = 0
    for repository in versions.list():
        before = len(repository.refs.autos)
        refs = repository.change(lambda refs: msgspec.structs.replace(refs, autos=thin(refs.autos, now)))
        thinned += max(0, before - len(refs.autos))
    versions.scratch.remove_drafts()
    needed = _Needed(versions)
    needed.read()
    candidates = [
        facts for facts in _list(versions) if now - facts.touched >= grace and stem_of(facts.name) not in needed.stems
    ]
    gone: list[BlobFacts] = []
    for start in range(0, len(candidates), SWEPT_AT_ONCE):
        # Names are read again while nobody else can change them: a version that was kept meanwhile needs its blobs.
        with versions.locked():
            needed.read()
            for facts in candidates[start : start + SWEPT_AT_ONCE]:
                if stem_of(facts.name) not in needed.stems:
                    versions.blobs.remove(facts.name)
                    gone.append(facts)
    if gone:
        versions.commits.forget({key_of_name(facts.name) for facts in gone})
    left = sum(facts.size for facts in _list(versions))
    return Swept(thinned, len(gone), sum(facts.size for facts in gone), left)


def check(versions: Versions, on_blob: Callable[[str], None] = lambda _: None) -> list[Fault]:
    """Read all blobs; return those that are damaged, and those that versions need and that are lost.

    `on_blob` is told each name. Raises OSError, and VersionsError for a repository whose names cannot be read.
    """
    there: set[str] = set()
    damaged: dict[str, str] = {}
    for facts in list(_list(versions)):
        on_blob(facts.name)
        there.add(stem_of(facts.name))
        try:
            _verify(versions, facts.name)
        except MissingBlobError:
            # Swept away at this moment.
            there.discard(stem_of(facts.name))
        except VersionsError as error:
            damaged[stem_of(facts.name)] = str(error)
    needed_by: dict[str, list[tuple[str, str, str]]] = {stem: [] for stem in damaged}
    for repository in versions.all():
        refs = repository.refs
        for key, commit in _reachable(versions, refs.commits()):
            about = (refs.name, key, commit.message if commit is not None else "a version that is lost itself")
            for stem in _stems(versions, key, commit):
                if stem in damaged or stem not in there:
                    needed_by.setdefault(stem, []).append(about)
    return [
        Fault(stem, damaged.get(stem, f"{stem} is missing."), tuple(needers)) for stem, needers in needed_by.items()
    ]


def set_aside(versions: Versions, faults: Iterable[Fault]) -> int:
    """Remove damaged blobs, so that the next version of the same content stores them again; returns how many."""
    names = {stem_of(facts.name): facts.name for facts in _list(versions)}
    found = [names[fault.stem] for fault in faults if fault.stem in names]
    for name in found:
        versions.blobs.remove(name)
    return len(found)


def stem_of(name: str) -> str:
    """Return a blob's name without the ending that tells how a sound is packed.

    >>> stem_of("sounds/ab/cdef.flac")
    'sounds/ab/cdef'
    """
    return name.partition(".")[0]


class _Needed:
    """What the repositories name, and all that it needs: each tree is read once."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._read: set[str] = set()
        self.stems: set[str] = set()

    def read(self) -> None:
        """Read what has become named since the last time. Raises VersionsError for what is lost."""
        for repository in self._versions.all():
            for version in self._versions.ancestors(repository.refs.commits()):
                if version.key not in self._read:
                    self._read.add(version.key)
                    self.stems.update(_stems(self._versions, version.key, version.commit, is_strict=True))


def _reachable(versions: Versions, commits: Iterable[str]) -> Iterator[tuple[str, Commit | None]]:
    """Yield commits and all before them as far as they can be read: None for one that is lost."""
    waiting = list(commits)
    seen = set(waiting)
    while waiting:
        key = waiting.pop()
        try:
            commit = versions.commits.get(key)
        except VersionsError:
            yield key, None
            continue
        yield key, commit
        new = [parent for parent in commit.parents if parent not in seen]
        seen.update(new)
        waiting += new


def _stems(versions: Versions, key: str, commit: Commit | None, *, is_strict: bool = False) -> Iterator[str]:
    """Yield what a version needs. Raises VersionsError, if strict, for a tree that cannot be read."""
    yield name_of(key)
    if commit is None:
        return
    yield name_of(commit.tree)
    if commit.render:
        yield stem_of_sound(commit.render)
    try:
        tree = versions.objects.get(commit.tree, Tree)
    except VersionsError:
        if is_strict:
            raise
        return
    for clip in tree.clips:
        if clip.notes:
            yield name_of(clip.notes)
        if clip.sound is not None and clip.sound.key:
            yield stem_of_sound(clip.sound.key)


def _list(versions: Versions) -> Iterator[BlobFacts]:
    for folder in (OBJECTS, SOUNDS):
        yield from versions.blobs.list(f"{folder}/")


def _verify(versions: Versions, name: str) -> None:
    key = key_of_name(name)
    if name.startswith(f"{OBJECTS}/"):
        versions.objects.verify(key, versions.blobs.read(name), (Notes, Tree, Commit))
    else:
        versions.sounds.verify(SoundBlob(key, name))
