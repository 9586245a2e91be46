"""Downbeats: the phase of bars of a given number of beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.learned_tables import DOWNBEAT_WEIGHTS
from musearoo.engines.analysis.fast.rhythm.signals import CHANNELS
from musearoo.engines.analysis.fast.rhythm.tables import read_table
from musearoo.engines.analysis.fast.rhythm.tatums import Tatum

BAR_LENGTHS: Final = (2, 3, 4, 5, 7)
"""Candidate bar lengths in beats."""

IRREGULAR_BAR: Final = 7.0
"""Cost in nats of a bar that is longer or shorter than the others: about one in a thousand."""

DOWNBEAT_REACH: Final = 2
"""Context around a beat, in beats, for the downbeat decision: fills before, backbeats after."""

_LENGTHS: Final = np.asarray(BAR_LENGTHS)
_PLACES: Final = np.arange(max(BAR_LENGTHS))
_TABLE: Final = read_table(DOWNBEAT_WEIGHTS)
_BIAS: Final = np.float32(_TABLE["bias"][0])
_WEIGHTS: Final = np.asarray([_TABLE[name] for name in CHANNELS], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class BarFit:
    """The fit of each of `BAR_LENGTHS` to several rows of beats; all arrays are (rows, lengths).

    `first`: the index of the first downbeat. `contrast`: the mean log odds of downbeats at the expected beats minus
    those elsewhere, in nats, reduced where there are few bars. `backbeat`: the snare strength on every second beat of
    the bar relative to the downbeat and every second beat from there.
    """

    first: npt.NDArray[np.int64]
    contrast: FloatArray
    backbeat: FloatArray


def weigh_downbeats(tatum: Tatum, shifts: Sequence[int]) -> FloatArray:
    """Return the log odds that the beats of a tatum, shifted by parts of a beat, are downbeats: float32 (shifts,
    beats).

    Uses the signal contrast from `DOWNBEAT_REACH` beats before to as many after, in steps of a quarter of a beat.
    """
    surroundings = look_around(tatum, shifts)
    odds: FloatArray = np.tensordot(surroundings, _WEIGHTS, axes=((0, 3), (0, 1))) + _BIAS
    return odds


def look_around(tatum: Tatum, shifts: Sequence[int]) -> FloatArray:
    """Return the signal contrast around each beat: float32 (channels, shifts, beats, steps), relative to the mean of
    that position."""
    rest = tatum.part_strengths - tatum.part_strengths.mean(axis=1, keepdims=True)
    channels, beats, parts = rest.shape
    margin = (DOWNBEAT_REACH + 1) * parts
    line = np.zeros((channels, beats * parts + 2 * margin), dtype=np.float32)
    line[:, margin : margin + beats * parts] = rest.reshape(channels, -1)
    steps = np.arange(-DOWNBEAT_REACH * parts, DOWNBEAT_REACH * parts + 1, parts // 4) + margin
    places = np.asarray(shifts)[:, np.newaxis, np.newaxis] + parts * np.arange(beats)[:, np.newaxis] + steps
    around: FloatArray = line[:, places]
    return around


def fit_bars(odds: FloatArray, snares: FloatArray, pulls: FloatArray, pulled: npt.NDArray[np.int64]) -> BarFit:
    """Fit bars of each of `BAR_LENGTHS` to rows of beats.

    `odds`: of `weigh_downbeats`. `snares`: float32 (rows, beats). `pulls`: nats (rows, lengths) in favour of a downbeat
    at the beats `pulled` (rows, lengths), which may be before the first.
    """
    count = odds.shape[1]
    # (beats, lengths, positions): whether a beat has a position in a bar; positions beyond a bar's length have no
    # beats.
    has_place = (np.arange(count)[:, np.newaxis] % _LENGTHS)[:, :, np.newaxis] == _PLACES
    numbers = has_place.sum(axis=0)
    least = np.maximum(numbers, 1)
    # (rows, lengths, positions)
    sums, strokes = np.split(np.tensordot(np.concatenate((odds, snares)), has_place.astype(np.float32), axes=1), 2)
    strokes = strokes / least
    rest = np.maximum(count - numbers, 1)
    contrasts = sums / least - (odds.sum(axis=1)[:, np.newaxis, np.newaxis] - sums) / rest
    # More bars that agree count more.
    scores = np.where(numbers > 0, contrasts * np.sqrt(count / _LENGTHS)[:, np.newaxis], -np.inf)
    row, length = np.ogrid[: odds.shape[0], : _LENGTHS.size]
    scores[row, length, pulled % _LENGTHS] += pulls
    first = scores.argmax(axis=2)
    inside = (_PLACES - first[:, :, np.newaxis]) % _LENGTHS[:, np.newaxis] % 2 == 1
    exists = _LENGTHS[:, np.newaxis] > _PLACES
    contrast = np.take_along_axis(contrasts, first[:, :, np.newaxis], axis=2)[:, :, 0]
    return BarFit(
        first=first,
        contrast=contrast * np.minimum(1.0, count / _LENGTHS / 2),
        backbeat=(strokes * inside).sum(axis=2) / (_LENGTHS // 2)
        - (strokes * (exists & ~inside)).sum(axis=2) / (_LENGTHS - _LENGTHS // 2),
    )


def measure_likeness(echoes: Mapping[int, float], bar_beats: int) -> float:
    """Return the similarity of beats one bar apart, relative to other distances."""
    if bar_beats not in echoes:
        return 0.0
    rivals = [echo for lag, echo in echoes.items() if lag % bar_beats]
    return echoes[bar_beats] - (sum(rivals) / len(rivals) if rivals else 0.0)


def place_downbeats(odds: FloatArray, bar_beats: int, first: int, pull: float) -> tuple[int, ...]:
    """Return the indices of the downbeats: regular bars from `first` on, unless irregular ones are much likelier.

    `odds`: log odds (beats,); `pull`: the nats in favour of `first`. Viterbi search over the position in the bar;
    shortening or lengthening a bar costs `IRREGULAR_BAR`.
    """
    count = odds.size
    if count <= 3 * bar_beats:
        return tuple(range(first, count, bar_beats))
    scores = np.zeros(bar_beats)
    scores[(-first) % bar_beats] = pull
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
