"""Find the bar lines: rate each possible position by what changes there and which onsets fall on it.

Each sixteenth of a bar is a candidate, since a loud off-beat may have been tracked as the beat. The bars of a take are
combined by their mean and by the clearest of them: a chord changes at some bar lines only, a cymbal crashes at one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from musearoo.engines.analysis.fast.activation.evidence import CHORD_FRAMES_PER_SECOND, FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.rhythm.bars import weigh_downbeats
from musearoo.engines.analysis.fast.rhythm.bass_onsets import BANDS
from musearoo.engines.analysis.fast.rhythm.signals import ROW
from musearoo.engines.analysis.fast.rhythm.tatums import PARTS, Tatum
from musearoo.engines.audio.loops.beat_tracking import TrackedBeats
from musearoo.engines.audio.loops.features import AnalyzedTake
from musearoo.engines.audio.loops.stretching import Seconds
from musearoo.engines.audio.sound_model import FloatArray

STEPS: Final = 4
"""Positions per tatum at which a bar may begin."""
BESIDE_KICK: Final = 10.0
"""Nats against a bar that begins between the onsets of a four-on-the-floor kick."""
OCTAVE: Final = 12
LEAST_OF_WINDOW: Final = 0.6
"""Fraction of a window with sound that is needed to compare before and after a bar line."""
BEFORE_END: Final = 0.02
"""Seconds before the end of the sound after which no bar begins."""

Values = npt.NDArray[np.float64]

WEIGHTS: Final[Mapping[str, float]] = {
    "taught": 0.573,
    "half": -0.534,
    "quarter": -0.912,
    "beat_bands": 27.8,
    "half_chords_most": 7.78,
    "half_low": 2.82,
    "bar_bands": 29.1,
    "kick": 2.21,
    "downbeat": 1.95,
    "cymbal_most": 1.52,
}
"""Weights of the features in nats per unit, found by `python -m musearoo.tools.workshop.training.bar_starts`.

`taught`: log odds of the downbeat classifier trained on drummers and songs. `half`, `quarter`: whether the position is
between tatums. Then the difference between a beat, half a bar or a bar before the position and as much after it: of the
`chords`, of all `bands`, and the rise of the `low` ones. Last the onsets on it. `most`: in the bar where it is
clearest, else the mean.
"""


def rate_bars(take: AnalyzedTake, tracked: TrackedBeats) -> Values:
    """Return the log probability that the bars of a take begin at each position: (positions,).

    Positions are quarters of a tatum, counted from the take's first tatum, and repeat with each bar.
    """
    scores: Values = describe_bars(take, tracked) @ np.asarray(list(WEIGHTS.values()))
    if tracked.has_kick:
        scores[np.arange(scores.size) % STEPS != 0] -= BESIDE_KICK
    return np.asarray(scores - logsumexp(scores))


def describe_bars(take: AnalyzedTake, tracked: TrackedBeats) -> Values:
    """Return features of each position: (positions, features), in the order of `WEIGHTS`, relative to their mean."""
    places = STEPS * max(1, round(tracked.bar))
    start, end = take.signals.sounding
    steps = np.arange(-places, STEPS * tracked.tatums.size + places)
    moments = tracked.seconds_at(np.asarray(steps * (tracked.quarters / STEPS), dtype=np.float64))
    sounds = (moments >= start) & (moments < end - BEFORE_END)
    steps, moments = steps[sounds], moments[sounds]
    of_place = steps % places == np.arange(places)[:, np.newaxis]
    bar = float(np.median(np.diff(tracked.tatums))) * places / STEPS
    near = take.signals.near[:, np.minimum(_frames(moments), take.signals.frames - 1)]
    half_bar = _compare(take, moments, 0.5 * bar)
    columns = {
        "taught": _mean(*_classify_downbeats(take, tracked, places)),
        "half": np.tile((0.0, 0.0, 1.0, 0.0), places // STEPS),
        "quarter": np.tile((0.0, 1.0, 0.0, 1.0), places // STEPS),
        "beat_bands": _mean(_compare(take, moments, STEPS * bar / places).bands, of_place),
        "half_chords_most": _most(half_bar.chords, of_place),
        "half_low": _mean(half_bar.low, of_place),
        "bar_bands": _mean(_compare(take, moments, bar).bands, of_place),
        "kick": _mean(near[ROW["kick"]], of_place),
        "downbeat": _mean(near[ROW["downbeat"]], of_place),
        "cymbal_most": _most(near[ROW["cymbal"]], of_place),
    }
    table = np.stack([columns[name] for name in WEIGHTS], axis=1)
    return np.asarray(table - table.mean(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """Changes at some times, before against after; NaN if there is too little sound to tell."""

    chords: Values
    bands: Values
    low: Values


def _compare(take: AnalyzedTake, moments: Seconds, seconds: float) -> _Change:
    """Compare `seconds` before and after some times."""
    start, end = take.signals.sounding
    least = LEAST_OF_WINDOW * seconds
    known = (moments - least >= start) & (moments + least <= end)
    early, late = np.maximum(moments - seconds, start), np.minimum(moments + seconds, end)
    octaves = take.pitches.shape[1] // OCTAVE
    chroma = take.pitches[:, : octaves * OCTAVE].reshape(-1, octaves, OCTAVE).sum(axis=1)
    before, after = (
        _average(chroma, CHORD_FRAMES_PER_SECOND, first, last) for first, last in ((early, moments), (moments, late))
    )
    norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    chords = np.where(norms > 0.0, 1.0 - np.einsum("mp,mp->m", before, after) / np.maximum(norms, 1e-12), 0.0)
    before, after = (
        _average(take.bands, FRAMES_PER_SECOND, first, last) for first, last in ((early, moments), (moments, late))
    )
    rise = after - before
    return _Change(
        np.where(known, chords, np.nan),
        np.where(known, np.abs(rise).mean(axis=1), np.nan),
        np.where(known, rise[:, :BANDS].mean(axis=1), np.nan),
    )


def _average(rows: FloatArray, rate: float, first: Seconds, last: Seconds) -> Values:
    """Average rows (frames, values), `rate` a second, between moments: (moments, values)."""
    sums = np.concatenate((np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)))
    starts = np.clip(np.rint(first * rate).astype(np.int64), 0, rows.shape[0] - 1)
    stops = np.clip(np.rint(last * rate).astype(np.int64), starts + 1, rows.shape[0])
    means: Values = (sums[stops] - sums[starts]) / (stops - starts)[:, np.newaxis]
    return means


def _classify_downbeats(
    take: AnalyzedTake, tracked: TrackedBeats, places: int
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Return the classifier's log odds for each quarter of each tatum (times,), and their positions."""
    steps = np.diff(tracked.tatums, append=2.0 * tracked.tatums[-1] - tracked.tatums[-2])
    moments = tracked.tatums[:, np.newaxis] + steps[:, np.newaxis] * (np.arange(PARTS) / PARTS)
    frames = np.clip(_frames(moments), 0, take.signals.frames - 1)
    tatum = Tatum(tracked.tatums, float(np.median(steps)), 0.0, 0.0, take.signals.near[:, frames], {})
    odds = weigh_downbeats(tatum, tuple(range(0, PARTS, PARTS // STEPS)))
    in_time = odds.T.reshape(-1)
    return in_time, np.arange(in_time.size) % places == np.arange(places)[:, np.newaxis]


def _frames(moments: Seconds) -> npt.NDArray[np.int64]:
    return np.rint(moments * FRAMES_PER_SECOND).astype(np.int64)


def _mean(values: Values | FloatArray, of_place: npt.NDArray[np.bool_]) -> Values:
    """Return the mean of the known values of each position; the overall mean where none is known."""
    known = of_place & np.isfinite(values)
    hypotheses = known.sum(axis=1)
    filled = np.nan_to_num(values)
    rest = filled[np.isfinite(values)].mean() if np.isfinite(values).any() else 0.0
    return np.where(hypotheses > 0, known @ filled / np.maximum(hypotheses, 1), rest)


def _most(values: Values | FloatArray, of_place: npt.NDArray[np.bool_]) -> Values:
    """Return the greatest of the known values of each position; their mean where none is known."""
    known = of_place & np.isfinite(values)
    is_known = known.any(axis=1)
    most = np.where(known, values, -np.inf).max(axis=1)
    rest = most[is_known].mean() if is_known.any() else 0.0
    return np.where(is_known, most, rest)
