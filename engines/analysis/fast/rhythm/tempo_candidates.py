"""Tempo candidates: periods at which the signals resemble themselves one, two, three and four beats later."""

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
"""Slower and faster pulses are not counted: the slowest ballads, and eighths of 7/8 at a fast pace."""

STEP: Final = 1.0125
"""Ratio between neighbouring tempos that are tried first; a comb of four teeth is twice as wide."""

TEETH: Final = (1.0, 0.8, 0.6, 0.6)
"""Weights of one, two, three and four beats later: bars of four are usual, and long lags are blurred by drift."""

LONGEST_SHARE: Final = 0.8
"""Lags up to this share of the clip: from longer ones too little overlaps to say anything."""

RELATIVES: Final = (2.0, 0.5, 3.0, 1 / 3, 1.5, 2 / 3, 4 / 3, 0.75)
"""Ratios by which a comb is mistaken: metrical levels, and what three-against-two and dotted figures suggest."""

SAME: Final = 0.04
"""Tempos that differ by less are one, as in the measure of tempo (Gouyon et al., 2006)."""

_NEAR: Final = np.linspace(1 / STEP, STEP, 11, dtype=np.float32)

PEAKS: Final = 5
TRUSTED_PEAKS: Final = 3
"""How many peaks of the comb become candidates, and of how many the relatives do too."""

BEAT_SHARE: Final = 0.65
"""How much the beat channel counts in resemblance, the rest being onsets: cleaner, but it misses breaks and rests."""


def measure_resemblance(signals: Signals) -> FloatArray:
    """How much a clip resembles itself some frames later: (lags,), -1..1, 1 at lag 0 where there is anything at all."""
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
    """How well periods in frames explain a resemblance: (periods,), the weighted mean of those teeth that fit in it."""
    teeth = np.arange(1, len(TEETH) + 1, dtype=np.float32)
    weights = np.asarray(TEETH, dtype=np.float32)[:, np.newaxis]
    lags = teeth[:, np.newaxis] * periods
    values = np.interp(lags, np.arange(resemblance.size), resemblance, right=0.0)
    fits = weights * (lags <= resemblance.size - 1)
    total: FloatArray = (values * fits).sum(axis=0) / np.maximum(fits.sum(axis=0), weights.sum() / 2)
    return total


def propose_tempo_candidates(resemblance: FloatArray, most: int) -> FloatArray:
    """Candidate beat periods in frames, the likeliest first, at most `most`; none where nothing repeats."""
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
    # Octaves score alike: the tempo that people tap (van Noorden and Moelants, 1999) breaks the tie for the short list.
    usual = np.exp(-0.5 * (np.log2(chosen / (seconds_per_beat(112.0) * FRAMES_PER_SECOND)) / 1.1) ** 2)
    return chosen[np.argsort(-np.maximum(comb(resemblance, chosen), 0.02) * usual, kind="stable")[:most]]


def refine(resemblance: FloatArray, periods: FloatArray) -> FloatArray:
    """The periods near coarse ones that fit best, in frames."""
    if not periods.size:
        return periods
    around = periods[:, np.newaxis] * _NEAR
    best = comb(resemblance, around.ravel()).reshape(around.shape).argmax(axis=1)
    near: FloatArray = around[np.arange(periods.size), best]
    return near
