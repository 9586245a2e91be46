"""Tempo candidates: periods at which the signals are similar to themselves one, two, three and four beats later."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy import fft

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.signals import Signals
from musearoo.engines.music.timing import beats_to_seconds, seconds_per_beat

MIN_TATUM_BPM: Final = 38.0
MAX_TATUM_BPM: Final = 330.0
"""Slower and faster tatums are excluded: the limits are the slowest ballads, and eighths of fast 7/8."""

STEP: Final = 1.0125
"""Ratio between neighbouring tempos in the coarse search; a comb of four teeth is twice as wide."""

TEETH: Final = (1.0, 0.8, 0.6, 0.6)
"""Weights of one, two, three and four beats later: bars of four are usual, and long lags are blurred by drift."""

LONGEST_SHARE: Final = 0.8
"""The maximum lag as a share of the clip: at longer ones too little overlaps."""

RELATIVES: Final = (2.0, 0.5, 3.0, 1 / 3, 1.5, 2 / 3, 4 / 3, 0.75)
"""Ratios of likely tempo errors: metrical levels, three against two, and dotted figures."""

SAME: Final = 0.04
"""Tempos that differ by less are the same, as in the tempo accuracy measure (Gouyon et al., 2006)."""

_NEAR: Final = np.linspace(1 / STEP, STEP, 11, dtype=np.float32)

PEAKS: Final = 5
TRUSTED_PEAKS: Final = 3
"""The number of comb peaks that become candidates, and of those whose relatives do too."""

BEAT_SHARE: Final = 0.65
"""The weight of the beat channel in the self-similarity; the rest is onsets.

It is cleaner, but misses breaks and rests.
"""


def measure_resemblance(signals: Signals) -> FloatArray:
    """Return the autocorrelation of the clip's signals: (lags,), -1..1, 1 at lag 0 unless everything is silent."""
    frames = signals.frames
    teeth = len(TEETH)
    lags = min(int(LONGEST_SHARE * frames), round(beats_to_seconds(teeth, MIN_TATUM_BPM) * FRAMES_PER_SECOND) + 2)
    result = np.zeros(max(lags, 1), dtype=np.float32)
    for name, share in (("beat", BEAT_SHARE), ("onset", 1.0 - BEAT_SHARE)):
        row = signals.row(name) - signals.row(name).mean()
        energy = float(row @ row)
        if energy <= 0.0:
            continue
        size = fft.next_fast_len(frames + result.size, real=True)
        spectrum = fft.rfft(row, size)
        products = fft.irfft(spectrum.real**2 + spectrum.imag**2, size)[: result.size]
        overlap = 1.0 - np.arange(result.size, dtype=np.float32) / frames
        result += share * products / (energy * overlap)
    return result


def comb(resemblance: FloatArray, periods: FloatArray) -> FloatArray:
    """Return how well periods in frames explain a self-similarity: (periods,), the weighted mean of the teeth within
    it.
    """
    teeth = np.arange(1, len(TEETH) + 1, dtype=np.float32)
    weights = np.asarray(TEETH, dtype=np.float32)[:, np.newaxis]
    lags = teeth[:, np.newaxis] * periods
    values = np.interp(lags, np.arange(resemblance.size), resemblance, right=0.0)
    fits = weights * (lags <= resemblance.size - 1)
    total: FloatArray = (values * fits).sum(axis=0) / np.maximum(fits.sum(axis=0), weights.sum() / 2)
    return total


def propose_tempo_candidates(resemblance: FloatArray, most: int) -> FloatArray:
    """Return candidate beat periods in frames, the likeliest first, at most `most`; none where nothing repeats."""
    shortest, longest = (seconds_per_beat(bpm) * FRAMES_PER_SECOND for bpm in (MAX_TATUM_BPM, MIN_TATUM_BPM))
    longest = min(longest, resemblance.size - 1.0)
    if longest <= shortest:
        return np.zeros(0, dtype=np.float32)
    grid = (shortest * STEP ** np.arange(np.log(longest / shortest) / np.log(STEP))).astype(np.float32)
    scores = comb(resemblance, grid)
    inner = np.flatnonzero((scores[1:-1] >= scores[:-2]) & (scores[1:-1] > scores[2:]) & (scores[1:-1] > 0.0)) + 1
    peaks = refine(resemblance, grid[inner[np.argsort(-scores[inner], kind="stable")[:PEAKS]]])
    related: FloatArray = np.divide.outer(peaks[:TRUSTED_PEAKS], np.asarray(RELATIVES, dtype=np.float32)).ravel()
    relatives = refine(resemblance, related[(related >= shortest) & (related <= longest)])
    candidates: list[float] = []
    for period in (*peaks.tolist(), *relatives.tolist()):
        if all(abs(math.log(period / other)) > SAME for other in candidates):
            candidates.append(period)
    chosen = np.asarray(candidates, dtype=np.float32)
    # Octaves score alike: preferred tempo (van Noorden and Moelants, 1999) breaks the tie for the short list.
    usual = np.exp(-0.5 * (np.log2(chosen / (seconds_per_beat(112.0) * FRAMES_PER_SECOND)) / 1.1) ** 2)
    return chosen[np.argsort(-np.maximum(comb(resemblance, chosen), 0.02) * usual, kind="stable")[:most]]


def refine(resemblance: FloatArray, periods: FloatArray) -> FloatArray:
    """Return the best periods near coarse ones, in frames."""
    if not periods.size:
        return periods
    around = periods[:, np.newaxis] * _NEAR
    best = comb(resemblance, around.ravel()).reshape(around.shape).argmax(axis=1)
    near: FloatArray = around[np.arange(periods.size), best]
    return near
