"""Polyrhythm: an even pulse against the beat.

One stream of strokes (a drum, a pitch, or the accents of either) is looked at by itself: it must step evenly by a
period that is no simple part or multiple of the beat, for about two bars on end.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import sqrt
from typing import Final

from musearoo.engines.analysis.groove.beat_grid import BeatGrid, fit_grid
from musearoo.engines.analysis.groove.feel import beat_sixteenths
from musearoo.engines.analysis.groove.swing import middle
from musearoo.engines.music.knowledge.analysis import Polyrhythm
from musearoo.engines.music.meter import Meter

RATIOS: Final = ((3, 2), (4, 3), (3, 4), (2, 3), (5, 4), (5, 3))
"""Strokes to beats that are looked for. Both 2:3 in 3/4 and 3:2 in 6/8 are what musicians call a hemiola."""
SLOWEST: Final = 1.75
QUICKEST: Final = 0.5
"""Beats between strokes that may belong to any of these pulses."""
LEAST_STROKES: Final = 5
LEAST_BARS: Final = 1.75
"""How long the pulse must last: two bars, whose last stroke begins before they end."""
UNEVEN: Final = 0.09
"""The share of its period by which a stroke may miss the pulse; a half lies between 3:2 and a dotted eighth."""
ACCENT: Final = 14.0
"""How much louder than the stream's middle stroke an accent is, in steps of velocity."""


def find_polyrhythms(
    strokes: Iterable[tuple[float, Hashable, float]],
    beats: Sequence[float],
    meter: Meter | None,
    exact: bool = False,
) -> tuple[Polyrhythm, ...]:
    """Find polyrhythms that onsets of (seconds, stream, velocity) hold for two bars or more; surest first.

    >>> three_to_two = [(number * 2 / 3, "snare", 90.0) for number in range(16)]
    >>> find_polyrhythms(three_to_two, range(12), Meter(), exact=True)[0].against
    3
    """
    grid = fit_grid(beats, exact)
    if grid is None:
        return ()
    meter = meter or Meter()
    bar_beats = meter.bar_beats * 4.0 / beat_sixteenths(meter)
    found: dict[tuple[int, int], float] = {}
    for positions in _streams(strokes, grid):
        for (against, over), confidence in _pulses_of(positions, LEAST_BARS * bar_beats):
            found[against, over] = max(confidence, found.get((against, over), 0.0))
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return tuple(Polyrhythm(against, over, confidence) for (against, over), confidence in ranked)


def _streams(strokes: Iterable[tuple[float, Hashable, float]], grid: BeatGrid) -> Iterator[list[float]]:
    """The places in beats of each stream's strokes, in order, and of its accents alone where it has some."""
    streams: dict[Hashable, list[tuple[float, float]]] = {}
    for time, stream, velocity in strokes:
        streams.setdefault(stream, []).append((grid.position(time), velocity))
    for line in streams.values():
        line.sort()
        yield [position for position, _ in line]
        usual = middle([velocity for _, velocity in line])
        accents = [position for position, velocity in line if velocity >= usual + ACCENT]
        if LEAST_STROKES <= len(accents) < 0.7 * len(line):
            yield accents


def _pulses_of(positions: Sequence[float], least_beats: float) -> Iterator[tuple[tuple[int, int], float]]:
    """The ratios whose pulse a stream holds long enough, and how surely."""
    for stretch in _runs(positions, QUICKEST, SLOWEST):
        for against, over in RATIOS:
            period = over / against
            least = max(LEAST_STROKES - 1, round(least_beats / period - 0.5))
            for run in _runs(stretch, period * (1.0 - 2.0 * UNEVEN), period * (1.0 + 2.0 * UNEVEN)):
                if len(run) > least:
                    confidence = _evenness(run, period) * min(1.0, (len(run) - 1) / (2.0 * least))
                    if confidence > 0.0:
                        yield (against, over), confidence


def _runs(positions: Sequence[float], shortest: float, longest: float) -> Iterator[Sequence[float]]:
    """The longest stretches of places, of `LEAST_STROKES` or more, whose steps are all between the two."""
    steps = enumerate(pairwise(positions), 1)
    breaks = [index for index, (early, late) in steps if not shortest <= late - early <= longest]
    for start, end in pairwise((0, *breaks, len(positions))):
        if end - start >= LEAST_STROKES:
            yield positions[start:end]


def _evenness(positions: Sequence[float], period: float) -> float:
    """How evenly strokes lie on a pulse of that period: 1 is exactly, 0 as much off as may be, or another period."""
    phase = middle([position - number * period for number, position in enumerate(positions)])
    rms = sqrt(
        sum((position - phase - number * period) ** 2 for number, position in enumerate(positions)) / len(positions)
    )
    return max(0.0, 1.0 - rms / (UNEVEN * period))
