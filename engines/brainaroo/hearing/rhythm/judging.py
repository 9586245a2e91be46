"""Weighs ways to count: how likely each is, and how sure one may be of tempo and meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.rhythm.counts import FEATURES, Count
from engines.brainaroo.hearing.rhythm.learned import COUNT_WEIGHTS, PULSE_BIAS, PULSE_WEIGHTS
from engines.brainaroo.hearing.rhythm.periods import SAME
from engines.brainaroo.hearing.rhythm.signals import Signals
from engines.brainaroo.hearing.sound import FloatArray

HINT_PULL: Final = 2.0
"""Nats that a count gains which agrees with the set's tempo: it decides between octaves that the sound leaves open."""

HINT_SAME: Final = 0.02
"""A clip that was made for the set keeps its tempo within this share."""

_WEIGHTS: Final = np.asarray([COUNT_WEIGHTS.get(name, 0.0) for name in FEATURES], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Verdict:
    """The likeliest count; how likely its tempo is right, and its meter, 0..1."""

    count: Count
    tempo_confidence: float
    meter_confidence: float


def judge_counts(counts: Sequence[Count], signals: Signals, bpm_hint: float | None) -> Verdict:
    """The likeliest of some counts, of which there must be one."""
    scores = np.asarray([count.features for count in counts]) @ _WEIGHTS
    if bpm_hint is not None:
        scores = scores + np.asarray([HINT_PULL * _agrees(count, bpm_hint) for count in counts])
    likelihoods = np.exp(scores - scores.max())
    likelihoods /= likelihoods.sum()
    chosen = counts[int(likelihoods.argmax())]
    tempos = np.asarray([count.pulse.period for count in counts])
    same_tempo = np.abs(np.log(tempos / chosen.pulse.period)) < SAME
    same_meter = np.asarray([count.kind is chosen.kind for count in counts])
    pulse = weigh_pulse(chosen, signals)
    return Verdict(
        count=chosen,
        tempo_confidence=float(likelihoods[same_tempo].sum()) * pulse,
        meter_confidence=float(likelihoods[same_meter].sum()) * pulse,
    )


def describe_pulse(count: Count, signals: Signals) -> dict[str, float]:
    """What tells music with a beat from noise, drones, speech and single strokes."""
    beat, onset = signals.row("beat"), signals.row("onset")
    pulse = count.pulse
    return {
        "strength": signals.strength,
        "contrast": float(pulse.profile[0, 0] - pulse.profile[0].mean()),
        "comb": pulse.resemblance,
        "jitter": min(pulse.jitter, 0.5),
        "beats": float(np.log2(max(pulse.beats.size, 1))),
        "sharpness": float(1.0 - beat.mean()),
        "onset_sharpness": float(1.0 - onset.mean()),
    }


def weigh_pulse(count: Count, signals: Signals) -> float:
    """How likely a clip has a beat at all, 0..1."""
    odds = PULSE_BIAS + sum(PULSE_WEIGHTS.get(name, 0.0) * x for name, x in describe_pulse(count, signals).items())
    return float(1.0 / (1.0 + np.exp(-odds)))


def stack_features(counts: Sequence[Count]) -> FloatArray:
    """The features of counts, float32 (counts, features)."""
    return np.asarray([count.features for count in counts], dtype=np.float32)


def _agrees(count: Count, bpm: float) -> bool:
    """Whether a count has the tempo that the set has."""
    meter = count.kind.meter(count.pulse.bpm)
    quarters = 12.0 / meter.denominator if meter.is_compound else 4.0 / meter.denominator
    return abs(float(np.log(count.pulse.bpm * quarters / bpm))) < HINT_SAME
