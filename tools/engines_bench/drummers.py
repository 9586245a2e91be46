"""The rows of the judge of drums, with the targets of the bench."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engines.styles.style import Style
from tools.bench_rows import Row
from tools.engines_bench.drums.judging import judge_drums

PART: Final = "drums"
_TARGETS: Final = {"measures that are human": 0.75, "named by ears for people": 0.7}
"""What each figure should at least be, in all and for each style that people were recorded in."""


def judge_drummers(styles: Mapping[str, Style], seeds: range) -> Iterator[Row]:
    """DrummaRoo beside the drummers of the Groove MIDI Dataset; controls have no target."""
    for row in judge_drums(styles, len(seeds), seeds.start):
        style, _, figure = row.name.rpartition(": ")
        target = _TARGETS.get(figure) if style in styles or style in ("all", "well recorded") else None
        note = "" if target is None else f"at least {target}"
        yield Row(PART, row.name, row.unit, row.ours, row.peer, None if target is None else row.ours >= target, note)
