"""Analysis of files in this process, for the command line and for Python programs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from musearoo.bridge.analysis.analyzer import explain_missing_deep_pass, work_in
from musearoo.bridge.audio.files import AudioFileError, read_audio
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.settings.home_files import read_bounded
from musearoo.bridge.settings.user_files import LARGEST, why_not_read
from musearoo.engines.analysis.symbolic.analyzer import analyze_song
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.midi_files.song import MIDI_SUFFIXES, decode_midi_file
from musearoo.engines.styles.kit_maps import BUILT_IN, KitMap, song_from_kit
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    # These import NumPy, without which `--help` starts.
    from musearoo.engines.analysis.fast.activation.sound import Sound
    from musearoo.engines.analysis.fast.analyzer import Learned

Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Analyzed:
    """The analysis of a file, the milliseconds that it took from the first byte on, and the sound unless it is MIDI."""

    analysis: Analysis
    milliseconds: float
    sound: Sound | None


class FileAnalyzer:
    """Analyse files in this process: by the fast pass, or by the deep one if `deep`; `kit` is the drum map for MIDI.

    `is_guest`: the process is another program's, whose garbage collector is left alone.
    """

    def __init__(
        self, styles: Mapping[str, Style], deep: bool = False, kit: KitMap = BUILT_IN[0], *, is_guest: bool = False
    ) -> None:
        self._is_guest = is_guest
        self._styles = styles
        self._kit = kit
        self.why_not_deep = explain_missing_deep_pass(ConfigFolder(home_folder()).peek_settings()) if deep else ""
        self._deep = deep and not self.why_not_deep
        self._concurrent = ThreadPoolExecutor(1, thread_name_prefix="character")

    def analyze(self, path: Path, report: Report = lambda _fraction, _text: None) -> Analyzed:
        """Return the analysis of a file; raises AudioFileError, ParamError, EngineError."""
        if path.suffix.lower() in MIDI_SUFFIXES:
            return self._analyze_midi(path)
        learned = self._learned  # loaded before the clock starts, as in a daemon
        started = time.perf_counter()
        sound = read_audio(path)
        analysis = self._analyze(sound, learned, report)
        return Analyzed(analysis, (time.perf_counter() - started) * 1000, sound)

    def _analyze_midi(self, path: Path) -> Analyzed:
        started = time.perf_counter()
        try:
            data = read_bounded(path, LARGEST)
        except OSError as error:
            raise AudioFileError(f"{path} cannot be read: {why_not_read(path, error)}") from error
        song = song_from_kit(decode_midi_file(data, str(path)), self._kit)
        analysis = analyze_song(song, styles=self._styles)
        return Analyzed(analysis, (time.perf_counter() - started) * 1000, None)

    def _analyze(self, sound: Sound, learned: Learned, report: Report) -> Analysis:
        if self._deep:
            from musearoo.engines.neural.madmom.analyzer import analyze_deeply

            return analyze_deeply(sound, learned, report)
        from musearoo.engines.analysis.fast.analyzer import analyze_sound

        return analyze_sound(sound, learned, start_work=work_in(self._concurrent))

    @cached_property
    def _learned(self) -> Learned:
        from musearoo.engines.analysis.fast.analyzer import warm_up
        from musearoo.engines.neural.analysis_weights import read_learned

        learned = read_learned(self._styles)
        warm_up(learned)
        if self._deep:
            from musearoo.engines.neural.madmom.analyzer import warm_up as warm_up_deeply

            warm_up_deeply(learned)
        # Freeze the loaded objects, as the daemon does, so that garbage collection costs no file milliseconds.
        if not self._is_guest:
            gc.collect()
            gc.freeze()
        return learned
