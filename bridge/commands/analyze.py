"""`musearoo analyze FILE…`: BrainAroo on audio and MIDI files."""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bridge.analysis.analyzer import explain_why_not_deep, work_in
from bridge.audio.files import AudioFileError, read_audio
from bridge.commands.shared.arguments import add_json
from bridge.commands.shared.files import LARGEST, why_not_read
from bridge.commands.shared.job_progress import showing
from bridge.commands.shared.kits import add_kit, choose_kit
from bridge.commands.shared.standard_output import tell
from bridge.commands.shared.terminal import Terminal
from bridge.settings.config_files import ConfigFolder, home_folder
from bridge.settings.home_files import read_bounded
from bridge.settings.presets_folder import read_styles
from engines.brainaroo.reading import analyze_song
from engines.errors import EngineError, ParamError
from engines.midi_files.kit_maps import BUILT_IN, KitMap, song_from_kit
from engines.music.analysis import Analysis
from engines.music.analysis_json import encode_analysis
from engines.music.midi_file import MIDI_SUFFIXES, decode_midi_file
from engines.styles.style import Style

if TYPE_CHECKING:
    # NumPy comes with these; `--help` starts without it.
    from engines.brainaroo.hearing.fast import Learned
    from engines.brainaroo.hearing.sound import Sound

EXPECTED: Final = (AudioFileError, EngineError, ParamError)
"""What may be wrong with one file; the others are analysed all the same."""

Report = Callable[[float, str], None]


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="audio of any kind, or MIDI")
    parser.add_argument("--deep", action="store_true", help="by madmom's networks: seconds, not milliseconds")
    parser.add_argument("--plot", type=Path, metavar="F.png", help="draw what was found in the one FILE")
    add_kit(parser, "of the MIDI files")
    add_json(parser)
    parser.set_defaults(run=run, usage_error=parser.error)


def run(options: argparse.Namespace) -> int:
    """Analyses each file, and shows what was found; 1 where some could not be analysed."""
    if options.plot and len(options.files) > 1:
        options.usage_error("--plot draws one FILE: name one.")
    analyst = Analyst(read_styles(home_folder() / "styles"), options.deep, choose_kit(options.kit))
    if options.deep and analyst.why_not_deep:
        tell(f"musearoo: {analyst.why_not_deep} The fast analysis follows.", to_stderr=True)
    rows: list[dict[str, Any]] = []
    failed = False
    console = Terminal()
    for path in options.files:
        try:
            row = _analyze_watched(analyst, path, quiet=options.json)
        except EXPECTED as error:
            failed = True
            tell(f"musearoo: {error}", to_stderr=True)
            continue
        rows.append({"file": str(path), **encode_analysis(row.analysis), "ms": round(row.milliseconds, 3)})
        if options.plot:
            _plot(row, path, options.plot)
        if not options.json:
            _show(row, path, console)
    if options.json:
        print(json.dumps(rows))
    return 1 if failed else 0


@dataclass(frozen=True, slots=True)
class Analyzed:
    """What was found in a file, in how many milliseconds from its first byte on, and its sound where it has one."""

    analysis: Analysis
    milliseconds: float
    sound: Sound | None


class Analyst:
    """Analyses files in this process: by the fast pass, or `deep` where that can be; `kit` played the drums in MIDI."""

    def __init__(self, styles: Mapping[str, Style], deep: bool = False, kit: KitMap = BUILT_IN[0]) -> None:
        self._styles = styles
        self._kit = kit
        self.why_not_deep = explain_why_not_deep(ConfigFolder(home_folder()).peek_settings()) if deep else ""
        self._deep = deep and not self.why_not_deep
        self._second = ThreadPoolExecutor(1, thread_name_prefix="second ear")

    def analyze(self, path: Path, report: Report = lambda _fraction, _text: None) -> Analyzed:
        """What is in a file; raises AudioFileError, ParamError, EngineError."""
        if path.suffix.lower() in MIDI_SUFFIXES:
            return self._analyze_midi(path)
        learned = self._learned  # read and warmed before the clock starts: a daemon has them long before
        started = time.perf_counter()
        sound = read_audio(path)
        analysis = self._hear(sound, learned, report)
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

    def _hear(self, sound: Sound, learned: Learned, report: Report) -> Analysis:
        if self._deep:
            from engines.models.deep import hear_deeply

            return hear_deeply(sound, learned, report)
        from engines.brainaroo.hearing.fast import hear

        return hear(sound, learned, beside=work_in(self._second))

    @cached_property
    def _learned(self) -> Learned:
        from engines.brainaroo.hearing.fast import warm_up
        from engines.models.learned import read_learned

        learned = read_learned(self._styles)
        warm_up(learned)
        if self._deep:
            from engines.models.deep import warm_up as warm_up_deeply

            warm_up_deeply(learned)
        # What is loaded stays: taken out of the collector's rounds, as in the daemon, it costs no file milliseconds.
        gc.collect()
        gc.freeze()
        return learned


def _analyze_watched(analyst: Analyst, path: Path, quiet: bool) -> Analyzed:
    with showing(path.name, quiet=quiet) as report:
        return analyst.analyze(path, report)


def _plot(row: Analyzed, source: Path, picture: Path) -> None:
    from bridge.commands.reports.analysis_plot import plot_analysis

    plot_analysis(row.analysis, row.sound, picture, source.name)


def _show(row: Analyzed, path: Path, console: Terminal) -> None:
    from bridge.commands.reports.analysis_page import print_analysis

    print_analysis(row.analysis, path.name, console)
    console.print(f"{row.milliseconds:.0f} ms", style="dim")
