"""The runner of `musearoo bench midi`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.options import MIDI_PARTS
from musearoo.tools.bench.rows import Results, Row

Tell = Callable[[str, int, int], None]
"""Progress callback: the measured item, how many are done, and their total."""

NO_HARDWARE: Final = (
    "The ports are real ones, of JACK with its dummy driver: no keyboard, no synthesiser and no sound card took part, "
    "and nothing was measured on macOS or Windows."
)


@dataclass(frozen=True, slots=True)
class Judge:
    """The benchmark of a part: a function of a module that takes a count and a Tell, and yields rows."""

    function: str
    quick: int
    full: int
    """The counts of notes, kills, seeds or phrases, without and with `--full`."""

    def judge(self, part: str, is_full: bool, tell: Tell) -> Iterator[Row]:
        """Yield the rows as they are measured. Imports the module, which may load the engines and NumPy."""
        judge: Callable[[int, Tell], Iterator[Row]] = getattr(
            import_module(f"musearoo.tools.bench.midi.{part}"), self.function
        )
        return judge(self.full if is_full else self.quick, tell)


JUDGES: Final = {
    "timing": Judge("judge_timing", quick=2_000, full=10_000),
    "kills": Judge("judge_kills", quick=100, full=500),
    "clock": Judge("judge_clock", quick=20, full=200),
    "jam": Judge("judge_jams", quick=100, full=1_000),
    "groove": Judge("judge_grooves", quick=1, full=10),
}


def run(options: argparse.Namespace, tell: Tell) -> Results:
    """Return the rows of the requested parts, and for each part that cannot run here a sentence why.

    Raises EngineError when none can run.
    """
    rows: list[Row] = []
    missing: list[str] = []
    for part in options.only or MIDI_PARTS:
        try:
            # One by one, so that rows measured before a failure are kept.
            for row in JUDGES[part].judge(part, options.full, tell):
                rows.append(row)
        except EngineError as error:
            missing.append(f"{part}: {error}")
    if not rows:
        raise EngineError(" ".join(missing))
    return Results(rows, (NO_HARDWARE, *missing))
