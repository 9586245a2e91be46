"""The length of a clip as evidence: a loop lasts whole bars and starts on one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.signals import Signals
from musearoo.engines.analysis.fast.rhythm.tatums import PARTS, Tatum

LONGEST_LOOP: Final = 40.0
"""Seconds: 16 bars at 96 BPM. The length of longer clips is no evidence, because some multiple always fits."""

USUAL_BARS: Final = (1, 2, 4, 8, 16)

BEAT_TOLERANCE: Final = 0.08
"""Standard deviation of a loop's length from whole beats, in beats: the accuracy of a tempo from few beats."""

START_TOLERANCE: Final = 0.1
"""Standard deviation of the first beat of a loop from its start, in beats."""

SILENCE: Final = 0.04
"""Seconds of silence before or after the music that a loosely cut loop may have."""


@dataclass(frozen=True, eq=False)
class LoopFit:
    """The fit of a clip's length to whole bars, for each beat shift and bar length.

    `whole_beats`, `starts_on_beat`, `whole_bars`, `usual_bars`: float32 (shifts, lengths), 0 (not at all) to 1.
    `bars`: the nearest whole number of bars; `start`, `length`: the seconds they were measured from and over.
    """

    whole_beats: FloatArray
    starts_on_beat: FloatArray
    whole_bars: FloatArray
    usual_bars: FloatArray
    bars: npt.NDArray[np.int64]
    start: FloatArray
    length: FloatArray


def fit_loops(
    tatum: Tatum, shifts: FloatArray, bar_beats: FloatArray, signals: Signals, is_loop: bool | None
) -> LoopFit:
    """Fit a clip to whole bars: as a whole, or without the silence before or after it, whichever fits best.

    `shifts`: the shift of the count after the tatum's beats, in parts; `bar_beats`: bar lengths to try.
    """
    start, end = signals.sounding
    starts_of = (0.0, start) if start > SILENCE else (0.0,)
    ends_of = (signals.duration, end) if signals.duration - end > SILENCE else (signals.duration,)
    spans = [(first, last) for first in starts_of for last in ends_of]
    starts, ends = np.asarray(spans, dtype=np.float64).T
    lengths = ends - starts
    beats = (lengths / tatum.period)[:, np.newaxis, np.newaxis]
    bars = np.rint(beats / bar_beats)
    whole_beats = _near(beats - np.rint(beats), BEAT_TOLERANCE)
    whole_bars = _near(beats - bars * bar_beats, BEAT_TOLERANCE) * (bars > 0)
    first = (tatum.beats[0] - starts)[:, np.newaxis] / tatum.period + shifts / PARTS
    on_beat = _near(first - np.rint(first), START_TOLERANCE)[:, :, np.newaxis] * whole_beats
    if is_loop is False or signals.duration > LONGEST_LOOP:
        whole_beats, whole_bars, on_beat = (np.zeros_like(each) for each in (whole_beats, whole_bars, on_beat))
    best = (whole_bars * on_beat + 0.1 * whole_beats).argmax(axis=0)
    shift, length = np.ogrid[: best.shape[0], : best.shape[1]]
    return LoopFit(
        whole_beats=whole_beats[best, 0, 0],
        starts_on_beat=on_beat[best, shift, 0],
        whole_bars=whole_bars[best, 0, length],
        usual_bars=whole_bars[best, 0, length] * np.isin(bars[best, 0, length], USUAL_BARS),
        bars=bars[best, 0, length].astype(np.int64),
        start=starts[best],
        length=lengths[best],
    )


def _near(distance: npt.NDArray[np.float64], tolerance: float) -> npt.NDArray[np.float64]:
    """Bell curve: 1 at distance 0."""
    return np.exp(-0.5 * (distance / tolerance) ** 2)
