"""Pulses: a tempo that a clip may have, with its beats and what is heard on them and between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.evidence import FRAMES_PER_SECOND
from engines.brainaroo.hearing.rhythm.beats import Beats, track_beats
from engines.brainaroo.hearing.rhythm.signals import ROW, Signals
from engines.brainaroo.hearing.sound import FloatArray

PARTS: Final = 12
"""Parts of a beat that are looked at: the least that has halves, thirds, quarters and sixths."""

LAGS: Final = (2, 3, 4, 5, 6, 7)
"""Beats apart at which what is played is compared: the lengths of bars."""

_PLAYED: Final = [row for name, row in ROW.items() if name not in ("beat", "downbeat")]

ONSET_SHARE: Final = 0.15
"""How much onsets pull beats beside beat evidence: enough to keep time where a network is unsure."""


@dataclass(frozen=True, eq=False)
class Pulse:
    """One way to count a clip.

    `beats`: seconds. `period`: seconds from beat to beat, as regular as the clip allows.
    `profile`: float32 (channels, PARTS), the mean strength at each part of the beat.
    `at_beats`: float32 (channels, beats). `echoes`: how alike are beats
    that lie some beats apart, by what is played from each to the next: -1..1 for each lag of `LAGS` that fits.
    """

    beats: Beats
    period: float
    jitter: float
    """Standard deviation of beats from even ones, in beats."""
    resemblance: float
    profile: FloatArray
    at_beats: FloatArray
    echoes: Mapping[int, float]

    @property
    def bpm(self) -> float:
        """Beats a minute."""
        return 60.0 / self.period


def follow_pulse(signals: Signals, period: float, resemblance: float) -> Pulse:
    """The pulse of about `period` frames; `resemblance` is how well the comb of `periods` liked it."""
    evidence = (1.0 - ONSET_SHARE) * signals.row("beat") + ONSET_SHARE * signals.row("onset")
    frames = track_beats(evidence, period)
    steps = np.diff(frames, append=frames[-1] + period)
    places = frames[:, np.newaxis] + steps[:, np.newaxis] * (np.arange(PARTS) / PARTS)
    nearest = np.minimum(np.rint(places).astype(np.int64), signals.frames - 1)
    heard = signals.near[:, nearest]
    beats = frames / FRAMES_PER_SECOND
    exact, jitter = fit_period(beats, period / FRAMES_PER_SECOND)
    return Pulse(
        beats=beats,
        period=exact,
        jitter=jitter / exact,
        resemblance=resemblance,
        profile=heard.mean(axis=1),
        at_beats=heard[:, :, 0],
        echoes=_measure_echoes(heard),
    )


def fit_period(beats: Beats, about: float) -> tuple[float, float]:
    """The period of beats by least squares, and the standard deviation of beats from it, both in seconds.

    Beats are numbered by the steps between them, so that one left out does no harm.
    """
    if beats.size < 3:
        return (float(np.diff(beats).mean()) if beats.size == 2 else about), 0.0
    numbers = np.concatenate(([0.0], np.cumsum(np.maximum(1.0, np.rint(np.diff(beats) / about)))))
    keep = np.ones(beats.size, dtype=bool)
    slope, rest = about, np.zeros(0)
    # Twice: the second time without those that lie far off, which are rests and fills.
    for _ in range(2):
        x, y = numbers[keep] - numbers[keep].mean(), beats[keep]
        slope = float(x @ y / (x @ x))
        rest = beats - beats[keep].mean() - slope * (numbers - numbers[keep].mean())
        keep = np.abs(rest) <= max(0.02, 2.0 * float(np.median(np.abs(rest))))
        if keep.sum() < 3:
            break
    return slope, float(rest.std())


def _measure_echoes(heard: FloatArray) -> dict[int, float]:
    """How alike are beats that lie some beats apart."""
    flat = heard[_PLAYED, :, ::3].transpose(1, 0, 2).reshape(heard.shape[1], -1)
    flat = flat - flat.mean(axis=0)
    figures = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-3)
    count = figures.shape[0]
    return {
        lag: float(np.einsum("bf,bf->", figures[:-lag], figures[lag:])) / (count - lag)
        for lag in LAGS
        if count >= lag + 2
    }
