"""Improve the analysis of a passage with its known stems, and cache the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from musearoo.bridge.analysis.cache import AnalysisCache, AnalysisKey
from musearoo.bridge.audio.files import AudioFileError, read_audio
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.stems.cache import StemCache
from musearoo.engines.music.knowledge.analysis import Analysis, Depth
from musearoo.engines.music.stems import StemName

if TYPE_CHECKING:
    # These import NumPy, without which the daemon starts.
    from musearoo.engines.analysis.fast.activation.sound import Sound
    from musearoo.engines.analysis.fast.analyzer import Learned

ANALYZED_STEMS: Final[tuple[StemName, ...]] = ("drums", "bass")
"""The stems that add information to the mix."""

LONGEST: Final = 300.0
"""Longest passage in seconds: mix and stems of a longer one would exceed the daemon's memory."""


def key_of(content: str, passage: Passage, depth: Depth, stems: str = "") -> AnalysisKey:
    """Return the cache key of a passage's analysis; `stems` names the separator whose stems were analysed too."""
    return AnalysisKey(content, passage.start_ms, passage.end_ms, passage.repeats, depth, stems)


class StemAnalyzer:
    """Improve analyses with stems, from any thread. Without known stems, or if they fail, nothing changes."""

    def __init__(self, stems: StemCache) -> None:
        self._stems = stems

    def improve(
        self,
        analysis: Analysis,
        content: str,
        passage: Passage,
        mix: Callable[[], Sound],
        cache: AnalysisCache,
        learned: Learned,
    ) -> Analysis:
        """Return a passage's analysis improved with its stems. `content`: hash of its file; `mix` reads its sound."""
        found = self._stems.find_stems(content)
        if found is None or analysis.duration > LONGEST:
            return analysis
        key = key_of(content, passage, analysis.depth, found.facts.separator)
        kept = cache.read(key)
        if kept is not None:
            return kept
        from musearoo.engines.analysis.fast.stems import ROUGH, Stems, refine_with_stems

        files = {name: found.files[name] for name in ANALYZED_STEMS if name in found.files}
        label = found.facts.label
        try:
            # Without the check of allowed folders: these files were written by us.
            sounds = {name: read_audio(path, passage.start, passage.end) for name, path in files.items()}
            better = refine_with_stems(analysis, mix(), Stems(sounds, ROUGH if label else 1.0, label), learned)
        except AudioFileError:
            LOG.warning("The stems of a clip are not heard: their files cannot be read.")
            return analysis
        cache.write(key, better)
        return better
