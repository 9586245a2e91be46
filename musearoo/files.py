"""Analysis of a file."""

from __future__ import annotations

from pathlib import Path

from musearoo.bridge.analysis.files import FileAnalyzer
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.music.knowledge.analysis import Analysis


def analyze(path: str | Path, *, deep: bool = False) -> Analysis:
    """Return tempo, beats, key, chords, sections, groove and character of an audio or MIDI file.

    `deep` uses madmom's networks, which take seconds instead of milliseconds and have to be installed. Every value
    stands with its confidence, 0..1. Raises UserFacingError (AudioFileError, EngineError) or ParamError with one
    sentence that says what is wrong with the file.
    """
    return FileAnalyzer(read_styles(home_folder() / "styles"), deep).analyze(Path(path)).analysis
