"""The runner of `musearoo bench load`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.tools.bench.load.drawing import draw_load
from musearoo.tools.bench.load.knee import PEOPLE, Offered, find_knee, knee_of, knee_rows
from musearoo.tools.bench.load.measured_plan import measure_plan
from musearoo.tools.bench.load.overload import measure_greedy, measure_overload
from musearoo.tools.bench.load.scaling import LEVELS, Point, measure_scaling
from musearoo.tools.bench.load.stage import Stage
from musearoo.tools.bench.load.users import measure_idle, measure_users
from musearoo.tools.bench.options import LOAD_PARTS
from musearoo.tools.bench.processes import load_average
from musearoo.tools.bench.rows import Results, Row

Progress = Callable[[str, int, int], None]
"""Called with what is measured, how much is done, and the total."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each is measured: users or connections with their seconds, levels, seconds of a level, repeats."""

    users: tuple[tuple[int, float], ...]
    idle: tuple[tuple[int, float], ...]
    levels: tuple[int, ...]
    level_seconds: float
    repeats: int
    knee_seconds: float
    refine: int
    overload_seconds: float
    plan_seconds: float


QUICK = Amounts(
    users=((1, 1.0), (10, 2.0)),
    idle=((50, 2.0),),
    levels=(1, 2, 4, 8),
    level_seconds=0.4,
    repeats=1,
    knee_seconds=0.8,
    refine=0,
    overload_seconds=2.5,
    plan_seconds=2.0,
)
USUAL = Amounts(
    users=((1, 20.0), (10, 15.0), (50, 10.0), (200, 10.0)),
    idle=((1_000, 15.0),),
    levels=(1, 2, 4, 8, 16, 32),
    level_seconds=1.5,
    repeats=2,
    knee_seconds=4.0,
    refine=2,
    overload_seconds=10.0,
    plan_seconds=8.0,
)
FULL = Amounts(
    users=((1, 60.0), (10, 60.0), (50, 60.0), (200, 60.0)),
    idle=((1_000, 60.0), (5_000, 120.0)),
    levels=LEVELS,
    level_seconds=3.0,
    repeats=4,
    knee_seconds=15.0,
    refine=4,
    overload_seconds=10.0,
    plan_seconds=30.0,
)


QUICK_PARTS: Final = ("users", "scaling", "knee", "overload")
"""What half a minute is enough for."""


@dataclass(slots=True)
class Found:
    """What was measured so far."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    points: dict[int, list[Point]] = field(default_factory=dict)
    offered: list[Offered] = field(default_factory=list)


def run(options: argparse.Namespace, progress: Progress) -> Results:
    """Return the rows of the chosen parts. Raises EngineError, ParamError or OSError when something fails."""
    amounts = QUICK if options.quick else FULL if options.full else USUAL
    parts, plot = options.only or (QUICK_PARTS if options.quick else LOAD_PARTS), options.plot
    if plot is not None and not {"scaling", "knee"} & set(parts):
        raise ParamError("--plot", "asked for with the part scaling or knee", str(plot))
    found = Found([], [f"Clients and server shared {os.cpu_count()} cores; requests by the engines in turn, 8 bars."])
    composers = max(1, (os.cpu_count() or 2) - 1)
    for part in parts:
        if part == "overload" and "knee" in parts:
            continue  # measured with the knee, on the same stage
        _measure(part, parts, amounts, composers, found, progress)
        found.notes.append(f"{part}: {load_average()}.")
    if plot is not None:
        draw_load(Path(plot), found.points, found.offered, composers, load_average())
        found.notes.append(f"The plot is in {plot}.")
    return Results(found.rows, found.notes)


def _measure(
    part: str, parts: Sequence[str], amounts: Amounts, composers: int, found: Found, progress: Progress
) -> None:
    match part:
        case "users":
            found.rows += measure_users(amounts.users, composers, progress)
        case "idle":
            found.rows += measure_idle(amounts.idle, composers, progress)
        case "scaling":
            rows, found.points = measure_scaling(amounts.level_seconds, amounts.repeats, amounts.levels, progress)
            found.rows += rows
        case "knee" | "overload":
            with Stage(PEOPLE, composers) as stage:
                stage.connect(PEOPLE)
                # Each set is opened once, so that none is opened in what is measured.
                stage.run_rate(PEOPLE, 1.0)
                found.offered = find_knee(stage, amounts.knee_seconds, amounts.refine, progress)
                if "knee" in parts:
                    found.rows += knee_rows(found.offered, composers)
                if "overload" in parts:
                    knee = knee_of(found.offered).rate
                    found.rows += measure_overload(stage, knee, amounts.overload_seconds, progress)
            if "overload" in parts:
                found.rows += measure_greedy(composers, progress)
        case "plan":
            rows, notes = measure_plan(amounts.plan_seconds, progress)
            found.rows += rows
            found.notes += notes
