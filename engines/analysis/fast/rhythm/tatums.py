"""Tatums: a tempo candidate tracked through a clip, with its beats and the signal on and between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.beats import Beats, track_beats
from musearoo.engines.analysis.fast.rhythm.signals import ROW, Signals
from musearoo.engines.music.timing import bpm_of_period

PARTS: Final = 12
"""Subdivisions of a beat: the smallest number with halves, thirds, quarters and sixths."""

ONSET_SHARE: Final = 0.15
"""Weight of onsets relative to beat activations in beat tracking: keeps time where the network is unsure."""

AT_END: Final = 4
"""Frames before the end of a clip within which a beat belongs to the next repeat: activations are about as wide."""

LAGS: Final = (2, 3, 4, 5, 6, 7)
"""Lags in beats at which a tatum is compared with itself: the lengths of bars."""

_PLAYED: Final = [row for name, row in ROW.items() if name not in ("beat", "downbeat")]


@dataclass(frozen=True, eq=False)
class Tatum:
    """A tempo candidate tracked through a clip. The beat may be shifted against it: see `meter_hypotheses.SHIFTS`.

    `beats`: seconds. `period`: seconds from beat to beat, as regular as the clip allows.
    `jitter`: how far beats lie from the middle of their neighbours, in beats.
    `resemblance`: the comb score of its period.
    `part_strengths`: float32 (channels, beats, PARTS), the strength of each part of each beat.
    `echoes`: how alike are beats that lie some beats apart, -1..1, for each of `LAGS` that fits.
    """

    beats: Beats
    period: float
    jitter: float
    resemblance: float
    part_strengths: FloatArray
    echoes: Mapping[int, float]

    @property
    def bpm(self) -> float:
        """Tempo in beats per minute."""
        return bpm_of_period(self.period)


def track_tatum(signals: Signals, period: float, resemblance: float) -> Tatum:
    """Track a tempo candidate of about `period` frames through a clip; `resemblance` is its comb score."""
    evidence = (1.0 - ONSET_SHARE) * signals.row("beat") + ONSET_SHARE * signals.row("onset")
    frames = track_beats(evidence, period)
    # A beat at the very end is the first of the next repeat.
    frames = frames[: max(1, int(np.searchsorted(frames, signals.frames - AT_END)))]
    steps = np.diff(frames, append=frames[-1] + period)
    places = frames[:, np.newaxis] + steps[:, np.newaxis] * (np.arange(PARTS) / PARTS)
    nearest = np.minimum(np.rint(places).astype(np.int64), signals.frames - 1)
    part_strengths = signals.near[:, nearest]
    exact = fit_period(frames, period)
    return Tatum(
        beats=frames / FRAMES_PER_SECOND,
        period=exact / FRAMES_PER_SECOND,
        jitter=measure_jitter(frames) / exact,
        resemblance=resemblance,
        part_strengths=part_strengths,
        echoes=_measure_echoes(part_strengths),
    )


def fit_period(beats: Beats, about: float) -> float:
    """Fit the beat period by least squares, in the unit of the beats.

    Beats are numbered by the steps between them, so that a missing beat does no harm.
    """
    if beats.size < 3:
        return float(beats[1] - beats[0]) if beats.size == 2 else about
    numbers = np.concatenate(([0.0], np.cumsum(np.maximum(1.0, np.rint(np.diff(beats) / about)))))
    x, y = numbers, beats
    slope = about
    # Twice: the second time without outliers, which are rests and fills.
    for _ in range(2):
        centre, middle = x.sum() / x.size, y.sum() / y.size
        slope = float((x - centre) @ (y - middle) / ((x - centre) @ (x - centre)))
        rest = np.abs(beats - middle - slope * (numbers - centre))
        keep = rest <= max(0.04 * about, 2.0 * float(np.partition(rest, rest.size // 2)[rest.size // 2]))
        if np.count_nonzero(keep) < 3:
            break
        x, y = numbers[keep], beats[keep]
    return slope


def measure_jitter(beats: Beats) -> float:
    """Return the standard deviation of beats from even ones, in their unit; a drifting tempo counts little."""
    bends = np.diff(beats, 2)
    # The second difference of three independent beats, with weights 1, -2, 1, has six times their variance.
    return float(np.sqrt(bends @ bends / (6.0 * bends.size))) if bends.size else 0.0


def _measure_echoes(part_strengths: FloatArray) -> dict[int, float]:
    """Return the similarity of beats some beats apart, by the signals in each quarter of them."""
    flat = part_strengths[_PLAYED, :, :: PARTS // 4].transpose(1, 0, 2).reshape(part_strengths.shape[1], -1)
    flat = flat - flat.mean(axis=0)
    figures = flat / np.maximum(np.sqrt(np.einsum("bf,bf->b", flat, flat))[:, np.newaxis], 1e-3)
    count = figures.shape[0]
    return {
        lag: float(np.einsum("bf,bf->", figures[:-lag], figures[lag:])) / (count - lag)
        for lag in LAGS
        if count >= lag + 2
    }
