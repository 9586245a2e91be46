"""The caches in MuseAroo's folder by name: where each lies, and its bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.cache.disk import CacheFolder

DAY: Final = 86_400.0
GIGABYTE: Final = 1e9


@dataclass(frozen=True, slots=True)
class CachePlan:
    """A cache: `folder` in MuseAroo's folder, and the ending of its files.

    `used_by_sets`: whether sets of Live play its files, which the cache is then not alone to use.
    """

    name: str
    what: str
    folder: Path
    suffix: str
    bounds: Bounds
    used_by_sets: bool = False

    def open_folder(self, home: Path, bounds: Bounds | None = None) -> CacheFolder:
        """Return the folder's files, with other bounds if there are."""
        return CacheFolder(home / self.folder, bounds or self.bounds, self.suffix, counts_reads=self.used_by_sets)


ANALYSES: Final = CachePlan(
    # An analysis of 8 s takes about 10 kB: some thousands of clips.
    "analyses",
    "what was found in audio clips",
    Path("analyses"),
    ".analysis",
    Bounds(most_bytes=64e6),
)
ANALYSES_IN_MEMORY: Final = Bounds(most_bytes=2e6)
STEM_INDEX: Final = CachePlan(
    # About 1 kB each.
    "stem-index",
    "which clips were split, and where their stems are",
    Path("stems", "index"),
    ".stems",
    Bounds(most_entries=4000),
)
STEMS: Final = CachePlan(
    # A set that was split today is open, or was not saved yet.
    "stems",
    "stems of sets without a project",
    Path("stems"),
    ".wav",
    Bounds(in_use=DAY),
    used_by_sets=True,
)
RENDERS: Final = CachePlan(
    # Some 700 takes of 20 s in each lossless format. A file may be about to be sent for a minute.
    "renders",
    "takes as sound",
    Path("renders"),
    "",
    Bounds(most_bytes=512e6, most_age=90 * DAY, in_use=60.0),
)
PEAKS: Final = CachePlan(
    # 130 kB each, for a sound of any length: some hundreds of files.
    "peaks",
    "waveforms to draw",
    Path("peaks"),
    ".peaks",
    Bounds(most_bytes=64e6),
)
RECOGNISER: Final = CachePlan(
    # 2 MB each. Each change of the styles makes another.
    "recogniser",
    "what Talk is built from",
    Path("recogniser"),
    ".build",
    Bounds(most_entries=4),
)
PRESETS: Final = CachePlan("presets", "the shipped styles as they were read", Path(), "styles.cache", Bounds())

CACHES: Final = (ANALYSES, STEM_INDEX, STEMS, RENDERS, PEAKS, RECOGNISER, PRESETS)


def bound_stems(days: float, gigabytes: float) -> Bounds:
    """Return the bounds of the stems by the user's settings, 0 for no bound.

    >>> bound_stems(30, 0)
    Bounds(most_bytes=inf, most_entries=inf, most_age=2592000.0, in_use=86400.0)
    """
    return Bounds(
        most_bytes=gigabytes * GIGABYTE or math.inf, most_age=days * DAY or math.inf, in_use=STEMS.bounds.in_use
    )
