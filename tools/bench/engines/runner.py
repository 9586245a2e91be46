"""The runner of `musearoo bench engines`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.distances import judge_distances
from musearoo.tools.bench.engines.drums.judging import judge_drums
from musearoo.tools.bench.engines.faults import judge_faults
from musearoo.tools.bench.engines.fit import judge_fit
from musearoo.tools.bench.engines.ranges import judge_ranges
from musearoo.tools.bench.engines.recognition import judge_recognition
from musearoo.tools.bench.engines.songs import judge_songs
from musearoo.tools.bench.engines.speed import judge_speed
from musearoo.tools.bench.engines.variety import judge_variety
from musearoo.tools.bench.options import ENGINES_PARTS
from musearoo.tools.bench.rows import Results, Row

Progress = Callable[[str, int, int], None]
"""Progress callback: the measured item, the parts done, and their total."""

_WITHOUT_CORPORA: Final = (
    "fit needs songs with all their parts: --corpora DIR, as tools/bench/corpora/pop909.py says what lies in it."
)
_DRUM_TARGETS: Final = {"measures that are human": 0.75, "named by ears for people": 0.7}
"""The target of each figure, overall and for each style with human recordings."""


def judge_drummers(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield DrummaRoo compared with the drummers of the Groove MIDI Dataset; controls have no target."""
    for row in judge_drums(styles, len(seeds), seeds.start, effort):
        style, _, figure = row.name.rpartition(": ")
        target = _DRUM_TARGETS.get(figure) if style in styles or style in ("all", "well recorded") else None
        note = "" if target is None else f"at least {target}"
        yield Row("drums", row.name, row.unit, row.ours, row.peer, None if target is None else row.ours >= target, note)


_JUDGES: Final[dict[str, Callable[[Mapping[str, Style], range, Effort], Iterator[Row]]]] = {
    "speed": judge_speed,
    "drums": judge_drummers,
    "ranges": judge_ranges,
    "distances": judge_distances,
    "faults": judge_faults,
    "variety": judge_variety,
    "recognition": judge_recognition,
}
"""The parts that judge takes, full and lean. Songs are always full: nobody waits for a press of theirs."""


def _lean_rows(part: str, styles: Mapping[str, Style], seeds: range) -> Iterator[Row]:
    """Yield the figures of lean takes that have a target, and their speed."""
    for row in _JUDGES[part](styles, seeds, Effort.LEAN):
        if row.met is not None or part == "speed":
            yield replace(row, name=f"lean, {row.name}")


def run(options: argparse.Namespace, progress: Progress = lambda _what, _done, _of: None) -> Results:
    """Evaluate the requested parts of the engines. Raises ParamError for an unknown style.

    With `--render` also EngineError and OSError when songs cannot be written.
    """
    every = read_styles()
    styles = {style.name: style for name in options.styles for style in [find_style(name, every)]} or every
    wanted = options.only or ENGINES_PARTS
    seeds = range(options.seed, options.seed + options.takes)
    rows: list[Row] = []
    notes: list[str] = []
    for number, part in enumerate(wanted):
        progress(part, number, len(wanted))
        if part in _JUDGES:
            rows += _JUDGES[part](styles, seeds, Effort.FULL)
            rows += _lean_rows(part, styles, seeds)
        elif part == "song":
            rows += judge_songs(styles, seeds)
        elif options.corpora is None:
            notes.append(_WITHOUT_CORPORA)
        else:
            rows += judge_fit(options.corpora, every, options.takes)
    if options.render is not None:
        from musearoo.tools.bench.engines.renders import render_songs  # imported here because it loads matplotlib

        for line in render_songs(styles, options.render):
            progress(line, len(wanted), len(wanted))
            notes.append(line)
    return Results(rows, notes)
