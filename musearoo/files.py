"""Analysis of a file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from musearoo.bridge.analysis.files import FileAnalyzer
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError
from musearoo.engines.music.knowledge.analysis import Analysis


def analyze(path: str | Path, *, deep: bool = False) -> Analysis:
    """Return tempo, beats, key, chords, sections, groove and character of an audio or MIDI file.

    `deep` uses madmom's networks, which take seconds instead of milliseconds. Every value has a confidence, 0..1.
    Raises UserFacingError (AudioFileError, EngineError) or ParamError with one sentence about what is wrong with the
    file, and EngineError if `deep` is requested and madmom is not installed.
    """
    analyzer = _open_analyzer(deep)
    if analyzer.why_not_deep:
        raise EngineError(analyzer.why_not_deep)
    return analyzer.analyze(Path(path)).analysis


@lru_cache(maxsize=2)
def _open_analyzer(deep: bool) -> FileAnalyzer:
    """Return the analyzer, cached because it loads its networks."""
    return FileAnalyzer(read_styles(home_folder() / "styles"), deep, is_guest=True)
