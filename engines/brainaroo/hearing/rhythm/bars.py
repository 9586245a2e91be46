"""Bars: which beats are downbeats, for bars of a given number of beats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.rhythm.learned import DOWNBEAT_BIAS, DOWNBEAT_WEIGHTS
from engines.brainaroo.hearing.rhythm.loops import LoopFit
from engines.brainaroo.hearing.rhythm.pulses import Pulse
from engines.brainaroo.hearing.rhythm.signals import CHANNELS, ROW
from engines.brainaroo.hearing.sound import FloatArray

LOOP_PULL: Final = 2.0
"""Nats by which a clip that fits as a loop of whole bars wants its first beat to be a downbeat."""

IRREGULAR_BAR: Final = 7.0
"""Nats that a bar costs which is longer or shorter than the others: about one in a thousand."""

_WEIGHTS: Final = np.asarray([DOWNBEAT_WEIGHTS.get(name, (0.0, 0.0, 0.0)) for name in CHANNELS], dtype=np.float32).T


@dataclass(frozen=True, slots=True)
class BarFit:
    """How well bars of some beats fit.

    `first`: the index of the first downbeat. `contrast`: how much likelier downbeats are found where they should be,
    in nats a bar, grown with the bars there are. `likeness`: how much bars are alike, against other lengths.
    `snare_contrast`: snares inside the bar's halves against those on their starts.
    """

    first: int
    contrast: float
    likeness: float
    snare_contrast: float


def weigh_downbeats(pulse: Pulse) -> FloatArray:
    """How likely each beat is a downbeat, as log odds: float32 (beats,)."""
    rest = pulse.at_beats - pulse.at_beats.mean(axis=1, keepdims=True)
    own, before, after = _WEIGHTS @ rest
    odds: FloatArray = own + np.float32(DOWNBEAT_BIAS)
    odds[1:] += before[:-1]
    odds[:-1] += after[1:]
    return odds


def fit_bars(pulse: Pulse, odds: FloatArray, bar_beats: int, loop: LoopFit) -> BarFit:
    """How bars of so many beats fit a pulse best, by the `odds` of `weigh_downbeats`."""
    count = odds.size
    places = np.arange(count) % bar_beats
    numbers = np.maximum(np.bincount(places, minlength=bar_beats), 1)
    sums = np.bincount(places, weights=odds, minlength=bar_beats)
    contrasts = sums / numbers - (sums.sum() - sums) / np.maximum(count - numbers, 1)
    # The more bars agree, the more it weighs.
    scores = contrasts * (count / bar_beats) ** 0.5
    if loop.length:
        start = int(np.abs(pulse.beats - loop.start).argmin())
        scores[start % bar_beats] += LOOP_PULL * loop.whole_bars * loop.starts_on_beat
    first = int(scores[: min(bar_beats, count)].argmax())
    snare = np.bincount(places, weights=pulse.at_beats[ROW["snare"]], minlength=bar_beats) / numbers
    inside, outside = snare[(first + 1) % 2 :: 2], snare[first % 2 :: 2]
    return BarFit(
        first=first,
        contrast=float(contrasts[first]) * min(1.0, count / bar_beats / 2),
        likeness=_likeness(pulse.echoes, bar_beats),
        snare_contrast=float(inside.sum() / inside.size - outside.sum() / outside.size),
    )


def _likeness(echoes: Mapping[int, float], bar_beats: int) -> float:
    """How much beats are like those a bar later, against those other numbers of beats later."""
    if bar_beats not in echoes:
        return 0.0
    rivals = [echo for lag, echo in echoes.items() if lag % bar_beats]
    return echoes[bar_beats] - (sum(rivals) / len(rivals) if rivals else 0.0)


def place_downbeats(odds: FloatArray, bar_beats: int, fit: BarFit) -> tuple[int, ...]:
    """The indices of downbeats among the beats: regular bars but where a change is much likelier.

    Viterbi over the place in the bar; a bar may be cut short or drawn out at the price of `IRREGULAR_BAR`.
    """
    count = odds.size
    if count <= 3 * bar_beats:
        return tuple(range(fit.first, count, bar_beats))
    scores = np.zeros(bar_beats)
    scores[(-fit.first) % bar_beats] = 1.0
    scores[0] += odds[0]
    origins = np.empty((count, bar_beats), dtype=np.int64)
    regular = np.roll(np.arange(bar_beats), 1)
    for beat in range(1, count):
        moved = scores[regular]
        origin = regular.copy()
        best = int(scores.argmax())
        if scores[best] - IRREGULAR_BAR > moved[0]:
            moved[0], origin[0] = scores[best] - IRREGULAR_BAR, best
        moved[0] += odds[beat]
        scores, origins[beat] = moved, origin
    place = int(scores.argmax())
    downbeats = []
    for beat in range(count - 1, -1, -1):
        if place == 0:
            downbeats.append(beat)
        if beat:
            place = int(origins[beat][place])
    return tuple(reversed(downbeats))
