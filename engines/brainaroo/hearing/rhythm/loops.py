"""The length of a clip as evidence: a loop lasts whole bars and starts on one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.rhythm.pulses import Pulse
from engines.brainaroo.hearing.rhythm.signals import Signals

LONGEST_LOOP: Final = 40.0
"""Seconds: 16 bars at 96. The length of longer clips says nothing, some multiple always fits."""

USUAL_BARS: Final = (1, 2, 4, 8, 16)

BEAT_TOLERANCE: Final = 0.06
"""Standard deviation of a loop's length from whole beats, in beats: how well a tempo is known from few beats."""

START_TOLERANCE: Final = 0.08
"""Standard deviation of the first beat of a loop from its start, in beats."""


@dataclass(frozen=True, slots=True)
class LoopFit:
    """How well a clip's length fits whole beats and bars; all 0 (not at all) to 1.

    `bars`: the whole number of bars that is nearest, `length`: the seconds that they were measured over.
    """

    whole_beats: float = 0.0
    whole_bars: float = 0.0
    usual_bars: float = 0.0
    starts_on_beat: float = 0.0
    bars: int = 0
    start: float = 0.0
    length: float = 0.0


def fit_loop(pulse: Pulse, bar_beats: int, signals: Signals, is_loop: bool | None) -> LoopFit:
    """How well a clip fits bars of so many beats: as a whole, or without the silence before it or after it."""
    if is_loop is False or signals.duration > LONGEST_LOOP or pulse.beats.size < 2:
        return LoopFit()
    start, end = signals.sounding
    fits = [_fit(pulse, bar_beats, 0.0, signals.duration)]
    if start > 0.25 * pulse.period:
        fits.append(_fit(pulse, bar_beats, start, signals.duration))
    if signals.duration - end > 0.25 * pulse.period:
        fits.append(_fit(pulse, bar_beats, 0.0, end))
    return max(fits, key=lambda fit: fit.whole_bars * fit.starts_on_beat + 0.1 * fit.whole_beats)


def _fit(pulse: Pulse, bar_beats: int, start: float, end: float) -> LoopFit:
    """How well bars fit between two times."""
    beats = (end - start) / pulse.period
    bars = round(beats / bar_beats)
    whole_beats = _near(beats - round(beats), BEAT_TOLERANCE)
    whole_bars = _near(beats - bars * bar_beats, BEAT_TOLERANCE) if bars else 0.0
    first = float(np.abs(pulse.beats - start).min()) / pulse.period
    return LoopFit(
        whole_beats=whole_beats,
        whole_bars=whole_bars,
        usual_bars=whole_bars if bars in USUAL_BARS else 0.0,
        starts_on_beat=_near(first, START_TOLERANCE) * whole_beats,
        bars=bars,
        start=start,
        length=end - start,
    )


def _near(distance: float, tolerance: float) -> float:
    """1 where there is no distance, falling off as a bell."""
    return float(np.exp(-0.5 * (distance / tolerance) ** 2))
