"""Analyses on disk, keyed by content: a sound is analysed once, whatever its file is called."""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, write_whole
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.analysis import Analysis, Depth
from musearoo.engines.music.knowledge.analysis_json import dump_analysis, load_analysis

MOST_BYTES: Final = 64 * 2**20
"""Size of the cache, for some thousands of clips: an analysis of 8 s takes about 10 kB."""

SWEPT_TO: Final = 0.8
"""Share of the size that remains after a sweep, so that not every new clip causes one."""


@dataclass(frozen=True, slots=True)
class AnalysisKey:
    """The key of an analysis: the hash of its sound, the passage in whole milliseconds, and the kind of analysis.

    `stems`: the separator of the stems that were analysed as well, "" for none.
    """

    content: str
    start_ms: int
    end_ms: int
    repeats: bool
    depth: Depth
    stems: str = ""

    @property
    def file_name(self) -> str:
        """The name of the cached file."""
        loop = "-loop" if self.repeats else ""
        stems = f"-{blake2b(self.stems.encode(), digest_size=6).hexdigest()}" if self.stems else ""
        return f"{self.content}-{self.start_ms}-{self.end_ms}{loop}-{self.depth}{stems}.analysis"


class AnalysisCache:
    """A folder of analyses. A broken or missing entry is a miss, never an error.

    `analyzer_version` names the subfolder; entries of other versions stay until they are swept.
    """

    def __init__(
        self, folder: Path, analyzer_version: str, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder / analyzer_version
        self._root = folder
        self._most_bytes = most_bytes
        self._clock = clock
        self._filled: int | None = None

    def read(self, key: AnalysisKey) -> Analysis | None:
        """Return the cached analysis or None, and mark it as used."""
        path = self._folder / key.file_name
        try:
            analysis = load_analysis(read_bounded(path, most=self._most_bytes))
        except FileNotFoundError:
            return None
        except (OSError, ParamError) as error:
            LOG.warning("A cached analysis cannot be read and is made again: %s", error)
            return None
        with contextlib.suppress(OSError):
            os.utime(path, (self._clock(),) * 2)
        return analysis

    def write(self, key: AnalysisKey, analysis: Analysis) -> None:
        """Cache an analysis, whole or not at all; the least recently used go when the cache is full."""
        path = self._folder / key.file_name
        data = dump_analysis(analysis)
        try:
            make_private_folder(self._folder)
            write_whole(path, data, durable=False)
            os.utime(path, (self._clock(),) * 2)
        except OSError as error:
            LOG.warning("An analysis cannot be kept in %s: %s", self._folder, error.strerror or error)
            return
        self._filled = self._measure() if self._filled is None else self._filled + len(data)
        if self._filled > self._most_bytes:
            self._sweep()

    def _measure(self) -> int:
        return sum(size for _, size, _ in self._entries())

    def _sweep(self) -> None:
        entries = sorted(self._entries())
        filled = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if filled <= SWEPT_TO * self._most_bytes:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                filled -= size
        self._filled = filled

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Return each file's last use, size and path."""
        entries = []
        for path in self._root.rglob("*.analysis"):
            with contextlib.suppress(OSError):
                facts = path.stat()
                entries.append((facts.st_mtime, facts.st_size, path))
        return entries
