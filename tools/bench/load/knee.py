"""The knee: how many requests a second, meant at random times, until takes wait too long or some are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.load.stage import Measured, Stage
from musearoo.tools.bench.load.users import PAUSE, usage_rows
from musearoo.tools.bench.rows import Row

WITHIN: Final = 250.0
"""Milliseconds at p95 that are still on the good side."""
PEOPLE: Final = 60
"""Users who send them: fewer than may wait for a composer, so that requests also wait for others of their session."""
STEPS: Final = (0.4, 0.6, 0.75, 0.85, 0.92, 1.0, 1.1, 1.25, 1.5)
"""Offered rates, as shares of what the server gives to eight who ask without a pause; up to the first bad one."""
PROBE_SECONDS: Final = 2.0

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Offered:
    """A rate of requests that was offered, and what came of it."""

    rate: float
    measured: Measured

    @property
    def is_good(self) -> bool:
        """Whether takes were on time, and no request was refused or failed."""
        return self.measured.latency(95) <= WITHIN and not self.measured.shed and not self.measured.errors


def find_knee(stage: Stage, seconds: float, refine: int, progress: Progress) -> list[Offered]:
    """Return the offered rates in their order of measuring; the knee is the highest good one.

    `refine` halves the gap between the last good and the first bad rate so many times. Raises EngineError if none is
    good.
    """
    most = stage.run_closed(8, min(seconds, PROBE_SECONDS)).rate
    offered: list[Offered] = []

    def offer(rate: float) -> Offered:
        progress(f"{rate:.0f} requests/s", len(offered), len(STEPS))
        offered.append(Offered(rate, stage.run_rate(rate, seconds)))
        return offered[-1]

    good, bad = 0.0, 0.0
    for step in STEPS:
        rate = step * most
        if not offer(rate).is_good:
            bad = rate
            break
        good = rate
    if not good:
        raise EngineError(f"Even {bad:.0f} requests/s are too many just now: is the machine busy?")
    for _ in range(refine if bad else 0):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if offer(middle).is_good else (good, middle)
    return offered


def knee_of(offered: list[Offered]) -> Offered:
    """Return the highest good rate."""
    return max((each for each in offered if each.is_good), key=lambda each: each.rate)


def knee_rows(offered: list[Offered], composers: int) -> list[Row]:
    """Return the rows of the knee."""
    knee = knee_of(offered)
    part = f"Knee with {composers} composer{'s' if composers > 1 else ''}"
    beyond = min((each.rate for each in offered if each.rate > knee.rate), default=0.0)
    note = (
        f"p95 within {WITHIN:g} ms, nothing refused; {beyond:.0f}/s is beyond it" if beyond else "none beyond was tried"
    )
    return [
        Row(part, "requests a second", "1/s", knee.rate, note=note),
        Row(part, "users at a human pace", "", knee.rate * PAUSE, note=f"each every {PAUSE:g} s"),
        *(Row(part, f"p{percent} there", "ms", knee.measured.latency(percent)) for percent in (50, 95, 99)),
        *usage_rows(part, knee.measured),
    ]
