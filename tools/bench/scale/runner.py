"""The runner of `musearoo bench scale`: the same press in sets of other sizes, and how its cost grows with them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.processes import load_average
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.bench.scale.drawing import draw_scale
from musearoo.tools.bench.scale.growth import Measured, growth_rows
from musearoo.tools.bench.scale.presses import measure_presses
from musearoo.tools.bench.scale.reading import measure_readings
from musearoo.tools.bench.scale.sets import PLAYING, SetSize

SIZES: Final = tuple(SetSize(tracks, scenes=100, most_clips=20_000) for tracks in (10, 100, 1000))
Progress = Callable[[str, int, int], None]
"""Called with what is measured, how much is done, and the total."""


def run(options: argparse.Namespace, progress: Progress) -> Results:
    """Return the rows of all sizes and the exponents. Raises EngineError, ParamError, OSError or StudioError."""
    found = []
    for size in SIZES:
        name = f"{size.tracks} tracks"
        progress(name, 0, options.presses)
        readings = measure_readings(size)
        presses = measure_presses(size, options.presses, lambda done, name=name: progress(name, done, options.presses))  # type: ignore[misc]
        found.append(Measured(size, readings, presses))
    notes = [
        f"Simulated Live; {PLAYING} tracks play in the scene that is pressed, in each set. Composed: in the daemon, "
        "from press to clip; in Live: the transaction in the Remote Script and the simulator.",
        f"{load_average().capitalize()}.",
        *_describe_differences(found),
    ]
    if options.plot is not None:
        draw_scale(Path(options.plot), found, load_average())
        notes.append(f"The plot is in {options.plot}.")
    rows = [row for each in found for row in _rows_of(each)]
    return Results([*rows, *growth_rows(found)], notes)


def _describe_differences(found: Sequence[Measured]) -> list[str]:
    """Return a sentence for each size in which the same presses gave other notes than in the first."""
    told = []
    for each in found[1:]:
        others = sum(own != first for own, first in zip(each.presses.notes, found[0].presses.notes, strict=True))
        if others:
            told.append(
                f"With {each.size.tracks:,} tracks {others} of {len(each.presses.notes)} presses gave other notes: "
                "the machine was too busy for full takes in one of the sets. Measure again when it is idle."
            )
    return told


def _rows_of(measured: Measured) -> list[Row]:
    size, readings, presses = measured.size, measured.readings, measured.presses
    part = f"{size.tracks:,} tracks, {size.scenes:,} scenes, {size.clips:,} clips"
    rows = [
        Row(part, "mirror whole after", "s", presses.mirror_seconds, note="most of it is the simulated Live's"),
        Row(part, "of it the daemon's own work", "s", readings.mirror_seconds, note="decoded and taken in"),
        Row(part, "memory of the daemon", "MB", presses.memory_mb, note="after the presses"),
        Row(part, "CPU of the idle daemon", "ms/s", presses.idle_ms),
        Row(part, "reading a request, p50", "µs", readings.request),
        Row(part, "reading one for the band, p50", "µs", readings.band),
        Row(part, "what a tick looks at after a change, p50", "µs", readings.ticks),
    ]
    for name, values in (("press", presses.total), ("composed", presses.composed), ("in Live", presses.live)):
        rows += [Row(part, f"{name}, p{percent}", "ms", percentile(values, percent)) for percent in (50, 99)]
    return rows
