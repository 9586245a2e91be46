"""Weighs ways to count: which is likeliest, and how sure one may be of tempo, beats and meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.rhythm.counts import FEATURES, KINDS, SHIFTS, Counts, MeterKind
from engines.brainaroo.hearing.rhythm.learned import COUNT_WEIGHTS, PULSE_BIAS, PULSE_WEIGHTS
from engines.brainaroo.hearing.rhythm.periods import SAME
from engines.brainaroo.hearing.rhythm.signals import ROW, Signals
from engines.brainaroo.hearing.sound import FloatArray

HINT_PULL: Final = 2.0
"""Nats that a count gains which agrees with the set's tempo: it decides between octaves that the sound leaves open."""

HINT_SAME: Final = 0.02
"""A clip that was made for the set keeps its tempo within this share."""

_WEIGHTS: Final = np.asarray([COUNT_WEIGHTS.get(name, 0.0) for name in FEATURES], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Verdict:
    """The likeliest way to count, and how likely it is right in each respect, 0..1.

    `shift`, `kind`: indices into `SHIFTS` and `KINDS`.
    """

    counts: Counts
    shift: int
    kind: int
    tempo_confidence: float
    beats_confidence: float
    meter_confidence: float

    @property
    def meter_kind(self) -> MeterKind:
        """The meter's kind."""
        return KINDS[self.kind]


def judge_counts(candidates: Sequence[Counts], signals: Signals, bpm_hint: float | None) -> Verdict:
    """The likeliest of some pulses' counts; there must be one pulse."""
    scores = np.stack([counts.features for counts in candidates]) @ _WEIGHTS
    if bpm_hint is not None:
        scores += HINT_PULL * np.asarray([agrees_with(counts.pulse.bpm, bpm_hint) for counts in candidates])[:, np.newaxis]
    likelihoods = np.exp(scores - scores.max())
    likelihoods /= likelihoods.sum()
    pulse, shift, kind = (int(k) for k in np.unravel_index(int(likelihoods.argmax()), likelihoods.shape))
    chosen = candidates[pulse]
    bpms = np.asarray([counts.pulse.bpm for counts in candidates])
    same_tempo = np.abs(np.log(bpms / chosen.pulse.bpm)) < SAME
    music = weigh_music(chosen, shift, signals)
    return Verdict(
        counts=chosen,
        shift=shift,
        kind=kind,
        tempo_confidence=float(likelihoods[same_tempo].sum()) * music,
        beats_confidence=float(likelihoods[same_tempo, shift].sum()) * music,
        meter_confidence=float(likelihoods[:, :, kind].sum()) * music,
    )


def agrees_with(bpm: float, set_bpm: float) -> list[bool]:
    """For each of `KINDS`, whether beats at `bpm` in such a meter have the set's tempo.

    >>> agrees_with(80.0, 120.0)
    [False, False, False, False, True, True, True]
    """
    meters = [kind.meter(bpm) for kind in KINDS]
    quarters = [12.0 / meter.denominator if meter.is_compound else 4.0 / meter.denominator for meter in meters]
    return [abs(float(np.log(bpm * each / set_bpm))) < HINT_SAME for each in quarters]


def describe_music(counts: Counts, shift: int, signals: Signals) -> dict[str, float]:
    """What tells music with a beat from noise, drones, speech and single strokes."""
    pulse = counts.pulse
    beat = pulse.heard[ROW["beat"]].mean(axis=0)
    return {
        "strength": signals.strength,
        "contrast": float(beat[SHIFTS[shift]] - beat.mean()),
        "comb": pulse.resemblance,
        "jitter": min(pulse.jitter, 0.5),
        "beats": float(np.log2(max(pulse.beats.size, 1))),
        "beat_sharpness": 1.0 - float(signals.row("beat").mean()),
        "onset_sharpness": 1.0 - float(signals.row("onset").mean()),
    }


def weigh_music(counts: Counts, shift: int, signals: Signals) -> float:
    """How likely a clip has a beat at all, 0..1."""
    described = describe_music(counts, shift, signals)
    odds = PULSE_BIAS + sum(PULSE_WEIGHTS.get(name, 0.0) * value for name, value in described.items())
    return float(1.0 / (1.0 + np.exp(-odds)))


def stack_features(candidates: Sequence[Counts]) -> FloatArray:
    """The features of all counts of some pulses: float32 (pulses, shifts, kinds, features)."""
    return np.stack([counts.features for counts in candidates])
