"""Swing ratio, measured from the onsets' positions within their beats.

Two kinds of hypotheses are compared with a histogram of the onsets: an even division of the beat, in two or in four,
with the sixteenths perhaps swung, and a long and a short eighth with perhaps a triplet between. Only then is the
position of the off-beats measured, so that early sixteenths are not taken for late eighths, nor the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from math import exp, log, pi, sqrt
from operator import mul
from typing import Final, NamedTuple

from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.swing import MAX_RATIO

LEAST_ONSETS: Final = 4
"""Minimum number of off-beat onsets to measure swing."""
ON_BEAT: Final = 0.12
"""How far from the beat, in beats, an onset still counts as on it."""
EVEN_OFF_BEAT: Final = (0.42, 0.58)
"""Range of the off-beat eighth in an evenly divided beat; includes light swing up to 1.38."""
NEAR: Final = 0.08
"""Range around a hypothesis's off-beat, in beats, in which swung eighths are."""
LATEST: Final = 0.78
"""Latest position of a swung eighth, a little beyond a dotted eighth."""
DOUBLED: Final = 0.5
"""Factor on the confidence where beats had to be taken in pairs."""

BINS: Final = 48
SPREAD: Final = 0.035
"""Standard deviation of drummers' onsets around their grid positions, in beats: 17 ms at 120 BPM."""
ELSEWHERE: Final = 0.08
"""The share of onsets that may be anywhere: rolls, flams, wrong hits."""


class SwingHypothesis(NamedTuple):
    """A swing hypothesis: the position of the off-beat eighth, and the log likelihood of an onset in each bin of the
    beat."""

    is_even: bool
    off_beat: float
    log_likelihood: tuple[float, ...]


def find_swing(positions: Iterable[float]) -> Estimate[float | None]:
    """Return the swing ratio (long to short) of the off-beat eighths from onset positions in beats; None with too few
    onsets.

    Where the off-beats are empty because twice as many beats are counted as felt, every second beat is used as the
    off-beat.

    >>> swing = find_swing([beat + part for beat in range(8) for part in (0.0, 2 / 3)])
    >>> round(swing.value, 6), swing.confidence > 0.5
    (2.0, True)
    """
    onsets = list(positions)
    found = _measure_swing(onsets)
    if found.value is not None:
        return found
    doubled = _measure_swing([0.5 * position for position in onsets])
    return replace(doubled, confidence=DOUBLED * doubled.confidence)


def _measure_swing(positions: Sequence[float]) -> Estimate[float | None]:
    """Return the swing ratio from onset positions in beats."""
    # Relative to the played beat, because a player who is late is late on both.
    on_beat = [position - round(position) for position in positions if abs(position - round(position)) <= ON_BEAT]
    late = middle(on_beat) if len(on_beat) >= LEAST_ONSETS else 0.0
    parts = [(position - late) % 1.0 for position in positions]
    hypothesis, lead = _choose_hypothesis(parts)
    low, high = (
        EVEN_OFF_BEAT if hypothesis.is_even else (hypothesis.off_beat - NEAR, min(LATEST, hypothesis.off_beat + NEAR))
    )
    off = [part for part in parts if low <= part <= high]
    if len(off) < LEAST_ONSETS:
        return Estimate(None, 0.0, "guess")
    position = middle(off)
    spread = middle([abs(part - position) for part in off])
    enough = min(1.0, len(off) / 16.0)
    confidence = (0.4 + 0.6 * enough) * (1.0 - 6.0 * spread) * min(1.0, 0.5 + 4.0 * lead)
    return Estimate(min(MAX_RATIO, position / (1.0 - position)), max(0.0, confidence), "clip")


def middle(values: Sequence[float]) -> float:
    """Return the median; of an even number, the mean of the two in the middle.

    >>> middle([3.0, 1.0, 2.0, 10.0])
    2.5
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0


def _choose_hypothesis(parts: Sequence[float]) -> tuple[SwingHypothesis, float]:
    """Return the likeliest hypothesis for positions in the beat, 0..1, and its lead over the other kind, per onset."""
    histogram = [0] * BINS
    for part in parts:
        histogram[int(part * BINS) % BINS] += 1
    hypotheses = _hypotheses()
    scores = [sum(map(mul, histogram, hypothesis.log_likelihood)) for hypothesis in hypotheses]
    best = max(range(len(hypotheses)), key=scores.__getitem__)
    others = [
        score
        for score, hypothesis in zip(scores, hypotheses, strict=True)
        if hypothesis.is_even != hypotheses[best].is_even
    ]
    return hypotheses[best], (scores[best] - max(others)) / max(1, len(parts))


@cache
def _hypotheses() -> tuple[SwingHypothesis, ...]:
    """All hypotheses. The shares are those of onsets in the train split of the Groove MIDI Dataset (CC BY 4.0)."""
    even = [
        _make_hypothesis(
            True, 0.5, ((0.0, 0.42), (0.5, eighths), (0.25 + late, 0.09 + more), (0.75 + late, 0.13 + more))
        )
        for eighths, more in ((0.28, 0.0), (0.14, 0.07))
        for late in (0.0, 0.02, 0.04, 0.06, 1.0 / 12.0)
    ]
    swung = [
        _make_hypothesis(
            False, position / 100.0, ((0.0, 0.46), (position / 100.0, 0.36), (1.0 - position / 100.0, 0.10))
        )
        for position in range(56, 71, 2)
    ]
    # No off-beat position beyond the triplet: onsets there are sixteenths.
    dotted = [
        _make_hypothesis(False, position / 100.0, ((0.0, 0.50), (position / 100.0, 0.42))) for position in (72, 74)
    ]
    return (*even, *swung, *dotted)


def _make_hypothesis(is_even: bool, off_beat: float, positions: Sequence[tuple[float, float]]) -> SwingHypothesis:
    likelihoods = []
    for index in range(BINS):
        part = (index + 0.5) / BINS
        density = ELSEWHERE
        for position, share in positions:
            miss = min(abs(part - position), 1.0 - abs(part - position))
            density += share * exp(-0.5 * (miss / SPREAD) ** 2) / (SPREAD * sqrt(2.0 * pi))
        likelihoods.append(log(density))
    return SwingHypothesis(is_even, off_beat, tuple(likelihoods))
