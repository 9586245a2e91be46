"""How what was measured grows with the set: the exponent over its sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import linear_regression
from typing import Final

from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.scale.presses import Presses
from musearoo.tools.bench.scale.reading import Readings
from musearoo.tools.bench.scale.sets import SetSize

FLAT: Final = 0.1
"""The exponent up to which something counts as not growing with the set: a fourth more for ten times as many clips."""
GROWTH: Final = "Growth with the clips of the set: exponent"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one size."""

    size: SetSize
    readings: Readings
    presses: Presses


def growth_rows(found: Sequence[Measured]) -> list[Row]:
    """Return the exponent of each figure over the sizes."""
    clips = [each.size.clips for each in found]

    def row(name: str, values: Sequence[float | None], *, is_bound: bool = False) -> Row:
        exponent = fit_exponent(clips, values)
        met = exponent <= FLAT if is_bound and exponent is not None else None
        return Row(GROWTH, name, "", exponent, met=met, note=f"at most {FLAT:g}" if is_bound else "")

    return [
        row("reading a request, p50", [each.readings.request for each in found], is_bound=True),
        row("reading one for the band, p50", [each.readings.band for each in found], is_bound=True),
        row("composed, p50", [percentile(each.presses.composed, 50) for each in found], is_bound=True),
        row("press, p50", [percentile(each.presses.total, 50) for each in found]),
        row("in Live, p50", [percentile(each.presses.live, 50) for each in found]),
        row("what a tick looks at after a change, p50", [each.readings.ticks for each in found]),
        row("CPU of the idle daemon", [each.presses.idle_ms for each in found]),
        row("mirror whole", [each.presses.mirror_seconds for each in found]),
        row("of it the daemon's own work", [each.readings.mirror_seconds for each in found]),
        row("memory of the daemon", [each.presses.memory_mb for each in found]),
    ]


def fit_exponent(sizes: Sequence[float], values: Sequence[float | None]) -> float | None:
    """Return the b of values ~ sizes^b, by least squares of their logarithms; None where a value is not known.

    >>> round(fit_exponent([10, 100, 1000], [2.0, 4.0, 8.0]), 3)
    0.301
    """
    known = [value for value in values if value is not None and value > 0.0]
    if len(known) < len(values):
        return None
    return linear_regression([log(size) for size in sizes], [log(value) for value in known]).slope
