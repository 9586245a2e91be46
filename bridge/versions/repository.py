"""A home of versions, and its repositories: one for each set, all with the same objects and sounds."""

from __future__ import annotations

import contextlib
import heapq
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from filelock import Timeout

from musearoo.bridge.settings.home_files import make_private_folder, private_lock
from musearoo.bridge.versions.blobs import BlobStore, FolderBlobs, VersionsError
from musearoo.bridge.versions.commit_index import CommitIndex
from musearoo.bridge.versions.objects import Objects, name_of
from musearoo.bridge.versions.refs import MAIN, REPOSITORY, Auto, Refs, check_name, read_refs, write_refs
from musearoo.bridge.versions.sound_index import SoundIndex
from musearoo.bridge.versions.sounds import Sounds, find_sound
from musearoo.bridge.versions.telling import key_name
from musearoo.bridge.versions.tree import Commit, Notes, Tree

FOLDER: Final = "versions"
"""Of versions, in MuseAroo's folder."""
REPOSITORIES, REFS = "repositories", "refs.json"
LOCKED_FOR: Final = 30.0
"""Seconds to wait for another process that writes: it needs milliseconds."""
LONGEST_MESSAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Version:
    """A commit and its key."""

    key: str
    commit: Commit


class Versions:
    """A folder of versions. For one thread; other threads and processes may have the same folder open.

    `blobs` are where objects and sounds are kept, the folder itself unless given.
    """

    def __init__(self, folder: Path, blobs: BlobStore | None = None) -> None:
        self.folder = folder
        self.scratch = FolderBlobs(folder)
        self.blobs = blobs if blobs is not None else self.scratch
        self.objects = Objects(self.blobs)
        self.sounds = Sounds(self.blobs, self.scratch)
        self.sound_index = SoundIndex(folder / "sound_index.msgpack")
        self.commits = CommitIndex(folder / "commits.bin", self.objects)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other writers of names, and sweepers, away. Raises VersionsError if one does not end."""
        make_private_folder(self.folder)
        lock = private_lock(self.folder / "lock")
        try:
            lock.acquire(timeout=LOCKED_FOR)
        except Timeout:
            raise VersionsError(f"Another MuseAroo is writing versions in {self.folder}: try again later.") from None
        try:
            yield
        finally:
            lock.release()

    def all(self) -> list[Repository]:
        """Return all repositories, also those whose names cannot be read, in no order."""
        top = self.folder / REPOSITORIES
        return [Repository(self, path) for path in sorted(top.glob(f"*/{REFS}"))] if top.is_dir() else []

    def list(self) -> list[Repository]:
        """Return the repositories, that of the latest version first. Those that cannot be read are left out."""
        found = []
        for repository in self.all():
            with contextlib.suppress(VersionsError):
                found.append((-repository.last_time(), repository.refs.made, repository))
        # A fork that has not gone on yet comes behind what it was made of.
        return [repository for *_, repository in sorted(found, key=lambda each: each[:2])]

    def open(self, name: str) -> Repository:
        """Return the repository of a name or an id. Raises VersionsError."""
        known = self.list()
        for repository in known:
            refs = repository.refs
            if name in (refs.id, refs.name) or refs.name.casefold() == name.casefold():
                return repository
        names = ", ".join(f"“{repository.refs.name}”" for repository in known[:8])
        raise VersionsError(
            f"There is no repository “{name}”: {f'there are {names}' if names else 'there is none yet'}."
        )

    def of_set(self, path: str) -> Repository | None:
        """Return the repository that follows a saved set, None without one."""
        return next((each for each in self.list() if path and each.refs.set_path == path), None)

    def create(
        self,
        name: str,
        now: float,
        *,
        id: str = "",
        set_path: str = "",
        live: str = "",
        forked: str = "",
        forked_from: str = "",
    ) -> Repository:
        """Make a repository; one of the same name gets a number. Raises VersionsError and OSError.

        `forked` is the commit that it begins with, of the repository with the id `forked_from`; `id` its own, where it
        comes from elsewhere.
        """
        name = check_name(name, REPOSITORY)
        with self.locked():
            taken = {repository.refs.name.casefold() for repository in self.list()}
            numbers = iter(range(2, 10_000))
            chosen = name
            while chosen.casefold() in taken:
                chosen = f"{name} {next(numbers)}"
            refs = Refs(
                id=id or secrets.token_hex(8),
                name=chosen,
                made=now,
                set_path=set_path,
                live=live,
                branches={MAIN: forked} if forked else {},
                forked=forked,
                forked_from=forked_from,
            )
            path = self.folder / REPOSITORIES / refs.id / REFS
            make_private_folder(path.parent)
            write_refs(path, refs)
        return Repository(self, path)

    def tree(self, commit: str) -> Tree:
        """Return the tree of a commit. Raises VersionsError."""
        return self.objects.get(self.commits.get(commit).tree, Tree)

    def notes(self, key: str) -> Notes:
        """Return a clip's notes. Raises VersionsError."""
        return self.objects.get(key, Notes)

    def ancestors(self, commits: Iterable[str]) -> Iterator[Version]:
        """Yield commits and all that came before them, newest first. Raises VersionsError."""
        heap: list[tuple[float, str]] = []
        seen: set[str] = set()

        def push(keys: Iterable[str]) -> None:
            for key in keys:
                if key and key not in seen:
                    seen.add(key)
                    heapq.heappush(heap, (-self.commits.get(key).time, key))

        push(commits)
        while heap:
            _, key = heapq.heappop(heap)
            commit = self.commits.get(key)
            yield Version(key, commit)
            push(commit.parents)

    def common_ancestor(self, one: str, other: str) -> str:
        """Return the latest commit that both came from, "" for none. Raises VersionsError."""
        of_one = {version.key for version in self.ancestors([one])}
        return next((version.key for version in self.ancestors([other]) if version.key in of_one), "")

    def is_ancestor(self, one: str, other: str) -> bool:
        """Whether a commit is another one, or came before it. Raises VersionsError."""
        return any(version.key == one for version in self.ancestors([other]))

    def blobs_of(self, tree: Tree) -> Iterator[str]:
        """Yield the names of the blobs that a tree names. Raises MissingBlobError for a lost sound."""
        for clip in tree.clips:
            if clip.notes:
                yield name_of(clip.notes)
            if clip.sound is not None and clip.sound.key:
                yield find_sound(self.blobs, clip.sound.key).name


class Repository:
    """The versions of one set. Its names are read anew each time: other processes may change them."""

    def __init__(self, versions: Versions, path: Path) -> None:
        self.versions = versions
        self.path = path

    @property
    def refs(self) -> Refs:
        """The names. Raises VersionsError."""
        return read_refs(self.path)

    def last_time(self) -> float:
        """Return when the latest version was kept, or the repository made, in Unix seconds. Raises VersionsError."""
        refs = self.refs
        times = [auto.time for auto in refs.autos[-1:]]
        if refs.head:
            times.append(self.versions.commits.get(refs.head).time)
        return max(times, default=refs.made)

    def latest(self) -> Version | None:
        """Return the latest version of the current branch, kept by itself or asked for. Raises VersionsError."""
        refs = self.refs
        keys = [refs.head, *(auto.commit for auto in refs.autos[-1:])]
        found = [Version(key, self.versions.commits.get(key)) for key in keys if key]
        return max(found, key=lambda version: version.commit.time, default=None)

    def commit(
        self,
        tree: Tree,
        notes: Mapping[str, Notes],
        message: str,
        *,
        now: float,
        kind: str = "asked",
        author: str = "",
        parents: tuple[str, ...] | None = None,
    ) -> Version:
        """Keep a version on the current branch, and return it. Raises VersionsError and OSError.

        One of kind "made" or "pause" moves no branch. `parents` are the head unless given; the first must be the head.
        `notes` are those of the tree by key, as far as they may be new. The names change last, so that a crash at any
        moment leaves the repository as it was.
        """
        objects = self.versions.objects
        # No sweep comes between what is stored and its name.
        with self.versions.locked():
            refs = self.refs
            found = parents if parents is not None else (refs.head,) if refs.head else ()
            if parents is not None and parents[0] != refs.head:
                raise VersionsError("Another version was kept meanwhile: do it again.")
            for key, content in notes.items():
                objects.put_known(key, content)
            stored = {name_of(key) for key in notes}
            for name in self.versions.blobs_of(tree):
                if name not in stored:
                    self.versions.blobs.touch(name)
            commit = Commit(
                tree=objects.put(tree),
                parents=found,
                message=" ".join(message.split())[:LONGEST_MESSAGE],
                author=author,
                time=now,
                kind=kind,
                bpm=tree.song.tempo,
                key=key_name(tree.song),
            )
            key = objects.put(commit)
            self._write(_named(refs, key, commit))
        self.versions.commits.add(commit)
        return Version(key, commit)

    def change(self, change: Callable[[Refs], Refs]) -> Refs:
        """Change the names while nobody else does, and return them. Raises VersionsError and OSError."""
        with self.versions.locked():
            refs = change(self.refs)
            self._write(refs)
        return refs

    def branch(self, name: str, at: str = "") -> Refs:
        """Make a branch where `at` or the current one is, or go to an existing one; the next version goes there."""

        def change(refs: Refs) -> Refs:
            if name in refs.branches and not at:
                return msgspec.structs.replace(refs, branch=name)
            if name in refs.branches:
                raise VersionsError(f"There is a branch “{name}” already: choose another name.")
            start = at or refs.head
            branches = {**refs.branches, check_name(name, "branch"): start} if start else refs.branches
            return msgspec.structs.replace(refs, branch=name, branches=branches)

        check_name(name, "branch")
        return self.change(change)

    def tag(self, name: str, at: str) -> Refs:
        """Give a version a name of its own. Raises VersionsError."""

        def change(refs: Refs) -> Refs:
            if name in refs.tags:
                raise VersionsError(f"“{name}” names another version already: choose another name.")
            return msgspec.structs.replace(refs, tags={**refs.tags, check_name(name, "version"): at})

        return self.change(change)

    def fork(self, name: str, at: str, now: float, set_path: str = "") -> Repository:
        """Make a repository that begins with a version of this one, and shares its past. Raises VersionsError."""
        return self.versions.create(name, now, set_path=set_path, forked=at, forked_from=self.refs.id)

    def log(self, *, all: bool = False) -> Iterator[Version]:
        """Yield the versions of the current branch, newest first; `all`: also other branches, and those kept by
        themselves. Raises VersionsError."""
        refs = self.refs
        return self.versions.ancestors(refs.commits() if all else [refs.head])

    def _write(self, refs: Refs) -> None:
        write_refs(self.path, refs)


def _named(refs: Refs, key: str, commit: Commit) -> Refs:
    if commit.kind in ("made", "pause"):
        return msgspec.structs.replace(refs, autos=(*refs.autos, Auto(commit.time, key)))
    return msgspec.structs.replace(refs, branches={**refs.branches, refs.branch: key})


def default_folder(home: Path) -> Path:
    """Return the folder of versions in MuseAroo's folder."""
    return home / FOLDER
