"""Track the beats of a generated take whose requested tempo is known: near it, at half or double of it, or elsewhere.

The evidence comes from the activation network, and candidates are rated as for any clip. In addition the requested
tempo is known: models keep it within a few per cent, or play at half or double of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.decision import CANDIDATES, place_beats
from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import (
    HINT_PULL,
    Verdict,
    agrees_with,
    score_features,
    weigh_music,
)
from musearoo.engines.analysis.fast.rhythm.meter_hypotheses import KINDS, SHIFTS, MeterHypotheses, form_meter_hypotheses
from musearoo.engines.analysis.fast.rhythm.signals import ROW, Signals
from musearoo.engines.analysis.fast.rhythm.tatums import PARTS, track_tatum
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import (
    MAX_TATUM_BPM,
    MIN_TATUM_BPM,
    SAME,
    comb,
    measure_resemblance,
    propose_tempo_candidates,
)
from musearoo.engines.audio.loops.features import AnalyzedTake
from musearoo.engines.audio.loops.stretching import Seconds
from musearoo.engines.music.timing import beats_to_seconds, mean_bpm, seconds_per_beat

Feel = Literal["as heard", "half", "double"]

USUAL_OFF: Final = 0.12
"""Typical tempo error of a model, as a fraction: searched first. The requirement is 8 %."""
WORST_OFF: Final = 0.42
"""Largest tempo correction: if half and double are possible, one of them is always nearer."""
OFF_SPREAD: Final = 0.07
"""Standard deviation of the log tempo error of models."""
RATIOS: Final = 121
"""Tempos tried in the typical range: a fifth of a per cent apart."""
METER_PULL: Final = 2.0
"""Nats that meter hypotheses gain if they have the requested number of beats per bar."""
SAME_GRID: Final = 0.06
"""Candidates whose grid tempos agree within this fraction support one tempo, whatever their metrical level."""
LEAST_CONFIDENCE: Final = 0.25
"""Below this a take counts as having no beat."""
SMOOTHNESS: Final = 5.0
"""Cost of tempo changes against beats off the line: deviations shorter than some nine beats are expressive timing,
and are not corrected."""
STIFFNESS: Final = 100.0
"""The same for a nearly constant tempo, to detect beats that have slipped."""
SLIPPED: Final = 0.3
LOST: Final = 1e-3
"""Weight of beats that are off by more than this fraction of a beat, as in a fill."""
LOOSE: Final = (0.08, 0.05, 0.03, 0.02, 0.012, 0.012, 0.012)
"""Deviation in seconds from which a beat weighs less, per iteration: it may be laid back, or wrong.

From wide to narrow, so that the majority is found before outliers are dropped.
"""
SNAP: Final = 0.03
"""Seconds from a beat within which an onset belongs to it."""
UNSTRUCK: Final = 0.1
"""Weight of a beat without an onset: its neighbours determine its position better."""
END_TATUMS: Final = 4
"""Tatums at either end that determine the tempo beyond it."""
THROUGH: Final = 0.6
"""Mean kick activation on every beat, relative to its maximum, needed for a four-on-the-floor kick."""
ALONE: Final = 0.5
"""Largest activation allowed at any other position of the beat, relative to that."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedBeats:
    """The beats of a take on the requested grid.

    `tatums`: the perceived pulse in seconds, smoothed. `quarters`: grid quarters per tatum. `bar`: tatums per bar.
    `deviations`: of the played beats from the smoothed ones, in seconds. `has_kick`: whether a kick on every beat
    confirms them.
    """

    tatums: Seconds
    quarters: float
    bar: float
    deviations: Seconds
    confidence: float
    has_kick: bool = False

    @property
    def perceived_bpm(self) -> float:
        """Mean tempo of the tatum, per minute."""
        steps = self.tatums.size - 1
        return mean_bpm(steps, float(self.tatums[-1] - self.tatums[0]))

    @property
    def feel(self) -> Feel:
        """Whether the tatum is half or twice as fast as the grid."""
        return "half" if self.quarters == 2.0 else "double" if self.quarters == 0.5 else "as heard"

    def seconds_at(self, quarters: Seconds) -> Seconds:
        """Return the times of grid quarters, counted from the first tatum; extrapolates the tempo beyond the beats."""
        places = np.asarray(quarters) / self.quarters
        numbers = np.arange(self.tatums.size, dtype=np.float64)
        inside = np.interp(places, numbers, self.tatums)
        few = min(END_TATUMS, self.tatums.size - 1)
        early = np.minimum(places, 0.0) * (self.tatums[few] - self.tatums[0]) / few
        late = np.maximum(places - numbers[-1], 0.0) * (self.tatums[-1] - self.tatums[-1 - few]) / few
        result: Seconds = inside + early + late
        return result


def track(take: AnalyzedTake, bpm: float, beats_per_bar: float) -> TrackedBeats | None:
    """Track the beats of a take generated at `bpm` quarters per minute; None if it has no beat."""
    signals = take.signals
    start, end = signals.sounding
    if end - start < beats_to_seconds(4.0, bpm) or signals.strength <= 0.0:
        return None
    resemblance = measure_resemblance(signals)
    near_bpm, periods = _find_near(resemblance, bpm, beats_per_bar)
    for period in propose_tempo_candidates(resemblance, CANDIDATES).tolist():
        if all(abs(math.log(period / other)) > SAME for other in periods):
            periods.append(period)
    strengths = comb(resemblance, np.asarray(periods, dtype=np.float32)).tolist()
    hypotheses = [
        form_meter_hypotheses(signals, track_tatum(signals, period, strength), resemblance, False)
        for period, strength in zip(periods, strengths, strict=True)
        if strength > 0.0
    ]
    if not hypotheses:
        return None
    verdict = _choose_hypothesis(hypotheses, signals, near_bpm, beats_per_bar)
    quarters = _quarters_of(verdict.hypotheses.tatum.bpm, bpm, beats_per_bar)
    if quarters is None or verdict.tempo_confidence < LEAST_CONFIDENCE:
        return None
    return _follow(take, verdict, quarters, beats_per_bar)


def feels(beats_per_bar: float) -> tuple[float, ...]:
    """Return how many quarters a tatum may be: one, two, half, and a dotted quarter if the bar allows it.

    >>> feels(4.0), feels(3.0), feels(3.5)
    ((1.0, 2.0, 0.5), (1.0, 2.0, 0.5, 1.5), (0.5,))
    """
    if beats_per_bar != round(beats_per_bar):
        return (0.5, 1.5) if beats_per_bar % 1.5 == 0.0 else (0.5,)
    return (1.0, 2.0, 0.5, 1.5) if beats_per_bar % 3.0 == 0.0 else (1.0, 2.0, 0.5)


def smooth_beats(beats: Seconds, weights: Seconds) -> Seconds:
    """Smooth beats to a slowly changing tempo, robust to single outliers.

    Whittaker's smoother (Eilers, "A perfect smoother", 2003) with weights that decrease for outliers.
    """
    if beats.size < 3:
        return beats
    step = float(np.median(np.diff(beats)))
    straight = beats[0] + step * np.arange(beats.size)
    straight += float(np.median(beats - straight))
    stiff = _fit_line(beats, weights, straight, STIFFNESS)
    has_slipped = np.abs(beats - stiff) > SLIPPED * step
    return _fit_line(beats, np.where(has_slipped, LOST * weights, weights), stiff, SMOOTHNESS)


def _fit_line(beats: Seconds, weights: Seconds, line: Seconds, stiffness: float) -> Seconds:
    """Fit a line near `line` to beats, with a stiffness against bending."""
    bends = np.diff(np.eye(beats.size), 2, axis=0)
    roughness = stiffness * bends.T @ bends
    for loose in LOOSE:
        trust = weights / (1.0 + ((beats - line) / loose) ** 2) ** 2
        line = np.asarray(np.linalg.solve(np.diag(trust) + roughness, trust * beats), dtype=np.float64)
    return line


def _find_near(resemblance: FloatArray, bpm: float, beats_per_bar: float) -> tuple[float, list[float]]:
    """Return the most periodic tempo near the requested one, and its periods in frames."""
    asked = seconds_per_beat(bpm) * FRAMES_PER_SECOND
    ratios = np.exp(np.linspace(-np.log1p(USUAL_OFF), np.log1p(USUAL_OFF), RATIOS))
    levels = [q for q in feels(beats_per_bar) if MIN_TATUM_BPM < bpm / q < MAX_TATUM_BPM]
    # Repetition on any metrical level supports a tempo.
    total = np.zeros(RATIOS)
    for level in levels:
        total += np.maximum(comb(resemblance, (ratios * level * asked).astype(np.float32)), 0.0)
    # Without any repetition this is the requested tempo.
    best = float(ratios[((total + 1e-6) * np.exp(-0.5 * (np.log(ratios) / OFF_SPREAD) ** 2)).argmax()])
    return bpm / best, [best * level * asked for level in levels]


def _choose_hypothesis(
    hypotheses: Sequence[MeterHypotheses], signals: Signals, bpm: float, beats_per_bar: float
) -> Verdict:
    """Choose the likeliest meter hypothesis near `bpm`; its tempo confidence adds up over all metrical levels."""
    scores = score_features(np.stack([each.features for each in hypotheses]))
    scores += HINT_PULL * np.asarray([agrees_with(each.tatum.bpm, bpm) for each in hypotheses])[:, np.newaxis]
    levels = feels(beats_per_bar)
    tatum_bars = {beats_per_bar} | {beats_per_bar / q for q in levels if q == 1.5}
    scores += METER_PULL * np.asarray([kind.beats in tatum_bars for kind in KINDS])
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    best, shift, kind = (int(k) for k in np.unravel_index(int(chances.argmax()), chances.shape))
    bpms = np.asarray([each.tatum.bpm for each in hypotheses])
    same_tatum = np.abs(np.log(bpms / bpms[best])) < SAME
    same_grid = (np.abs(np.log(np.outer(levels, bpms) / bpm)) < SAME_GRID).any(axis=0)
    music = weigh_music(hypotheses[best], shift, signals)
    of_tatum, of_shift = float(chances[same_tatum].sum()), float(chances[same_tatum, shift].sum())
    of_grid = float(chances[same_grid | same_tatum].sum())
    return Verdict(
        hypotheses=hypotheses[best],
        shift=shift,
        kind=kind,
        tempo_confidence=of_grid * music,
        beats_confidence=of_grid * of_shift / of_tatum * music,
        meter_confidence=float(chances[:, :, kind].sum()) * music,
    )


def _quarters_of(tatum_bpm: float, bpm: float, beats_per_bar: float) -> float | None:
    """Return how many grid quarters a tatum is, by least tempo correction; None if none fits."""
    levels = feels(beats_per_bar)
    offs = [abs(float(np.log(tatum_bpm * q / bpm))) for q in levels]
    least = int(np.argmin(offs))
    return levels[least] if offs[least] <= np.log1p(WORST_OFF) else None


def _follow(take: AnalyzedTake, verdict: Verdict, quarters: float, beats_per_bar: float) -> TrackedBeats | None:
    """Return the beats of a verdict on a smooth tempo, and its bars."""
    beats = place_beats(verdict.hypotheses.tatum, SHIFTS[verdict.shift], take.signals)
    if beats.size < 3:
        return None
    period = verdict.hypotheses.tatum.period
    # In half-time a kick on every quarter occurs twice per tatum.
    parts = max(1, int(quarters))
    numbers = np.arange(parts * (beats.size - 1) + 1) / parts
    finer = np.interp(numbers, np.arange(beats.size), beats)
    moved = _find_kick(finer, period / parts, take)
    if moved is not None:
        # The kick defines the pulse.
        beats = finer + moved * np.diff(finer, append=finer[-1] + period / parts)
        quarters /= parts
    struck, weights = _snap(beats, take)
    line = smooth_beats(struck, weights)
    # Bars in half-time have as many beats as requested, and last longer.
    bar = beats_per_bar if quarters == 2.0 else beats_per_bar / quarters
    return TrackedBeats(line, quarters, bar, struck - line, verdict.beats_confidence, moved is not None)


def _find_kick(beats: Seconds, period: float, take: AnalyzedTake) -> float | None:
    """Return by how many beats a four-on-the-floor kick lags the tracked beats; None without one.

    A kick on every beat is the beat, even if off-beats are louder.
    """
    kick = take.signals.near[ROW["kick"]]
    steps = np.diff(beats, append=beats[-1] + period)
    places = beats[:, np.newaxis] + steps[:, np.newaxis] * (np.arange(PARTS) / PARTS)
    frames = np.rint(places * FRAMES_PER_SECOND).astype(np.int64)
    heights = kick[np.minimum(frames, kick.size - 1)].mean(axis=0)
    best = int(heights.argmax())
    # Its neighbours belong to the same peak.
    others = np.delete(heights, [(best + step) % PARTS for step in (-1, 0, 1)])
    if heights[best] < THROUGH or float(others.max()) > ALONE * heights[best]:
        return None
    return (best if best <= PARTS // 2 else best - PARTS) / PARTS


def _snap(beats: Seconds, take: AnalyzedTake) -> tuple[Seconds, Seconds]:
    """Snap beats to onsets, and return the weight of each."""
    if not take.onsets.size:
        return beats, np.full(beats.size, UNSTRUCK)
    after = np.clip(np.searchsorted(take.onsets, beats), 1, max(1, take.onsets.size - 1))
    pairs = np.stack((after - 1, np.minimum(after, take.onsets.size - 1)))
    distances = np.abs(take.onsets[pairs] - beats)
    # The nearer one, unless the other is much stronger.
    nearest = (distances / SNAP - take.strengths[pairs]).argmin(axis=0)
    columns = np.arange(beats.size)
    chosen = pairs[nearest, columns]
    is_struck = distances[nearest, columns] < SNAP
    weights = np.where(is_struck, UNSTRUCK + take.strengths[chosen], UNSTRUCK)
    return np.where(is_struck, take.onsets[chosen], beats), weights.astype(np.float64)
