"""Polyrhythm: an even pulse against the beat.

One stream of onsets (a drum, a pitch, or the accents of either) is analyzed separately: it must step evenly by a period
that is no simple fraction or multiple of the beat, for about two bars.
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
"""Ratios of onsets to beats to search for. Both 2:3 in 3/4 and 3:2 in 6/8 are hemiolas."""
SLOWEST: Final = 1.75
QUICKEST: Final = 0.5
"""The minimum distance in beats between onsets of these pulses."""
LEAST_STROKES: Final = 5
LEAST_BARS: Final = 1.75
"""The minimum duration of the pulse in bars: two, whose last onset comes before their end."""
UNEVEN: Final = 0.09
"""The share of its period by which an onset may miss the pulse; half of it is between 3:2 and a dotted eighth."""
ACCENT: Final = 14.0
"""The velocity by which an accent exceeds the stream's median onset."""


def find_polyrhythms(
    strokes: Iterable[tuple[float, Hashable, float]],
    beats: Sequence[float],
    meter: Meter | None,
    exact: bool = False,
) -> tuple[Polyrhythm, ...]:
    """Return the polyrhythms of onsets (seconds, stream, velocity) that last two bars or more, most confident first.

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
    """Return the positions in beats of each stream's onsets, in order, and of its accents alone where it has some."""
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
    """Yield the ratios whose pulse a stream sustains long enough, with their confidence."""
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
    """Yield the longest runs of positions, of `LEAST_STROKES` or more, whose steps are all in the range."""
    steps = enumerate(pairwise(positions), 1)
    breaks = [index for index, (early, late) in steps if not shortest <= late - early <= longest]
    for start, end in pairwise((0, *breaks, len(positions))):
        if end - start >= LEAST_STROKES:
            yield positions[start:end]


def _evenness(positions: Sequence[float], period: float) -> float:
    """Return the evenness of onsets on a pulse: 1 is exact, 0 the maximum deviation or another period."""
    phase = middle([position - number * period for number, position in enumerate(positions)])
    rms = sqrt(
        sum((position - phase - number * period) ** 2 for number, position in enumerate(positions)) / len(positions)
    )
    return max(0.0, 1.0 - rms / (UNEVEN * period))
