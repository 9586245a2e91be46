"""The stem cache: an index, by content, of existing stems and the paths of their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.cache.catalogue import STEM_INDEX
from musearoo.bridge.cache.contract import CacheLevel, name_entry, read_as
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.music.stems import StemName

MOST_PLACES: Final = 8
"""Most folders that are recorded for the same stems, such as those of several projects."""

CLOCK_NS: Final = 2_000_000_000
"""Resolution of modification times on FAT, the file system of many portable disks: two seconds."""


@dataclass(frozen=True, slots=True)
class StemKey:
    """The key of a sound's stems in the cache.

    `content`: hash of the source's bytes. `start_us`, `end_us`: the passage in microseconds, `end_us` -1 for the end.
    `frames`: their length, 0 for the sound's. `separator`: its name, version and weights.
    """

    content: str
    start_us: int
    end_us: int
    frames: int
    separator: str
    subtype: str

    @property
    def is_whole(self) -> bool:
        """Whether the stems are those of all of the sound."""
        return not self.start_us and self.end_us < 0

    @property
    def name(self) -> str:
        """The name of the index entry."""
        return name_entry(self.content, self.start_us, self.end_us, self.frames, self.separator, self.subtype)


class StemFacts(msgspec.Struct, frozen=True):
    """Facts about stems besides their paths."""

    backend: str
    model: str
    label: str
    licence: str
    rate: int
    channels: int
    frames: int
    separator: str
    is_whole: bool
    notes: tuple[str, ...] = ()


class _FileStamp(msgspec.Struct, frozen=True):
    """A file's stamp when it was written."""

    path: str
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> _FileStamp:
        facts = path.stat()
        return cls(str(path), facts.st_size, facts.st_mtime_ns)

    def is_unchanged(self) -> bool:
        try:
            now = _FileStamp.of(Path(self.path))
        except OSError:
            return False
        return now.size == self.size and abs(now.modified_ns - self.modified_ns) <= CLOCK_NS


_StemFiles = dict[StemName, _FileStamp]


class _Entry(msgspec.Struct, frozen=True):
    facts: StemFacts
    places: tuple[_StemFiles, ...]


_ENTRIES: Final = msgspec.json.Decoder(_Entry)


@dataclass(frozen=True, slots=True)
class FoundStems:
    """Cached stems whose files are unchanged, and the facts about them."""

    files: Mapping[StemName, Path]
    facts: StemFacts

    @property
    def folder(self) -> Path:
        """The folder of the stems."""
        return next(iter(self.files.values())).parent


class StemCache:
    """An index of stems, for any thread. A broken entry, or one of changed files, counts as missing.

    The least recently used entries are deleted, never the stems themselves.
    """

    def __init__(self, level: CacheLevel) -> None:
        self._level = level

    @classmethod
    def in_home(cls, home: Path) -> StemCache:
        """Return the index in MuseAroo's folder."""
        return cls(DiskLevel(home / STEM_INDEX.folder, STEM_INDEX.bounds, STEM_INDEX.suffix))

    def find(self, key: StemKey, folder: Path) -> FoundStems | None:
        """Return the stems of a key, preferably those in `folder`, or None."""
        found = self._list_found(key.name)
        return min(found, key=lambda each: each.folder != folder, default=None)

    def find_stems(self, content: str) -> FoundStems | None:
        """Return stems of a whole sound by its content hash, of any separator, those of a learned model preferred."""
        found = [each for name in self._level.names(f"{content}-") for each in self._list_found(name)]
        whole = [each for each in found if each.facts.is_whole]
        return min(whole, key=lambda each: (each.facts.label != "", len(each.files)), default=None)

    def keep(self, key: StemKey, stems: FoundStems) -> None:
        """Record the folder of stems, in addition to their other folders."""
        try:
            place = {stem: _FileStamp.of(file) for stem, file in stems.files.items()}
            former = self._read(key.name)
            others = [each for each in former.places if _is_unchanged(each) and each != place] if former else []
            entry = msgspec.json.encode(_Entry(stems.facts, (place, *others[: MOST_PLACES - 1])))
        except (OSError, UnicodeEncodeError) as error:
            # A path may not be valid text, because Linux allows any bytes in a name.
            reason = error.strerror if isinstance(error, OSError) else "their path is no text"
            LOG.warning("Stems cannot be remembered: %s", reason)
            return
        self._level.write(key.name, entry)

    def _list_found(self, name: str) -> list[FoundStems]:
        """Return the unchanged stems of an entry."""
        entry = self._read(name)
        if entry is None:
            return []
        return [FoundStems(_paths(place), entry.facts) for place in entry.places if _is_unchanged(place)]

    def _read(self, name: str) -> _Entry | None:
        return read_as(self._level, name, _ENTRIES.decode)


def _is_unchanged(place: _StemFiles) -> bool:
    return bool(place) and all(standing.is_unchanged() for standing in place.values())


def _paths(place: _StemFiles) -> dict[StemName, Path]:
    return {stem: Path(standing.path) for stem, standing in place.items()}
