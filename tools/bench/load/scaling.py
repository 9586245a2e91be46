"""How throughput grows with concurrency: the Universal Scalability Law, fitted for one and two composers.

X(N) = λN / (1 + α(N−1) + βN(N−1)): λ is the rate of one alone, α the share that must queue (contention), β what all
must agree on with all (coherence). N. J. Gunther, Guerrilla Capacity Planning, 2007.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.load.stage import Stage
from musearoo.tools.bench.rows import Row

LEVELS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
COMPOSERS: Final = (1, 2)
BURST: Final = 0.5
"""Seconds of asking before the first level, so that composers have the sets."""

FloatArray = NDArray[np.float64]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Point:
    """Takes a second with so many users who ask without a pause."""

    users: int
    rate: float


@dataclass(frozen=True, slots=True)
class Law:
    """The fitted law; `fit` is the share of the points' variance that it explains (R²)."""

    rate: float
    contention: float
    coherence: float
    fit: float

    def at(self, users: float) -> float:
        """Return the takes a second of so many users."""
        return self.rate * users / (1 + self.contention * (users - 1) + self.coherence * users * (users - 1))

    @property
    def peak(self) -> float:
        """The users beyond which more of them get fewer takes; infinite without coherence."""
        if self.coherence <= 0.0:
            return math.inf
        return math.sqrt(max(0.0, 1 - self.contention) / self.coherence)


def fit_law(points: Sequence[Point]) -> Law:
    """Return the law of the points. Raises EngineError for fewer than four, and where no law fits."""
    if len(points) < 4:
        raise EngineError(f"A law of scaling needs four points, but there are {len(points)}.")
    users = np.array([point.users for point in points], float)
    rates = np.array([point.rate for point in points], float)

    def law(n: FloatArray, rate: float, contention: float, coherence: float) -> FloatArray:
        return rate * n / (1 + contention * (n - 1) + coherence * n * (n - 1))

    alone = float(rates[users == users.min()].mean())
    try:
        found, _ = curve_fit(law, users, rates, p0=(alone, 0.5, 1e-3), bounds=((0, 0, 0), (np.inf, 1.0, 1.0)))
    except RuntimeError as error:
        raise EngineError(f"No law of scaling fits the points: {error}.") from error
    rate, contention, coherence = (float(value) for value in found)
    residual = float(np.sum((rates - law(users, *found)) ** 2))
    variance = float(np.sum((rates - rates.mean()) ** 2))
    return Law(rate, contention, coherence, 1 - residual / variance if variance else 1.0)


def measure_scaling(
    seconds: float, repeats: int, levels: Sequence[int], progress: Progress
) -> tuple[list[Row], dict[int, list[Point]]]:
    """Return the rows of the fits, and the points by the number of composers."""
    rows: list[Row] = []
    points: dict[int, list[Point]] = {}
    for composers in COMPOSERS:
        measured = points.setdefault(composers, [])
        with Stage(max(levels), composers) as stage:
            stage.connect(max(levels))
            stage.run_closed(max(levels), BURST)
            for repeat in range(repeats):
                # Up and down, so that a machine that tires does not bend the curve.
                for number, users in enumerate(levels if repeat % 2 == 0 else reversed(levels)):
                    progress(f"{users} at once, {composers} composers", repeat * len(levels) + number, 1)
                    measured.append(Point(users, stage.run_closed(users, seconds).rate))
        rows += law_rows(composers, measured)
    return rows, points


def law_rows(composers: int, points: Sequence[Point]) -> list[Row]:
    """Return the rows of one fit."""
    law = fit_law(points)
    part = f"Scaling with {composers} composer{'s' if composers > 1 else ''}"
    peak = f"{law.peak:.0f} users" if math.isfinite(law.peak) and law.peak < 10_000 else "none"
    return [
        Row(part, "most takes a second", "1/s", max(point.rate for point in points), note="measured"),
        Row(part, "λ, of one alone", "1/s", law.rate, note=f"fitted; R² {law.fit:.3f}"),
        Row(part, "α, contention", "", law.contention),
        Row(part, "β, coherence", "", law.coherence, note=f"peak by the law: {peak}"),
    ]
