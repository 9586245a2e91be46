"""The feel of a performance: swing, microtiming, and where in the bar each drum lies, how loud and how often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import floor, sqrt
from typing import Final, NamedTuple

from engines.brainaroo.groove.grid import BeatGrid, fit_grid
from engines.brainaroo.groove.swing import LEAST_ONSETS, find_swing, middle
from engines.music.analysis import DRUM_KINDS, UNKNOWN, DrumKind, Feel, Groove
from engines.music.meter import Meter
from engines.music.swing import STRAIGHT, Swing

TOGETHER_SECONDS: Final = 0.02
"""Strokes this close are one onset: flams and hands that do not quite meet."""
ON_GRID: Final = 0.3
"""The share of a sixteenth by which an onset may be off its place; what is off by more belongs to a roll or a fill."""
TRIPLETS_FROM: Final = 1.5
"""The ratio of swing from which the middle triplet is a place of the grid as well."""


class Stroke(NamedTuple):
    """One onset: seconds, which drum (None where it is none), and velocity 1..127."""

    time: float
    kind: DrumKind | None
    velocity: float


def measure_groove(
    strokes: Iterable[Stroke | tuple[float, DrumKind | None, float]],
    beats: Sequence[float],
    downbeats: Sequence[float],
    meter: Meter | None,
    exact: bool = False,
) -> Groove:
    """The groove of strokes, in any order, against beats in seconds; unknown where there are fewer than two beats.

    Beats that were found wander with the strokes: they are smoothed, and a constant lead or lag of all strokes is not
    the player's. Exact beats are taken as they are, with the lag. `engines.music.groove_template.apply_groove` is the
    way back.
    """
    grid = fit_grid(beats, exact)
    if grid is None:
        return Groove()
    meter = meter or Meter()
    placed = [
        Stroke(grid.place(time), kind, velocity)
        for time, kind, velocity in sorted(strokes, key=lambda stroke: stroke[0])
    ]
    onsets = _join(placed, TOGETHER_SECONDS / grid.beat_seconds)
    swing = find_swing([onset.time for onset in onsets]) if beat_sixteenths(meter) == 4 else UNKNOWN
    warp = Swing(max(STRAIGHT, swing.value or STRAIGHT))
    lag, rms = _microtiming(onsets, warp, beat_sixteenths(meter))
    shift = 0.0 if exact else lag
    bars = _Bars.of(grid, downbeats, meter)
    whole = _feel_of(onsets, bars, warp, shift)
    drums: dict[DrumKind, Feel] = {}
    for kind in DRUM_KINDS:
        feel = _feel_of([stroke for stroke in placed if stroke.kind == kind], bars, warp, shift)
        if feel is not None:
            drums[kind] = feel
    return Groove(
        swing=swing,
        microtiming_rms_ms=None if rms is None else rms * grid.beat_seconds * 1000.0,
        bar_beats=float(bars.beats),
        whole=whole,
        drums=drums or None,
        confidence=_confidence(len(onsets), whole),
    )


def beat_sixteenths(meter: Meter) -> int:
    """How many sixteenths a beat of a meter has: 4 in 4/4, 6 in 6/8, where a dotted quarter is counted, 2 in 7/8.

    >>> [beat_sixteenths(Meter.parse(text)) for text in ("4/4", "6/8", "7/8")]
    [4, 6, 2]
    """
    return 48 // meter.denominator if meter.is_compound else max(1, 16 // meter.denominator)


class _Bars(NamedTuple):
    """Where bars begin: at beats that are downbeats, and `beats` apart before the first and between far ones."""

    starts: tuple[int, ...]
    beats: int
    sixteenths: int

    @classmethod
    def of(cls, grid: BeatGrid, downbeats: Sequence[float], meter: Meter) -> _Bars:
        sixteenths = beat_sixteenths(meter)
        starts = sorted({round(grid.place(time)) for time in downbeats})
        # Without a downbeat there is no place in the bar, only one in the beat.
        beats = max(1, round(meter.bar_beats * 4.0 / sixteenths)) if starts else 1
        return cls(tuple(starts) or (0,), beats, sixteenths)

    def place(self, sixteenth: int) -> int:
        """The place in the bar of a sixteenth counted from beat 0."""
        beat, part = divmod(sixteenth, self.sixteenths)
        start = next((start for start in reversed(self.starts) if start <= beat), self.starts[0])
        return (beat - start) % self.beats * self.sixteenths + part


def _join(strokes: Sequence[Stroke], together: float) -> list[Stroke]:
    """Strokes in order, those closer together than that joined to one at their mean, as loud as the loudest."""
    groups: list[list[Stroke]] = []
    for stroke in strokes:
        if groups and stroke.time - groups[-1][0].time <= together:
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    return [
        Stroke(
            sum(stroke.time for stroke in group) / len(group),
            group[0].kind if len(group) == 1 else None,
            max(stroke.velocity for stroke in group),
        )
        for group in groups
    ]


def _microtiming(onsets: Sequence[Stroke], warp: Swing, sixteenths: int) -> tuple[float, float | None]:
    """The lag of all onsets and how far they lie from the grid that swings, root mean square, both in beats."""
    misses = [miss for onset in onsets if (miss := _miss(onset.time, warp, sixteenths)) is not None]
    if len(misses) < LEAST_ONSETS:
        return 0.0, None
    mean = sum(misses) / len(misses)
    return middle(misses), sqrt(sum((miss - mean) ** 2 for miss in misses) / len(misses))


def _miss(place: float, warp: Swing, sixteenths: int) -> float | None:
    """How far a place lies from the grid's nearest, in beats; None where it is nearer to none."""
    step = 1.0 / sixteenths
    number = round(warp.unwarp(place) / step)
    near = min((warp.warp((number + side) * step) for side in (-1, 0, 1)), key=lambda other: abs(place - other))
    if warp.ratio > TRIPLETS_FROM:
        short = floor(place) + 1.0 / (warp.ratio + 1.0)
        near = min(near, short, key=lambda other: abs(place - other))
    miss = place - near
    return miss if abs(miss) <= ON_GRID * step else None


def _feel_of(strokes: Sequence[Stroke], bars: _Bars, warp: Swing, shift: float) -> Feel | None:
    """How strokes lie on each place of the bar that they play; None where none lie near a place of the grid."""
    step = 1.0 / bars.sixteenths
    seen: list[tuple[int, float, float]] = []
    for place, _, velocity in strokes:
        if _miss(place - shift, warp, bars.sixteenths) is None:
            continue
        straight = round(warp.unwarp(place - shift) / step)
        seen.append((bars.place(straight), place - shift - straight * step, velocity))
    if not seen:
        return None
    seen.sort()
    rows = []
    for position, group in groupby(seen, key=lambda item: item[0]):
        _, offsets, velocities = zip(*group, strict=True)
        rows.append((position * step, middle(offsets), middle(velocities), len(offsets)))
    positions, offsets, velocities, counts = zip(*rows, strict=True)
    return Feel(positions, offsets, velocities, counts)


def _confidence(onsets: int, whole: Feel | None) -> float:
    """How much a template of so many onsets on so many places says: each place should have been heard twice or more."""
    if whole is None:
        return 0.0
    return min(1.0, onsets / 32.0) * min(1.0, onsets / (2.0 * len(whole.positions)))
