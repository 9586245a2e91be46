"""Fit a line to the newest observations of a clock: over how many of them, and whether the tempo ramps.

Least squares of time over beats. Of 8, 16, … 256 observations the longest window is taken that says the same of the
newest beat as every shorter one does: the rule of intersecting confidence intervals (Goldenshluger and Nemirovski, On
spatially adaptive estimation of nonparametric regression, 1997). So a line is quick at first and steady afterwards, and
a tempo that steps closes the window by itself. Where a window shows a bend beyond doubt, as a ramp of the tempo makes
it, a parabola takes the line's place: it does not lag behind the ramp, for half as much noise again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

WINDOWS: Final = (8, 16, 32, 64, 128, 256)
"""Observations in a window. The longest is ten beats of MIDI clock: its end is known to an eighth of the jitter."""

AGREEMENT: Final = 6.0
"""Deviations by which a window of 16 and a shorter one may differ and still agree. So many, because every observation
tests it, and what fails by chance leaves no more than eight of them."""

EASIER: Final = 0.4
"""By how much fewer for each longer window: the next shorter one that is left instead says nearly as much."""

BEND: Final = 4.0
"""Deviations by which a window must bend to be taken for a ramp. Taken wrongly, it costs half as much noise again."""

SHORTEST_BEND: Final = 64
LONGEST_BEND: Final = 128
"""Observations of a window in which a bend is looked for: a parabola through fewer says less than a line through half
of them, and through more it would go on bending long after the ramp's end."""


class Observation(NamedTuple):
    """A source counted `beat` at `time`."""

    time: float
    beat: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit of the newest observation: `time` of its `beat`, and `period` in seconds a beat from there on.

    The variances are those of time and period.
    """

    time: float
    beat: float
    period: float
    time_variance: float
    period_variance: float
    is_bent: bool = False

    def time_of(self, beat: float) -> float:
        """Return the time of a beat."""
        return self.time + (beat - self.beat) * self.period

    def beat_at(self, time: float) -> float:
        """Return the beat at a time."""
        return self.beat + (time - self.time) / self.period

    def deviation(self, beat: float) -> float:
        """Return the standard deviation of a beat's time near the newest, in seconds: an upper bound."""
        return math.sqrt(self.time_variance) + abs(beat - self.beat) * math.sqrt(self.period_variance)


@dataclass(frozen=True, slots=True)
class Tempo:
    """The known tempo in seconds a beat, and its uncertainty."""

    period: float
    deviation: float


def best_fit(points: Sequence[Observation], period: float, jitter: float, tempo: Tempo) -> Fit:
    """The longest window of `points` (the newest last, one at least) that agrees with the shorter ones.

    `period` is about that of the points; `jitter` the deviation of their times, in seconds.
    """
    taken: list[Fit] = []
    for number, fit in enumerate(fits(points, period, jitter, tempo)):
        bound = AGREEMENT - EASIER * (number - 1)
        if not all(_agree(fit, shorter, bound) for shorter in taken):
            break
        taken.append(fit)
    return taken[-1]


def fits(points: Sequence[Observation], period: float, jitter: float, tempo: Tempo) -> Iterator[Fit]:
    """The fit to the newest 8, 16, 32, … of the points, and to all of them; as far as one line or parabola goes."""
    newest = points[-1]
    noise = jitter * jitter
    known = noise / tempo.deviation**2
    for sums in _windows(points, newest, period):
        # What is known of the tempo counts as one more observation, of the slope alone.
        moments = sums._replace(slope=sums.xx + known, xy=sums.xy + known * (tempo.period - period))
        bent = _bent(moments, newest, period, noise)
        if bent is not None and sums.n > LONGEST_BEND:
            return
        yield bent or _straight(moments, newest, period, noise)


class _Sums(NamedTuple):
    """Of x (beats after the newest) and y (seconds by which the time is off the period's line): powers, products."""

    n: int
    x: float
    xx: float
    xxx: float
    xxxx: float
    y: float
    xy: float
    xxy: float
    slope: float
    """How much is known of the slope: that of xx, and what is known of the tempo besides."""


def _windows(points: Sequence[Observation], newest: Observation, period: float) -> Iterator[_Sums]:
    # From the newest back and relative to it: so the sums stay small, and no rounding adds up over hours.
    sx, sxx, sxxx, sxxxx, sy, sxy, sxxy = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    newest_time, newest_beat = newest
    last = min(len(points), WINDOWS[-1])
    at = WINDOWS[0]
    for n, (time, beat) in enumerate(islice(reversed(points), last), start=1):
        x = beat - newest_beat
        y = time - newest_time - x * period
        xx = x * x
        sx += x
        sxx += xx
        sxxx += xx * x
        sxxxx += xx * xx
        sy += y
        sxy += x * y
        sxxy += xx * y
        if n in (at, last):
            at *= 2
            yield _Sums(n, sx, sxx, sxxx, sxxxx, sy, sxy, sxxy, sxx)


def _straight(sums: _Sums, newest: Observation, period: float, noise: float) -> Fit:
    scale = sums.n * sums.slope - sums.x * sums.x
    late = (sums.slope * sums.y - sums.x * sums.xy) / scale
    slower = (sums.n * sums.xy - sums.x * sums.y) / scale
    return Fit(newest.time + late, newest.beat, period + slower, noise * sums.slope / scale, noise * sums.n / scale)


def _bent(sums: _Sums, newest: Observation, period: float, noise: float) -> Fit | None:
    """The parabola, where there is no doubt that it is one."""
    n, x, xx, xxx, xxxx, y, xy, xxy, slope = sums
    if n < SHORTEST_BEND:
        return None
    # The inverse of the normal equations (symmetric, 3 x 3) by its cofactors.
    c00, c01, c02 = slope * xxxx - xxx * xxx, xxx * xx - x * xxxx, x * xxx - slope * xx
    c11, c12, c22 = n * xxxx - xx * xx, x * xx - n * xxx, n * slope - x * x
    scale = n * c00 + x * c01 + xx * c02
    bend = (c02 * y + c12 * xy + c22 * xxy) / scale
    if bend * bend < BEND * BEND * noise * c22 / scale:
        return None
    late = (c00 * y + c01 * xy + c02 * xxy) / scale
    slower = (c01 * y + c11 * xy + c12 * xxy) / scale
    return Fit(newest.time + late, newest.beat, period + slower, noise * c00 / scale, noise * c11 / scale, True)


def _agree(longer: Fit, shorter: Fit, bound: float) -> bool:
    """Whether two windows say the same of the newest beat, by so many deviations.

    Of an estimate and a better one of the same data the difference varies by that of their variances (Hausman,
    Specification tests in econometrics, 1978). That holds among lines and among parabolas; a line and a parabola are
    taken as if they had nothing to do with each other.
    """
    if longer.is_bent == shorter.is_bent:
        spread = max(0.0, shorter.time_variance - longer.time_variance)
    else:
        spread = shorter.time_variance + longer.time_variance
    return abs(longer.time - shorter.time) <= bound * math.sqrt(spread)


def rms(values: Iterable[float]) -> float:
    """The root of the mean of the squares; 0 of nothing."""
    squares = [value * value for value in values]
    return math.sqrt(sum(squares) / len(squares)) if squares else 0.0
