"""Swing, measured from where onsets lie in their beats.

Two pictures of a beat are held against a histogram of the onsets: one that divides it evenly, in two or in four, with
the sixteenths perhaps swung, and one of a long and a short eighth with perhaps a triplet between. Only then the place
of the off-beats is measured, so that early sixteenths are not taken for late eighths, nor the other way round.
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
"""Off-beats needed before their place says anything."""
ON_BEAT: Final = 0.12
"""How far from the beat, in beats, an onset may be and still be on it."""
EVEN_OFF_BEAT: Final = (0.42, 0.58)
"""Where an off-beat eighth lies in a beat that is divided evenly: light swing, up to 1.38, is still in it."""
NEAR: Final = 0.08
"""How far from the place that a picture gives them, in beats, the off-beats of swung eighths lie."""
LATEST: Final = 0.78
"""Where the last swung eighth lies, a little beyond a dotted eighth."""
DOUBLED: Final = 0.5
"""What is left of the confidence where beats had to be taken in pairs."""

BINS: Final = 48
SPREAD: Final = 0.035
"""The standard deviation of onsets around their places, in beats: 17 ms at 120 BPM, as drummers have it."""
ELSEWHERE: Final = 0.08
"""The share of onsets that may lie anywhere: rolls, flams, wrong hits."""


class _Picture(NamedTuple):
    """One way to divide a beat: where its off-beat eighth lies, and the log likelihood of an onset in each bin."""

    is_even: bool
    off_beat: float
    log_likelihood: tuple[float, ...]


def find_swing(places: Iterable[float]) -> Estimate[float | None]:
    """The ratio of long to short of the off-beat eighths, from the places of onsets in beats; None where few say it.

    Where the off-beats are empty because twice as many beats are counted as felt, the beats between stand for them.

    >>> swing = find_swing([beat + part for beat in range(8) for part in (0.0, 2 / 3)])
    >>> round(swing.value, 6), swing.confidence > 0.5
    (2.0, True)
    """
    listed = list(places)
    found = _measure_swing(listed)
    if found.value is not None:
        return found
    doubled = _measure_swing([0.5 * place for place in listed])
    return replace(doubled, confidence=DOUBLED * doubled.confidence)


def _measure_swing(places: Sequence[float]) -> Estimate[float | None]:
    """The ratio from the places of onsets in beats."""
    # From the beat as it was played: a player who is late is late on both.
    on_beat = [place - round(place) for place in places if abs(place - round(place)) <= ON_BEAT]
    late = middle(on_beat) if len(on_beat) >= LEAST_ONSETS else 0.0
    parts = [(place - late) % 1.0 for place in places]
    picture, lead = _match_picture(parts)
    low, high = EVEN_OFF_BEAT if picture.is_even else (picture.off_beat - NEAR, min(LATEST, picture.off_beat + NEAR))
    off = [part for part in parts if low <= part <= high]
    if len(off) < LEAST_ONSETS:
        return Estimate(None, 0.0, "guess")
    place = middle(off)
    spread = middle([abs(part - place) for part in off])
    enough = min(1.0, len(off) / 16.0)
    confidence = (0.4 + 0.6 * enough) * (1.0 - 6.0 * spread) * min(1.0, 0.5 + 4.0 * lead)
    return Estimate(min(MAX_RATIO, place / (1.0 - place)), max(0.0, confidence), "clip")


def middle(values: Sequence[float]) -> float:
    """The median; of an even number, the mean of the two in the middle.

    >>> middle([3.0, 1.0, 2.0, 10.0])
    2.5
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0


def _match_picture(parts: Sequence[float]) -> tuple[_Picture, float]:
    """The likeliest picture of parts of beats, 0..1, and how far, per onset, it leads over the other sort."""
    histogram = [0] * BINS
    for part in parts:
        histogram[int(part * BINS) % BINS] += 1
    pictures = _pictures()
    scores = [sum(map(mul, histogram, picture.log_likelihood)) for picture in pictures]
    best = max(range(len(pictures)), key=scores.__getitem__)
    others = [
        score for score, picture in zip(scores, pictures, strict=True) if picture.is_even != pictures[best].is_even
    ]
    return pictures[best], (scores[best] - max(others)) / max(1, len(parts))


@cache
def _pictures() -> tuple[_Picture, ...]:
    """All pictures. Their shares are those of strokes in the train split of the Groove MIDI Dataset (CC BY 4.0)."""
    even = [
        _picture(True, 0.5, ((0.0, 0.42), (0.5, eighths), (0.25 + late, 0.09 + more), (0.75 + late, 0.13 + more)))
        for eighths, more in ((0.28, 0.0), (0.14, 0.07))
        for late in (0.0, 0.02, 0.04, 0.06, 1.0 / 12.0)
    ]
    swung = [
        _picture(False, place / 100.0, ((0.0, 0.46), (place / 100.0, 0.36), (1.0 - place / 100.0, 0.10)))
        for place in range(56, 71, 2)
    ]
    # Beyond the triplet there is none between: what lies there are sixteenths.
    dotted = [_picture(False, place / 100.0, ((0.0, 0.50), (place / 100.0, 0.42))) for place in (72, 74)]
    return (*even, *swung, *dotted)


def _picture(is_even: bool, off_beat: float, places: Sequence[tuple[float, float]]) -> _Picture:
    likelihoods = []
    for index in range(BINS):
        part = (index + 0.5) / BINS
        density = ELSEWHERE
        for place, share in places:
            miss = min(abs(part - place), 1.0 - abs(part - place))
            density += share * exp(-0.5 * (miss / SPREAD) ** 2) / (SPREAD * sqrt(2.0 * pi))
        likelihoods.append(log(density))
    return _Picture(is_even, off_beat, tuple(likelihoods))
