"""The runner of `musearoo bench page`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.options import PAGE_PARTS
from musearoo.tools.bench.page.drawing import measure_loads, measure_memory, measure_touches
from musearoo.tools.bench.page.sounding import measure_bytes, measure_starts, measure_underruns
from musearoo.tools.bench.processes import load_average
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.studio.browser import why_no_browser

Progress = Callable[[str, int, int], None]
"""Called with what is measured, how much is done, and the total."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each is measured; seconds of frames, of sound and of counted bytes."""

    loads: int
    touches: int
    frames: float
    minutes: int
    presses: int
    starts: int
    sound: float
    sent: float


FULL = Amounts(loads=9, touches=120, frames=10.0, minutes=60, presses=100, starts=5, sound=600.0, sent=60.0)
QUICK = Amounts(loads=2, touches=16, frames=2.0, minutes=2, presses=10, starts=1, sound=10.0, sent=5.0)


def run(options: argparse.Namespace, progress: Progress) -> Results:
    """Return the rows of the chosen parts. Raises EngineError, OSError or STUDIO_FAILURES when something fails."""
    if why := why_no_browser():
        raise EngineError(why + ".")
    from playwright.sync_api import Error as BrowserError  # here: only who measures needs it

    amounts = QUICK if options.quick else FULL
    rows: list[Row] = []
    notes: list[str] = []
    for part in options.only or PAGE_PARTS:
        progress(part, 0, 1)
        try:
            rows += measure(part, amounts, progress)
        except BrowserError as error:
            raise EngineError(f"The page did not do what is measured ({part}): {error.message}") from error
        notes.append(f"{part}: {load_average()}.")
    return Results(rows, notes)


def measure(part: str, amounts: Amounts, progress: Progress) -> list[Row]:
    """Return the rows of one part."""
    match part:
        case "load":
            return measure_loads(amounts.loads, progress)
        case "touch":
            return measure_touches(amounts.touches, progress)
        case "memory":
            return measure_memory(amounts.minutes, progress)
        case "sound":
            return [*measure_starts(amounts.starts, progress), *measure_underruns(amounts.sound, progress)]
        case "bytes":
            return measure_bytes(amounts.sent, progress)
        case "frames":
            from musearoo.tools.bench.page.playing import measure_frames  # here, as below: it loads the simulator

            return measure_frames(amounts.frames, progress)
        case "press":
            from musearoo.tools.bench.page.playing import measure_presses

            return measure_presses(amounts.presses, progress)
    raise ValueError(f"{part} is no part of the bench")
