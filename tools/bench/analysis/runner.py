"""The runner of `musearoo bench analysis`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from musearoo import how_to_install
from musearoo.engines.neural.madmom.package import find_madmom
from musearoo.tools.bench.analysis.answers import Answer
from musearoo.tools.bench.analysis.listening import listen_as
from musearoo.tools.bench.analysis.report import Results, make_report, show_report
from musearoo.tools.bench.analysis.small_set import write_small_set
from musearoo.tools.bench.analysis.timing import TIMES, cut_clips, time_listener
from musearoo.tools.bench.analysis.truths import Excerpt, read_set
from musearoo.tools.bench.options import ANALYSIS_LISTENERS, DEEP_LISTENERS, STEM_LISTENERS

_HOW_TO_GET: Final = f"{how_to_install('analysis')} installs it"

Progress = Callable[[str, int, int], None]
"""Progress callback: the analyzer's name, the excerpts done, and their total."""


def run(options: argparse.Namespace, progress: Progress = lambda _who, _done, _of: None) -> Results:
    """Run each analyzer on a set. Raises ListenerError, and FileNotFoundError without the set.

    Without `--sets` a small set is composed by our own engines.
    """
    listeners = options.only or default_listeners(options)
    with tempfile.TemporaryDirectory() as folder:
        if options.sets is None:
            excerpts = read_set(write_small_set(Path(folder, "set")), options.kinds, options.limit)
            source = (
                "Music of our own engines on a tiny synthesiser, easier than people's: --sets DIR hears rendered sets."
            )
        else:
            excerpts = read_set(options.sets / options.split, options.kinds, options.limit)
            source = f"{len(excerpts)} excerpts of {options.sets / options.split}"
        answers = {name: _listen(name, excerpts, options.cache, progress) for name in listeners}
        timings = []
        if not options.no_times:
            clips = cut_clips([excerpt.path for excerpt in excerpts], Path(folder))
            timed = [name for name in listeners if name in TIMES]
            for number, name in enumerate(timed):
                progress("times", number, len(timed))
                timings += time_listener(name, clips)
    return Results(excerpts, answers, timings, source)


def default_listeners(options: argparse.Namespace) -> list[str]:
    """Return the analyzers for the options when they are not named explicitly."""
    left_out = {
        name
        for names, wanted in ((DEEP_LISTENERS, options.deep), (STEM_LISTENERS, options.stems))
        if not wanted
        for name in names
    }
    return [name for name in ANALYSIS_LISTENERS if name not in left_out]


def _listen(name: str, excerpts: list[Excerpt], cache: Path | None, progress: Progress) -> tuple[Answer, ...]:
    # Ours change from day to day, so only the peers' answers are worth caching.
    kept = cache if name in ("librosa", "madmom") else None
    files = [excerpt.path for excerpt in excerpts]
    return listen_as(name, files, kept, lambda done: progress(name, done, len(files))).answers


def report(results: Results) -> dict[str, Any]:
    """Return the output of `--json`."""
    return make_report(results)


def show(results: Results, console: Console) -> None:
    """Print the tables."""
    show_report(results, console)


def explain_missing(options: argparse.Namespace) -> str:
    """Return why the request cannot be run here, in one sentence, or ""."""
    wanted = options.only or default_listeners(options)
    if set(DEEP_LISTENERS) & set(wanted) and find_madmom() is None:
        return f"The deep pass and its peer need madmom: {_HOW_TO_GET}."
    needed = ["mir_eval", *(name for name in ("librosa",) if name in wanted)]
    missing = [name for name in needed if find_spec(name) is None]
    return f"The bench needs {' and '.join(missing)}: {_HOW_TO_GET}." if missing else ""
