"""The feel of a performance: swing, microtiming, and each drum's timing, velocity and frequency per bar position."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from math import floor, sqrt
from typing import Final, NamedTuple

from musearoo.engines.analysis.groove.beat_grid import BeatGrid, fit_grid
from musearoo.engines.analysis.groove.swing import LEAST_ONSETS, find_swing, middle
from musearoo.engines.music.drum_map import DRUM_KINDS, DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import STRAIGHT, Swing

TOGETHER_SECONDS: Final = 0.02
"""Onsets this close are one: flams, and hands that do not coincide exactly."""
ON_GRID: Final = 0.3
"""The share of a sixteenth by which an onset may miss its grid position; beyond it is a roll or a fill."""
GOOD_FIT: Final = 1.5
"""Tolerance of the grid fit: a drummer's rolls and fills leave a third of the onsets off the grid."""
TRIPLETS_FROM: Final = 1.5
"""Swing ratio from which the middle triplet is a grid position as well."""


class GrooveOnset(NamedTuple):
    """One onset: seconds, which drum (None for other instruments), and velocity 1..127."""

    time: float
    kind: DrumKind | None
    velocity: float


def measure_groove(
    onsets: Iterable[GrooveOnset | tuple[float, DrumKind | None, float]],
    beats: Sequence[float],
    downbeats: Sequence[float],
    meter: Meter | None,
    exact: bool = False,
) -> Groove:
    """Measure the groove of onsets, in any order, against beats in seconds; unknown with fewer than two beats.

    Detected beats drift with the onsets: they are smoothed, and a constant lead or lag of all onsets is ignored. Exact
    beats are used unchanged, and the lag counts. The inverse is `engines.music.groove_template.apply_groove`.
    """
    grid = fit_grid(beats, exact)
    if grid is None:
        return Groove()
    meter = meter or Meter()
    in_beats = [
        GrooveOnset(grid.position(time), kind, velocity)
        for time, kind, velocity in sorted(onsets, key=lambda onset: onset[0])
    ]
    joined = _join(in_beats, TOGETHER_SECONDS / grid.beat_seconds)
    sixteenths = beat_sixteenths(meter)
    swing = _swing_of(joined, meter, exact)
    ratio = swing.value if swing.value is not None and sixteenths == 4 else STRAIGHT
    grid_positions = _BeatGridPositions.of(Swing(max(STRAIGHT, ratio)), sixteenths)
    misses = [near[1] for position, _, _ in joined if (near := grid_positions.nearest(position)) is not None]
    lag = 0.0 if exact or len(misses) < LEAST_ONSETS else middle(misses)
    bars = _Bars.of(grid, downbeats, meter)
    whole = _feel_of(joined, bars, grid_positions, lag)
    by_kind: dict[DrumKind | None, list[GrooveOnset]] = {}
    for onset in in_beats:
        by_kind.setdefault(onset.kind, []).append(onset)
    feels = ((kind, _feel_of(by_kind.get(kind, ()), bars, grid_positions, lag)) for kind in DRUM_KINDS)
    return Groove(
        swing=swing,
        microtiming_rms_ms=_deviation(misses) * grid.beat_seconds * 1000.0 if len(misses) >= LEAST_ONSETS else None,
        bar_beats=float(bars.beats),
        whole=whole,
        drums={kind: feel for kind, feel in feels if feel is not None} or None,
        confidence=_confidence(len(joined), len(misses), whole),
    )


def beat_sixteenths(meter: Meter) -> int:
    """Return how many sixteenths a beat of a meter has: 4 in 4/4, 6 in 6/8, where a dotted quarter is the beat, 2 in
    7/8.

    >>> [beat_sixteenths(Meter.parse(text)) for text in ("4/4", "6/8", "7/8")]
    [4, 6, 2]
    """
    return round(4.0 * beat_quarters(meter))


def _swing_of(onsets: Sequence[GrooveOnset], meter: Meter, exact: bool) -> Estimate[float | None]:
    """Return the swing of the off-beat eighths; unknown where the beat is not a quarter.

    A detected compound meter may also be a shuffle; then the swing is reported with half the confidence.
    """
    sixteenths = beat_sixteenths(meter)
    if sixteenths == 4 or (meter.is_compound and not exact):
        swing = find_swing([onset.time for onset in onsets])
        return swing if sixteenths == 4 else replace(swing, confidence=0.5 * swing.confidence)
    return UNKNOWN


class _BeatGridPositions(NamedTuple):
    """The grid positions of a beat: its sixteenths with swing, and the middle triplet."""

    positions: tuple[tuple[float, int], ...]
    """Grid positions within the beat, in order, with the sixteenth of each; the last is the next beat's first."""
    edges: tuple[float, ...]
    """Midpoints between neighbours."""
    sixteenths: int

    @classmethod
    def of(cls, swing: Swing, sixteenths: int) -> _BeatGridPositions:
        positions = [*((swing.warp(number / sixteenths), number) for number in range(sixteenths)), (1.0, sixteenths)]
        if swing.ratio > TRIPLETS_FROM:
            # The middle triplet; without swing it is the second sixteenth.
            positions.append((1.0 / (swing.ratio + 1.0), 1))
        positions.sort()
        edges = tuple((left + right) / 2.0 for (left, _), (right, _) in pairwise(positions))
        return cls(tuple(positions), edges, sixteenths)

    def nearest(self, position: float) -> tuple[int, float] | None:
        """Return the nearest sixteenth, counted from beat 0, of an onset in beats, and how late the onset is.

        None for an onset between grid positions.
        """
        beat = floor(position)
        at, number = self.positions[bisect_left(self.edges, position - beat)]
        miss = position - beat - at
        return (beat * self.sixteenths + number, miss) if abs(miss) <= ON_GRID / self.sixteenths else None


class _Bars(NamedTuple):
    """Bar lines: at downbeats, and `beats` apart before the first and where downbeats are far apart."""

    starts: tuple[int, ...]
    beats: int
    sixteenths: int

    @classmethod
    def of(cls, grid: BeatGrid, downbeats: Sequence[float], meter: Meter) -> _Bars:
        sixteenths = beat_sixteenths(meter)
        starts = sorted({round(grid.position(time)) for time in downbeats})
        # Without a downbeat there is no position in the bar, only one in the beat.
        beats = round(meter.bar_beats * 4.0 / sixteenths) if starts else 1
        return cls(tuple(starts) or (0,), beats, sixteenths)

    def position(self, sixteenth: int) -> int:
        """Return the position in the bar of a sixteenth counted from beat 0."""
        beat, part = divmod(sixteenth, self.sixteenths)
        start = self.starts[max(0, bisect_right(self.starts, beat) - 1)]
        return (beat - start) % self.beats * self.sixteenths + part


def _join(onsets: Sequence[GrooveOnset], together: float) -> list[GrooveOnset]:
    """Merge onsets closer together than `together`: at their mean, as loud as the loudest."""
    groups: list[list[GrooveOnset]] = []
    for onset in onsets:
        if groups and onset.time - groups[-1][0].time <= together:
            groups[-1].append(onset)
        else:
            groups.append([onset])
    return [
        GrooveOnset(
            sum(onset.time for onset in group) / len(group),
            None,
            max(onset.velocity for onset in group),
        )
        for group in groups
    ]


def _deviation(misses: Sequence[float]) -> float:
    """Return the standard deviation of values."""
    mean = sum(misses) / len(misses)
    return sqrt(sum((miss - mean) ** 2 for miss in misses) / len(misses))


def _feel_of(onsets: Sequence[GrooveOnset], bars: _Bars, grid: _BeatGridPositions, lag: float) -> GrooveProfile | None:
    """Return the feel of onsets per bar position; None where no onset is near the grid."""
    step = 1.0 / grid.sixteenths
    seen = [
        (bars.position(near[0]), position - lag - near[0] * step, velocity)
        for position, _, velocity in onsets
        if (near := grid.nearest(position - lag)) is not None
    ]
    if not seen:
        return None
    seen.sort()
    rows = []
    for position, group in groupby(seen, key=lambda item: item[0]):
        _, offsets, velocities = zip(*group, strict=True)
        rows.append((position * step, middle(offsets), middle(velocities), len(offsets)))
    positions, offsets, velocities, counts = zip(*rows, strict=True)
    return GrooveProfile(positions, offsets, velocities, counts)


def _confidence(onsets: int, on_grid: int, whole: GrooveProfile | None) -> float:
    """Return the confidence of a groove template from the number of onsets and those on the grid.

    Each position should be played at least twice. Where no more onsets are on the grid than by chance, the grid is
    wrong.
    """
    if whole is None:
        return 0.0
    by_chance = 2.0 * ON_GRID
    fit = max(0.0, (on_grid / onsets - by_chance) / (1.0 - by_chance))
    return min(1.0, onsets / 32.0) * min(1.0, onsets / (2.0 * len(whole.positions))) * min(1.0, GOOD_FIT * fit)
