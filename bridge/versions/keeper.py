"""Keep the open sets, and fetch what is brought back: the work of the versions service, for one thread."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.audio.folders import clean_title
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.settings.home_files import make_private_folder
from musearoo.bridge.versions.blobs import MissingBlobError, VersionsError
from musearoo.bridge.versions.bringing_back import Wanted, choose_clips
from musearoo.bridge.versions.differences import Differences, compare
from musearoo.bridge.versions.finding import find_version
from musearoo.bridge.versions.objects import DamagedError
from musearoo.bridge.versions.open_set import OpenSet
from musearoo.bridge.versions.reading import EMPTY, read_set
from musearoo.bridge.versions.refs import LONGEST_NAME, REPOSITORY, check_name
from musearoo.bridge.versions.repository import Repository, Version, Versions, default_folder
from musearoo.bridge.versions.telling import headline
from musearoo.bridge.versions.tree import Clip, Notes, Recipe, Tree
from musearoo.bridge.versions.upkeep import sweep

UNTITLED: Final = "Untitled set"
SPARE: Final = 2_000_000_000
"""Bytes that must stay free for a version that nobody asked for."""
SWEPT_EVERY: Final = 86_400.0
"""Seconds between two sweeps."""

Pulse = Callable[[int], None]
"""Is told the bytes of each block that was read; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is brought back of a version: its content, the notes and the files of its clips, and Live's ids by uid.

    `made` are files that were written for this.
    """

    version: Version
    tree: Tree
    clips: tuple[Clip, ...]
    notes: Mapping[str, Notes]
    files: Mapping[str, str]
    made: tuple[str, ...]
    ids: Mapping[str, int]


class Keeper:
    """Keep the open sets in the versions of MuseAroo's folder. `allowed` are the folders that sounds may be in."""

    def __init__(self, home: Path, allowed: Sequence[Path] | None) -> None:
        self.versions = Versions(default_folder(home))
        self._allowed = allowed

    def keep(
        self,
        opened: OpenSet,
        mirror: SetMirror,
        recipes: Mapping[int, Recipe],
        name: str,
        kind: str,
        now: float,
        pulse: Pulse,
    ) -> Version | None:
        """Keep a set, and return its version; None where nobody asked and nothing has changed.

        `name` is what it is called, "" for what has happened since the version before. Raises VersionsError and
        OSError.
        """
        is_asked = kind == "asked"
        if not is_asked:
            if not mirror.clips:
                return None
            make_private_folder(self.versions.folder)
            if shutil.disk_usage(self.versions.folder).free < SPARE:
                raise VersionsError("The disk is nearly full: versions are kept only when you ask for one.")
        repository = self._repository(opened, mirror, now)
        latest = repository.latest()
        before = self._read_before(latest)
        reading = read_set(mirror, before, opened.uids, recipes, _new_uid)
        opened.uids = reading.uids
        tree = self.versions.sound_index.keep(reading.tree, self.versions.sounds, self._allowed, pulse)
        if not is_asked and tree == before:
            return None
        found = compare(before, tree, lambda key: reading.notes.get(key) or self.versions.notes(key))
        message = name if name and (is_asked or _is_only_new(found)) else headline(found)
        return repository.commit(tree, reading.notes, message, now=now, kind=kind)

    def fetch(
        self, opened: OpenSet, mirror: SetMirror, words: str, wanted: Wanted, folder: Path, now: float, pulse: Pulse
    ) -> Fetched:
        """Read what is wanted of a version; sounds whose file is gone are written into `folder`.

        Raises VersionsError and OSError; then no file is left.
        """
        repository = self._repository(opened, mirror, now)
        version = find_version(repository, words, now)
        latest = repository.latest()
        reading = read_set(mirror, self._read_before(latest), opened.uids, {}, _new_uid)
        opened.uids = reading.uids
        tree = self.versions.tree(version.key)
        here = self.versions.sound_index.keep(reading.tree, self.versions.sounds, self._allowed, pulse)
        clips = choose_clips(tree, wanted, here)
        notes = {clip.notes: self.versions.notes(clip.notes) for clip in clips if clip.notes}
        files: dict[str, str] = {}
        made: list[str] = []
        try:
            for clip in clips:
                if clip.sound is not None and clip.sound.key and clip.sound.key not in files:
                    files[clip.sound.key] = self._file_of(clip, folder, made)
                    pulse(0)
        except BaseException:
            for path in made:
                Path(path).unlink(missing_ok=True)
            raise
        ids = {uid: id for id, uid in reading.uids.items()}
        return Fetched(
            version, tree, clips, notes, {key: path for key, path in files.items() if path}, tuple(made), ids
        )

    def _read_before(self, latest: Version | None) -> Tree:
        """Return the latest version's tree; EMPTY without one, or where it is damaged: the next is kept anyway."""
        try:
            return self.versions.tree(latest.key) if latest is not None else EMPTY
        except (MissingBlobError, DamagedError):
            return EMPTY

    def tidy(self, now: float) -> None:
        """Thin out and sweep, once a day. Raises VersionsError and OSError."""
        mark = self.versions.folder / "swept"
        if mark.exists() and now - mark.stat().st_mtime < SWEPT_EVERY:
            return
        make_private_folder(self.versions.folder)
        mark.touch(mode=0o600)
        sweep(self.versions, now)

    def _file_of(self, clip: Clip, folder: Path, made: list[str]) -> str:
        """Return a file with the sound of a clip, "" where the sound is lost: its own, or a new one."""
        sound = clip.sound
        if sound is None:
            return ""
        index = self.versions.sound_index
        title = clean_title(clip.name or Path(sound.path).stem, folder)
        again = [folder / f"{title} {sound.key[:8]}{ending}" for ending in (".wav", Path(sound.path).suffix)]
        for path in (Path(sound.path), *again):
            if index.find(path) == sound.key:
                return str(path)
        make_private_folder(folder)
        target = folder / f"{title} {sound.key[:8]}"
        while any(folder.glob(f"{_literal(target.name)}.*")):
            target = target.with_name(f"{title} {sound.key[:8]} {secrets.token_hex(2)}")
        try:
            written = self.versions.sounds.restore(sound.key, target)
        except (MissingBlobError, DamagedError):
            return ""
        made.append(str(written))
        index.note(written, sound.key)
        return str(written)

    def _repository(self, opened: OpenSet, mirror: SetMirror, now: float) -> Repository:
        """Return the repository of an open set; makes one where there is none.

        A set that is saved under another name goes on in a repository of its own, which has the same past.
        """
        path = mirror.song.file_path if mirror.song is not None else ""
        name = name_for_set(mirror.song.name if mirror.song is not None else "", path)
        known = opened.repository
        if known is None:
            known = self.versions.of_set(path) or self._of_instance(opened.instance)
        if known is None:
            known = self.versions.create(name, now, set_path=path, live=opened.instance)
        elif path and known.refs.set_path != path:
            other = self.versions.of_set(path)
            latest = known.latest()
            if other is not None:
                known = other
            elif not known.refs.set_path:
                known.change(lambda refs: msgspec.structs.replace(refs, set_path=path, live=opened.instance))
            else:
                known = known.fork(name, latest.key if latest is not None else "", now, set_path=path)
        opened.repository = known
        return known

    def _of_instance(self, instance: str) -> Repository | None:
        """Return the repository of a set that is still open, and was there before this daemon."""
        return next((each for each in self.versions.list() if each.refs.live == instance), None)


def name_for_set(name: str, path: str) -> str:
    """Return the name of a set's repository.

    >>> name_for_set("", "/music/My Song: 2 (mix).als"), name_for_set("facade..", ""), name_for_set("!?", "")
    ('My Song 2 (mix)', 'facade.', 'Untitled set')
    """
    plain = re.sub(r"[^\w .,'&+()-]", " ", name or Path(path).stem)
    plain = " ".join(re.sub(r"[.]{2,}", ".", plain).split())[:LONGEST_NAME]
    try:
        return check_name(plain.lstrip(" .,'&+()-_").rstrip(" ,&+(-"), REPOSITORY)
    except VersionsError:
        return UNTITLED


def _new_uid() -> str:
    return secrets.token_hex(6)


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def _is_only_new(found: Differences) -> bool:
    """Whether a version has new clips and no others that changed: what made them says more than a list of tracks."""
    return bool(found.new_clips) and not (found.clips or found.gone_clips)
