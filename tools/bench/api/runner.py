"""The runner of `musearoo bench api`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.overhead import measure_overhead
from musearoo.tools.bench.api.sizes import measure_sizes
from musearoo.tools.bench.api.starts import measure_starts
from musearoo.tools.bench.api.uploads import measure_uploads
from musearoo.tools.bench.options import API_PARTS
from musearoo.tools.bench.processes import load_average
from musearoo.tools.bench.rows import Results, Row

Progress = Callable[[str, int, int], None]
"""Called with what is measured, how much is done, and the total."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each is measured."""

    runs: int
    requests: int
    presses: int
    uploads: int
    starts: int
    daemon_starts: int


FULL = Amounts(runs=3, requests=208, presses=100, uploads=50, starts=7, daemon_starts=5)
QUICK = Amounts(runs=1, requests=48, presses=15, uploads=10, starts=2, daemon_starts=1)


def run(options: argparse.Namespace, progress: Progress) -> Results:
    """Return the rows of the chosen parts. Raises EngineError, OSError or STUDIO_FAILURES when something fails."""
    amounts = QUICK if options.quick else FULL
    rows: list[Row] = []
    notes: list[str] = []
    for part in options.only or API_PARTS:
        progress(part, 0, 1)
        more, note = measure(part, amounts, progress)
        rows += more
        notes += [note] if note else []
        notes.append(f"{part}: {load_average()}.")
    if not rows:
        raise EngineError(notes[0])
    return Results(rows, notes)


def measure(part: str, amounts: Amounts, progress: Progress) -> tuple[list[Row], str]:
    """Return the rows of one part, and a sentence where it cannot be measured, else ""."""
    match part:
        case "overhead":
            return measure_overhead(amounts.runs, amounts.requests, progress), ""
        case "sizes":
            return measure_sizes(), ""
        case "start":
            return measure_starts(amounts.starts, progress), ""
        case "upload":
            return measure_uploads(amounts.uploads, progress)
        case "live":
            from musearoo.tools.bench.api.live import measure_live  # here, as below: they load the simulator

            return measure_live(amounts.presses, progress)
        case "daemon":
            from musearoo.tools.bench.api.live import measure_daemon

            return measure_daemon(amounts.daemon_starts, progress), ""
    raise ValueError(f"{part} is no part of the bench")
