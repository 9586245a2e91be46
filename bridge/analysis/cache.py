"""Cached analyses, keyed by content: a sound is analysed once, whatever its file is called."""

from dataclasses import astuple, dataclass

from musearoo.bridge.cache.contract import CacheLevel, name_entry, read_as
from musearoo.engines.music.knowledge.analysis import Analysis, Depth
from musearoo.engines.music.knowledge.analysis_json import dump_analysis, load_analysis


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

    def name(self, analyzer_version: str) -> str:
        """Return the name of the entry of a version of the analyzer."""
        content, *rest = astuple(self)
        return name_entry(content, analyzer_version, *rest)


class AnalysisCache:
    """The analyses of one version of the analyzer. A broken or missing entry is a miss, never an error."""

    def __init__(self, level: CacheLevel, analyzer_version: str) -> None:
        self._level = level
        self._version = analyzer_version

    def read(self, key: AnalysisKey) -> Analysis | None:
        """Return the cached analysis or None, and mark it as used."""
        return read_as(self._level, key.name(self._version), load_analysis)

    def write(self, key: AnalysisKey, analysis: Analysis) -> None:
        """Cache an analysis, whole or not at all; the least recently used go when the cache is full."""
        self._level.write(key.name(self._version), dump_analysis(analysis))
