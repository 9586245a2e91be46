"""Estimate the player's own tempo and beats when no audible clock runs: tapped, or played freely.

The tempo is that of `engines.analysis.symbolic.tempo`, or a simple ratio of it that puts notes on simpler positions.
Beats are tracked one by one, each attracted by the onsets around it, and bars begin on the accents.
"""

from __future__ import annotations

import cmath
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, floor, log2, pi
from typing import Final

from musearoo.engines.analysis.groove.beat_grid import BeatGrid, fit_grid
from musearoo.engines.analysis.groove.swing import middle
from musearoo.engines.analysis.symbolic.tempo import LONGEST, SHORTEST, SPREAD_OCTAVES, find_note_tempo
from musearoo.engines.improvisation.quantize.grid_positions import find_grid_positions
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import beats_to_seconds, mean_bpm

RATIOS: Final = (0.5, 2.0 / 3.0, 0.75, 1.0, 4.0 / 3.0, 1.5, 2.0)
"""Ratios to the tempo estimate that are tried: the estimate may be a multiple, or dotted."""
SLOWEST, QUICKEST = 40.0, 240.0
"""Range of tempos tried, in quarters per minute."""
JUDGED: Final = 64
"""Number of onsets used to compare tempos."""
TOGETHER: Final = 0.025
"""Seconds within which notes are one onset."""
BEAT_COST: Final = 1.2
"""Cost per beat in nats, since with enough beats every position would be simple."""
OCTAVE_COST: Final = 0.3
"""Cost per onset of a tempo one standard deviation away from the set's."""
REACH: Final = 0.22
"""The share of a beat within which onsets attract a beat."""
NEARNESS: Final = 0.08
"""The distance as a share of a beat at which an onset has 0.6 of its attraction."""
LEAST_TAPS: Final = 4
UNEVEN_TAPS: Final = 0.12
"""Maximum deviation of steps between taps from the usual one, as a share."""
TAPS_CONFIDENCE: Final = 0.5
"""Confidence of the tempo of four to seven even notes."""
FINE: Final = 0.05
FINE_STEPS: Final = 41
"""The search range around a period, as a share of it, and the number of steps."""
FIRST_PULL: Final = 0.15
"""The attraction of the first note, as a share of that of all notes."""
UNMOVED: Final = 40.0
"""The inertia of a beat in steps of velocity, so that a soft distant note moves it little."""
PHASE_GAIN: Final = 0.5
PERIOD_GAIN: Final = 0.12
"""The shares of a beat's error that correct its phase, and the period from then on."""
WANDERING: Final = 0.25
"""The greatest deviation of the period from the global one, as a share."""
ON_BEAT: Final = 0.12
"""The tolerance for a note to be on a beat, as a share of the beat."""
BASS_ACCENT: Final = 60.0
"""The accent that a bass note adds to a beat, in steps of velocity, since bass notes often begin bars."""
FIRST_ACCENT: Final = 1.4
"""The accent factor of the first note's beat, since most players begin on the downbeat."""


@dataclass(frozen=True, slots=True)
class PlayerBeats:
    """The player's beats; `confidence` is 0 if they are a guess."""

    grid: BeatGrid
    quarters: float
    """Quarters per beat."""
    one: int
    """Number of a grid beat that begins a bar."""
    confidence: float

    @property
    def bpm(self) -> float:
        """The mean tempo in quarters per minute."""
        return mean_bpm(self.quarters, self.grid.beat_seconds)

    def position(self, seconds: float) -> float:
        """Return the position of a time in quarters from a bar line; below 0 before the first."""
        return (self.grid.position(seconds) - self.one) * self.quarters


def find_player_beats(notes: Sequence[tuple[float, int, float]], meter: Meter, bpm: float) -> PlayerBeats:
    """Return the beats of notes (seconds, pitch, velocity) in order; at `bpm` from the first note if they are too few.

    In compound meters a beat is a dotted quarter, else a quarter.

    >>> played = [(5.0 + 0.5 * n, 40 if n % 4 == 0 else 60, 90) for n in range(32)]
    >>> beats = find_player_beats(played, Meter(), 110.0)
    >>> round(beats.bpm), round(beats.position(7.0), 6)
    (120, 4.0)
    """
    quarters = beat_quarters(meter) if meter.is_compound else 1.0
    first = notes[0][0]
    found = find_note_tempo([(seconds - first, velocity) for seconds, _, velocity in notes])
    if found is None:
        tapped = _find_taps([seconds for seconds, _, _ in notes])
        period = tapped or beats_to_seconds(quarters, bpm)
        return PlayerBeats(BeatGrid((first, first + period)), quarters, 0, TAPS_CONFIDENCE if tapped else 0.0)
    onsets = [(seconds, velocity) for seconds, _, velocity in notes]
    tried = []
    for ratio in RATIOS:
        if SLOWEST <= 60.0 * quarters * ratio / found.period <= QUICKEST:
            tried.append(_fit_beats(onsets, found.period / ratio))
    grid = min(tried, key=lambda beats: _judge(onsets, beats, quarters, meter, bpm))
    per_bar = max(1, round(meter.bar_beats / quarters))
    return PlayerBeats(grid, quarters, _find_one(notes, grid, per_bar), found.confidence)


def _find_taps(times: Sequence[float]) -> float | None:
    """Return the seconds between taps of a few even notes; None if they are uneven."""
    steps = [later - earlier for earlier, later in pairwise(times) if later - earlier > TOGETHER]
    if len(steps) + 1 < LEAST_TAPS:
        return None
    usual = middle(steps)
    if any(abs(step - usual) > UNEVEN_TAPS * usual for step in steps):
        return None
    return usual if SHORTEST <= usual <= LONGEST else None


def _fit_beats(onsets: Sequence[tuple[float, float]], coarse: float) -> BeatGrid:
    """Return the beats near a period that follow onsets as (second, velocity)."""
    asked = onsets[:JUDGED]
    near = [coarse * (1.0 + FINE * (2.0 * step / (FINE_STEPS - 1) - 1.0)) for step in range(FINE_STEPS)]
    period = max(near, key=lambda tried: sum(abs(_turn(asked, tried / part)) for part in (1, 2, 4)))
    turn = _turn(onsets, period)
    # If beats and off-beats are alike, the first note is on the beat.
    pulled = turn + FIRST_PULL * cmath.exp(2j * pi * onsets[0][0] / period)
    times = _follow(onsets, period, cmath.phase(pulled) / (2.0 * pi) * period)
    return fit_grid(times) or BeatGrid((times[0], times[0] + period))


def _turn(onsets: Sequence[tuple[float, float]], period: float) -> complex:
    """Return the mean phase of onsets in a period as an angle; its length, 0..1, is their agreement."""
    total = sum(velocity for _, velocity in onsets)
    return sum(velocity * cmath.exp(2j * pi * seconds / period) for seconds, velocity in onsets) / total


def _judge(
    onsets: Sequence[tuple[float, float]], grid: BeatGrid, quarters: float, meter: Meter, usual_bpm: float
) -> float:
    """Return the cost of a grid: simple positions are cheap, and so is a tempo near the usual."""
    positions: list[float] = []
    second = 1.0 / grid.beat_seconds
    for seconds, _ in onsets:
        position = grid.position(seconds)
        if not positions or position - positions[-1] > TOGETHER * second:
            positions.append(position)
        if len(positions) == JUDGED:
            break
    start = floor(positions[0])
    bpm = 60.0 * quarters * second
    grid_positions = find_grid_positions([(position - start) * quarters for position in positions], meter, bpm)
    beats = positions[-1] - positions[0] + 1.0
    octaves = log2(bpm / usual_bpm) / SPREAD_OCTAVES
    return (grid_positions.cost + BEAT_COST * beats) / len(positions) + OCTAVE_COST * octaves * octaves


def _follow(onsets: Sequence[tuple[float, float]], period: float, phase: float) -> list[float]:
    """Track beats from before the first onset to after the last, following (seconds, velocity)."""
    times = [seconds for seconds, _ in onsets]
    middle = len(times) // 2
    # From the middle both ways: there the phase of the whole is nearest to the player's.
    start = phase + round((times[middle] - phase) / period) * period
    forth = _walk(onsets, times, start, period, times[-1])
    mirrored = [(-seconds, velocity) for seconds, velocity in reversed(onsets)]
    back = _walk(mirrored, [seconds for seconds, _ in mirrored], -start, period, -times[0])
    return [-time for time in reversed(back[1:])] + forth


def _walk(
    onsets: Sequence[tuple[float, float]], times: Sequence[float], start: float, period: float, end: float
) -> list[float]:
    usual, beats, at = period, [], start
    while True:
        first, last = bisect_left(times, at - REACH * period), bisect_right(times, at + REACH * period)
        weights = [
            velocity * exp(-0.5 * ((seconds - at) / (NEARNESS * period)) ** 2)
            for seconds, velocity in onsets[first:last]
        ]
        if weights:
            total = sum(weights) + UNMOVED
            miss = sum(weight * (time - at) for weight, time in zip(weights, times[first:last], strict=True)) / total
            at += PHASE_GAIN * miss
            period += PERIOD_GAIN * miss
            period = min((1.0 + WANDERING) * usual, max((1.0 - WANDERING) * usual, period))
        beats.append(at)
        if at > end:
            return beats
        at += period


def _find_one(notes: Sequence[tuple[float, int, float]], grid: BeatGrid, per_bar: int) -> int:
    """Return the beat of the first bar on which bars begin, from accents, bass notes and the first note."""
    pitches = sorted(pitch for _, pitch, _ in notes)
    accents: dict[int, float] = {}
    for seconds, pitch, velocity in notes:
        position = grid.position(seconds)
        beat = round(position)
        if abs(position - beat) <= ON_BEAT:
            higher = 1.0 - bisect_right(pitches, pitch) / len(pitches)
            accents[beat] = accents.get(beat, 0.0) + velocity + BASS_ACCENT * higher
    if not accents:
        return 0
    first, last = min(accents), max(accents)
    scores = []
    for shift in range(per_bar):
        beats = range(first + shift, last + 1, per_bar)
        mean = sum(accents.get(beat, 0.0) for beat in beats) / len(beats) if beats else 0.0
        scores.append(mean * (FIRST_ACCENT if shift == 0 else 1.0))
    return first + max(range(per_bar), key=scores.__getitem__)
