"""The stem cache: an index, by content, of existing stems and the paths of their files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, write_whole
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.music.stems import StemName

INDEX: Final = Path("stems", "index")
"""The index's folder in MuseAroo's folder."""

MOST_ENTRIES: Final = 4000
"""Most entries of about 1 kB; the least recently used are deleted, never the stems themselves."""

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
    def file_name(self) -> str:
        """The name of the index entry."""
        rest = f"{self.start_us} {self.end_us} {self.frames} {self.separator} {self.subtype}"
        return f"{self.content}-{blake2b(rest.encode(), digest_size=8).hexdigest()}.json"


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
    """An index in a folder, for any thread. A broken entry, or one of changed files, counts as missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: StemKey, folder: Path) -> FoundStems | None:
        """Return the stems of a key, preferably those in `folder`, or None."""
        entry = self._read(self._folder / key.file_name)
        if entry is None:
            return None
        found = [FoundStems(_paths(place), entry.facts) for place in entry.places if _is_unchanged(place)]
        with contextlib.suppress(OSError):
            os.utime(self._folder / key.file_name)
        return min(found, key=lambda each: each.folder != folder, default=None)

    def find_stems(self, content: str) -> FoundStems | None:
        """Return stems of a whole sound by its content hash, of any separator, those of a learned model preferred."""
        found = []
        for path in sorted(self._folder.glob(f"{content}-*.json")):
            entry = self._read(path)
            if entry is not None and entry.facts.is_whole:
                found += [FoundStems(_paths(place), entry.facts) for place in entry.places if _is_unchanged(place)]
        return min(found, key=lambda each: (each.facts.label != "", len(each.files)), default=None)

    def keep(self, key: StemKey, stems: FoundStems) -> None:
        """Record the folder of stems, in addition to their other folders."""
        path = self._folder / key.file_name
        try:
            place = {stem: _FileStamp.of(file) for stem, file in stems.files.items()}
            former = self._read(path)
            others = [each for each in former.places if _is_unchanged(each) and each != place] if former else []
            entry = _Entry(stems.facts, (place, *others[: MOST_PLACES - 1]))
            make_private_folder(self._folder)
            write_whole(path, msgspec.json.encode(entry), durable=False)
            self._sweep()
        except (OSError, UnicodeEncodeError) as error:
            # A path may not be valid text, because Linux allows any bytes in a name.
            reason = error.strerror if isinstance(error, OSError) else "their path is no text"
            LOG.warning("Stems cannot be remembered in %s: %s", self._folder, reason)

    def _read(self, path: Path) -> _Entry | None:
        try:
            return parse_json(read_bounded(path), str(path), _Entry)
        except FileNotFoundError:
            return None
        except (OSError, PresetError) as error:
            LOG.warning("%s cannot be read, so its stems are made anew: %s", path, error)
            return None

    def _sweep(self) -> None:
        entries = list(self._folder.glob("*.json"))
        if len(entries) > MOST_ENTRIES:
            for path in sorted(entries, key=lambda each: each.stat().st_mtime)[: len(entries) - MOST_ENTRIES]:
                path.unlink(missing_ok=True)


def _is_unchanged(place: _StemFiles) -> bool:
    return bool(place) and all(standing.is_unchanged() for standing in place.values())


def _paths(place: _StemFiles) -> dict[StemName, Path]:
    return {stem: Path(standing.path) for stem, standing in place.items()}
