"""Fit a line to the newest observations of a clock, with an adaptive window, or a parabola to a tempo ramp.

Least squares of time over beats. Of windows of 8, 16, … 256 observations, the longest is used whose estimate of the
newest beat agrees with all shorter ones: the rule of intersecting confidence intervals (Goldenshluger and Nemirovski,
On spatially adaptive estimation of nonparametric regression, 1997). So a line adapts quickly at first and is stable
afterwards, and a step of the tempo shortens the window by itself. A significant bend, as a tempo ramp causes it, is
fitted by a parabola: it does not lag behind the ramp, at the cost of half as much noise again.
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
"""Standard deviations by which a window of 16 may differ from a shorter one and still agree. The bound is wide, because
every observation tests it, and a chance failure shortens the window to eight."""

EASIER: Final = 0.4
"""Decrease of that bound for each longer window: the fallback, the next shorter one, is nearly as good."""

BEND: Final = 4.0
"""Standard deviations of a significant bend. A false one costs half as much noise again."""

SHORTEST_BEND: Final = 64
LONGEST_BEND: Final = 128
"""Observations of the window that is tested for a bend: a parabola through fewer is less certain than a line through
half of them, and one through more would go on bending long after the ramp's end."""


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
    """Return the fit of the longest window of `points` (one or more, newest last) that agrees with all shorter ones.

    `period` is about that of the points; `jitter` is the standard deviation of their times, in seconds.
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
        # The known tempo counts as one more observation, of the slope alone.
        moments = sums._replace(slope=sums.xx + known, xy=sums.xy + known * (tempo.period - period))
        bent = _bent(moments, newest, period, noise)
        if bent is not None and sums.n > LONGEST_BEND:
            return
        yield bent or _straight(moments, newest, period, noise)


class _Sums(NamedTuple):
    """Sums of powers and products of x (beats after the newest) and y (seconds off the period's line)."""

    n: int
    x: float
    xx: float
    xxx: float
    xxxx: float
    y: float
    xy: float
    xxy: float
    slope: float
    """Information on the slope: that of xx, plus that of the known tempo."""


def _windows(points: Sequence[Observation], newest: Observation, period: float) -> Iterator[_Sums]:
    # Computed from the newest back and relative to it, so that the sums stay small, and no error accumulates for hours.
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
    """Return the parabola if its bend is significant, else None."""
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
    """Whether two windows' estimates of the newest beat differ by at most `bound` standard deviations.

    The variance of the difference between an estimate and a more efficient one of the same data is the difference of
    their variances (Hausman, Specification tests in econometrics, 1978). That holds among lines and among parabolas; a
    line and a parabola are treated as independent.
    """
    if longer.is_bent == shorter.is_bent:
        spread = max(0.0, shorter.time_variance - longer.time_variance)
    else:
        spread = shorter.time_variance + longer.time_variance
    return abs(longer.time - shorter.time) <= bound * math.sqrt(spread)


def rms(values: Iterable[float]) -> float:
    """Return the root mean square; 0 for no values."""
    squares = [value * value for value in values]
    return math.sqrt(sum(squares) / len(squares)) if squares else 0.0
