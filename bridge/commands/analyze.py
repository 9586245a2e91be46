"""`musearoo analyze FILE…`: analyse audio and MIDI files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.analysis.files import Analyzed, FileAnalyzer
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.job_progress import showing
from musearoo.bridge.commands.shared.kits import add_kit, choose_kit
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.knowledge.analysis_json import encode_analysis

EXPECTED: Final = (AudioFileError, EngineError, ParamError)
"""Errors of a single file; the others are still analysed."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="audio of any kind, or MIDI")
    parser.add_argument("--deep", action="store_true", help="by madmom's networks: seconds, not milliseconds")
    parser.add_argument("--plot", type=Path, metavar="F.png", help="draw what was found in the one FILE")
    add_kit(parser, "of the MIDI files")
    add_json(parser)
    parser.set_defaults(run=run, usage_error=parser.error)


def run(options: argparse.Namespace) -> int:
    """Analyse each file, and show the findings; returns 1 if any file could not be analysed."""
    if options.plot and len(options.files) > 1:
        options.usage_error("--plot draws one FILE: name one.")
    analyzer = FileAnalyzer(read_styles(home_folder() / "styles"), options.deep, choose_kit(options.kit))
    if options.deep and analyzer.why_not_deep:
        tell(f"musearoo: {analyzer.why_not_deep} The fast analysis follows.", to_stderr=True)
    rows: list[dict[str, Any]] = []
    failed = False
    console = Terminal()
    for path in options.files:
        try:
            row = _analyze_watched(analyzer, path, quiet=options.json)
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


def _analyze_watched(analyzer: FileAnalyzer, path: Path, quiet: bool) -> Analyzed:
    with showing(path.name, quiet=quiet) as report:
        return analyzer.analyze(path, report)


def _plot(row: Analyzed, source: Path, picture: Path) -> None:
    from musearoo.bridge.commands.reports.analysis_plot import plot_analysis

    plot_analysis(row.analysis, row.sound, picture, source.name)


def _show(row: Analyzed, path: Path, console: Terminal) -> None:
    from musearoo.bridge.commands.reports.analysis_page import print_analysis

    print_analysis(row.analysis, path.name, console)
    console.print(f"{row.milliseconds:.0f} ms", style="dim")
