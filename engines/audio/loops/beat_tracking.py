"""Finds the beats of a take whose tempo was asked for: near it, at half or double of it, or where else it must be.

The evidence is the ear's, and candidates are judged as BrainAroo judges those of any clip. What is known here and not
there is the tempo that was asked for: models keep to it within some per cent, or feel it twice as slow or fast.
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
"""The share by which a model's tempo may be off and still be looked for first; what is asked of us is 8 %."""
WORST_OFF: Final = 0.42
"""The most that is corrected: where the pulse may be felt in half and double, one of them is always nearer."""
OFF_SPREAD: Final = 0.07
"""Standard deviation of the log of how far models are off."""
RATIOS: Final = 121
"""Tempos that are tried between the slowest and the fastest that is looked for: a fifth of a per cent apart."""
METER_PULL: Final = 2.0
"""Nats that ways to count gain which have as many beats to the bar as were asked for."""
SAME_GRID: Final = 0.06
"""Pulses whose quarters are as fast within this share speak for one tempo, on whichever level they count it."""
LEAST_CONFIDENCE: Final = 0.25
"""Below this a take is taken for one without a beat."""
SMOOTHNESS: Final = 5.0
"""How much bends of the tempo cost against beats off the line: what is shorter than some nine beats is playing, and
is not straightened."""
STIFFNESS: Final = 100.0
"""The same where the tempo is hardly let bend, to see which beats have slipped."""
SLIPPED: Final = 0.3
LOST: Final = 1e-3
"""Beats that lie further off than this share of a beat have been lost, as in a fill, and count so little."""
LOOSE: Final = (0.08, 0.05, 0.03, 0.02, 0.012, 0.012, 0.012)
"""Seconds off the line from which a beat counts less, round after round: a stroke that is laid back, or a wrong one.

From wide to narrow, so that the many who agree find together before the others are left out.
"""
SNAP: Final = 0.03
"""Seconds from a beat within which an attack is its own."""
UNSTRUCK: Final = 0.1
"""What a beat counts for on which nothing begins: its place is known from its neighbours better."""
END_TATUMS: Final = 4
"""Pulses at either end whose tempo goes on outside."""
THROUGH: Final = 0.6
"""How much of the strongest kick there must be on every beat, in the mean, to say that it goes through."""
ALONE: Final = 0.5
"""The most of it that any other place of the beat may have."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracked:
    """The beats of a take on the requested grid.

    `tatums`: the seconds of the pulse as it is felt, smooth. `quarters`: how many of the grid's quarters a pulse is.
    `bar`: pulses to the bar as the music has it.
    `strays`: how far the beats as played lie off the smooth ones, seconds. `has_kick`: whether a kick on each of them
    leaves no doubt that they are the beats.
    """

    tatums: Seconds
    quarters: float
    bar: float
    strays: Seconds
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
        """Return the times of grid quarters, counted from the first tatum; the tempo extends beyond the beats."""
        places = np.asarray(quarters) / self.quarters
        numbers = np.arange(self.tatums.size, dtype=np.float64)
        inside = np.interp(places, numbers, self.tatums)
        few = min(END_TATUMS, self.tatums.size - 1)
        early = np.minimum(places, 0.0) * (self.tatums[few] - self.tatums[0]) / few
        late = np.maximum(places - numbers[-1], 0.0) * (self.tatums[-1] - self.tatums[-1 - few]) / few
        result: Seconds = inside + early + late
        return result


def track(take: AnalyzedTake, bpm: float, beats_per_bar: float) -> Tracked | None:
    """Track the beats of a take generated at `bpm` quarters per minute; None where it has no beat."""
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
    """Return how many quarters a tatum may be: one, two, half, and a dotted quarter where bars allow it.

    >>> feels(4.0), feels(3.0), feels(3.5)
    ((1.0, 2.0, 0.5), (1.0, 2.0, 0.5, 1.5), (0.5,))
    """
    if beats_per_bar != round(beats_per_bar):
        return (0.5, 1.5) if beats_per_bar % 1.5 == 0.0 else (0.5,)
    return (1.0, 2.0, 0.5, 1.5) if beats_per_bar % 3.0 == 0.0 else (1.0, 2.0, 0.5)


def smooth_beats(beats: Seconds, weights: Seconds) -> Seconds:
    """Smooth beats to a slowly bending tempo, whatever single ones do.

    Whittaker's smoother (Eilers, "A perfect smoother", 2003) with weights that fall for what lies far off.
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
    # All that repeats at a tempo speaks for it, on whichever level it does.
    total = np.zeros(RATIOS)
    for level in levels:
        total += np.maximum(comb(resemblance, (ratios * level * asked).astype(np.float32)), 0.0)
    # Where nothing repeats, the tempo that was asked for.
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
    """Return how many grid quarters a tatum is, by least correction; None where none fits."""
    levels = feels(beats_per_bar)
    offs = [abs(float(np.log(tatum_bpm * q / bpm))) for q in levels]
    least = int(np.argmin(offs))
    return levels[least] if offs[least] <= np.log1p(WORST_OFF) else None


def _follow(take: AnalyzedTake, verdict: Verdict, quarters: float, beats_per_bar: float) -> Tracked | None:
    """Return the beats of a verdict on a smooth tempo, and its bars."""
    beats = place_beats(verdict.hypotheses.tatum, SHIFTS[verdict.shift], take.signals)
    if beats.size < 3:
        return None
    period = verdict.hypotheses.tatum.period
    # In half-time a kick on every quarter comes twice in a pulse.
    parts = max(1, int(quarters))
    numbers = np.arange(parts * (beats.size - 1) + 1) / parts
    finer = np.interp(numbers, np.arange(beats.size), beats)
    moved = _find_kick(finer, period / parts, take)
    if moved is not None:
        # What it goes through is the pulse.
        beats = finer + moved * np.diff(finer, append=finer[-1] + period / parts)
        quarters /= parts
    struck, weights = _snap(beats, take)
    line = smooth_beats(struck, weights)
    # Bars of a slow pulse have as many beats as were asked for, and last longer than those.
    bar = beats_per_bar if quarters == 2.0 else beats_per_bar / quarters
    return Tracked(line, quarters, bar, struck - line, verdict.beats_confidence, moved is not None)


def _find_kick(beats: Seconds, period: float, take: AnalyzedTake) -> float | None:
    """Return by how many beats a four-on-the-floor kick lags the tracked beats; None without one.

    A kick on every beat is the beat, however much louder what answers it is.
    """
    kick = take.signals.near[ROW["kick"]]
    steps = np.diff(beats, append=beats[-1] + period)
    places = beats[:, np.newaxis] + steps[:, np.newaxis] * (np.arange(PARTS) / PARTS)
    frames = np.rint(places * FRAMES_PER_SECOND).astype(np.int64)
    heights = kick[np.minimum(frames, kick.size - 1)].mean(axis=0)
    best = int(heights.argmax())
    # Its neighbours are its own width.
    others = np.delete(heights, [(best + step) % PARTS for step in (-1, 0, 1)])
    if heights[best] < THROUGH or float(others.max()) > ALONE * heights[best]:
        return None
    return (best if best <= PARTS // 2 else best - PARTS) / PARTS


def _snap(beats: Seconds, take: AnalyzedTake) -> tuple[Seconds, Seconds]:
    """Snap beats to attacks, and return the weight of each."""
    if not take.attacks.size:
        return beats, np.full(beats.size, UNSTRUCK)
    after = np.clip(np.searchsorted(take.attacks, beats), 1, max(1, take.attacks.size - 1))
    pairs = np.stack((after - 1, np.minimum(after, take.attacks.size - 1)))
    distances = np.abs(take.attacks[pairs] - beats)
    # The nearer counts, unless the other is much stronger.
    nearest = (distances / SNAP - take.strengths[pairs]).argmin(axis=0)
    columns = np.arange(beats.size)
    chosen = pairs[nearest, columns]
    is_struck = distances[nearest, columns] < SNAP
    weights = np.where(is_struck, UNSTRUCK + take.strengths[chosen], UNSTRUCK)
    return np.where(is_struck, take.attacks[chosen], beats), weights.astype(np.float64)
