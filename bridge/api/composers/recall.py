"""What composers know of audio in a set: a file's length, and the fast analysis of what a clip plays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from musearoo.bridge.api.composers.messages import MADE, UPLOADS
from musearoo.bridge.api.problems.hiding import without_folders
from musearoo.bridge.api.sets.transactions import AudioFacts
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.errors import EngineError, ParamError, UserFacingError
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.bridge.analysis.analyzer import AudioAnalyzer


class Recall:
    """Returns the analysis of a passage: from the cache, or made now, in a fraction of a second.

    `settings` say which folders files may be in; without them it is those of the server alone.
    """

    def __init__(self, home: Path, styles: Mapping[str, Style], settings: Settings | None = None) -> None:
        self._home = home
        self._styles = styles
        self._settings = settings or audio_settings(home)

    def __call__(self, passage: Passage) -> Analysis | None:
        """Return the analysis of a passage; None for a file that cannot be read any more."""
        try:
            return self._analyzer.analyze(passage)
        except (UserFacingError, EngineError, ParamError):
            return None

    def examine(self, passage: Passage) -> Analysis:
        """Return the analysis of a passage; raises RequestError for a file that cannot be read."""
        try:
            return self._analyzer.analyze(passage)
        except AudioFileError as error:
            raise RequestError(Refusal.BAD_PARAMETER, without_folders(str(error), str(self._home))) from error

    def warm(self) -> None:
        """Load what the analysis needs, ahead of the first file."""
        self._analyzer.warm()

    @cached_property
    def _analyzer(self) -> AudioAnalyzer:
        # Here: it is needed by the first audio clip.
        from musearoo.bridge.analysis.analyzer import make_analyzer

        return make_analyzer(self._settings, self._styles, self._home, _no_worker)


def audio_settings(home: Path, *, deep_networks: bool = False) -> Settings:
    """Return the settings by which the server reads audio: what was uploaded to it, and what it has made."""
    return Settings(deep_networks=deep_networks, audio_folders=(str(home / UPLOADS), str(home / MADE)))


def _no_worker() -> NoReturn:
    raise RuntimeError("composers make no deep analysis")


def measure_audio(path: str) -> AudioFacts:
    """Return the length and rate of an audio file; raises RequestError if it cannot be read."""
    from musearoo.bridge.audio.decoding import UndecodableError, open_decoder

    try:
        decoder = open_decoder(Path(path))
    except OSError as error:
        raise RequestError(Refusal.GONE, "The audio file cannot be read any more: upload it again.") from error
    except UndecodableError as error:
        sentence = "The file is no audio that can be read: send WAV, AIFF, FLAC, Ogg, Opus, MP3 or AAC."
        raise RequestError(Refusal.BAD_PARAMETER, sentence) from error
    try:
        # Some compressed files do not tell their length.
        frames = decoder.frames or sum(block.shape[1] for block in decoder.blocks(0))
        return AudioFacts(frames, float(decoder.rate))
    finally:
        decoder.close()
