"""The harmony of a clip: key, key changes, and chords with their bass notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import HarmonyEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.harmony.decoding import change_costs, find_path, runs_of
from musearoo.engines.analysis.fast.harmony.keys import (
    chords_in_keys,
    key_number,
    score_keys,
)
from musearoo.engines.analysis.fast.harmony.network import StepScores, Weights, score_steps
from musearoo.engines.analysis.fast.harmony.spans import name_chords, name_keys
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum
from musearoo.engines.analysis.fast.harmony.steps import Steps, divide_time, pool_frames
from musearoo.engines.analysis.fast.harmony.vocabulary import TRIADS_OF
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Harmony, Rhythm
from musearoo.engines.music.scale import Key

KEY_HELP: Final = 0.5
"""The weight of key membership relative to the audio evidence for a chord."""
HINT_WEIGHT: Final = 1.0
"""A hint with full confidence makes its key e times as likely: less than a bar of clear chords does."""
NETWORK_CHORDS: Final = 0.5
"""The weight of the deep pass's chord network relative to ours."""
NETWORK_KEYS: Final = 0.5
"""The weight of its key network relative to ours."""
LEAST_HARMONY: Final = 0.3
"""The key is unknown when less of the clip than this has chords."""

KEY_CHANGE_COST: Final = 9.0
"""The cost of a key change: about the evidence of eight bars of chords that belong to another key."""
KEY_EMISSION: Final = 0.25
"""Consecutive steps under one chord are not independent evidence."""
LEAST_KEY_SECONDS: Final = 10.0
"""A shorter key change counts as modulation within the key."""


@dataclass(frozen=True, slots=True)
class HarmonyHints:
    """What is known in advance: the set's key, with its confidence."""

    key: Estimate[Key | None] = UNKNOWN


NO_HINTS: Final = HarmonyHints()


def find_harmony(
    spectrum: HarmonicSpectrum,
    rhythm: Rhythm,
    weights: Weights,
    hints: HarmonyHints = NO_HINTS,
    evidence: HarmonyEvidence | None = None,
) -> Harmony:
    """Return the keys and chords of a clip.

    `evidence` is the additional evidence of the deep pass. Where no chord sounds, the result is unknown.
    """
    if not spectrum.levels.any():
        return Harmony(tuning_cents=spectrum.tuning_cents)
    steps = divide_time(rhythm, spectrum.duration)
    scores = score_steps(spectrum, steps, weights)
    step_chords = scores.chords if evidence is None else _with_networks(scores.chords, evidence, steps)
    scores = StepScores(step_chords, scores.basses, scores.classes)
    in_keys = chords_in_keys(weights)

    stretches = [(0, steps.count)]
    keys = [_key_likelihoods(scores, steps, stretches[0], weights, hints, evidence)]
    if spectrum.duration >= 2.0 * LEAST_KEY_SECONDS:
        stretches = _divide_by_key(scores, steps, keys[0], in_keys)
        if len(stretches) > 1:
            keys = [_key_likelihoods(scores, steps, stretch, weights, hints, None) for stretch in stretches]
    emissions = step_chords.copy()
    for (first, last), key in zip(stretches, keys, strict=True):
        emissions[first:last] += KEY_HELP * (np.exp(key) @ in_keys)
    path = find_path(emissions, change_costs(steps.strengths))

    chords = name_chords(path, scores, steps, weights)
    sounding = float(sum(chord.end - chord.start for chord in chords if chord.chord is not None)) / spectrum.duration
    spans = name_keys(stretches, keys, steps, weights)
    confidence = sum((chord.end - chord.start) * chord.confidence for chord in chords) / spectrum.duration
    if sounding < LEAST_HARMONY or not spans:
        return Harmony(UNKNOWN, (), chords, confidence, spectrum.tuning_cents)
    longest = max(spans, key=lambda span: span.end - span.start)
    whole: Estimate[Key | None] = Estimate(longest.key, longest.confidence, "clip")
    return Harmony(whole, spans, chords, confidence, spectrum.tuning_cents)


def _with_networks(chords: FloatArray, evidence: HarmonyEvidence, steps: Steps) -> FloatArray:
    """Return the log likelihoods of chords, combined with another network's triads."""
    triads = np.log(np.maximum(pool_frames(evidence.chords, steps.edges), 1e-4))
    joined = chords + NETWORK_CHORDS * triads[:, TRIADS_OF]
    result: FloatArray = joined - np.log(np.exp(joined).sum(axis=1, keepdims=True))
    return result


def _key_likelihoods(
    scores: StepScores,
    steps: Steps,
    stretch: tuple[int, int],
    weights: Weights,
    hints: HarmonyHints,
    evidence: HarmonyEvidence | None,
) -> FloatArray:
    """Return each key's log likelihood over a range of steps: float32 (24,)."""
    part = slice(*stretch)
    chosen = StepScores(scores.chords[part], scores.basses[part], scores.classes[part])
    keys = score_keys(chosen, steps.lengths[part], weights)
    if evidence is not None:
        keys += NETWORK_KEYS * np.log(np.maximum(evidence.keys, 1e-4))
    if hints.key.value is not None:
        keys[key_number(hints.key.value)] += HINT_WEIGHT * hints.key.confidence
    result: FloatArray = keys - np.log(np.exp(keys - keys.max()).sum()) - keys.max()
    return result


def _divide_by_key(scores: StepScores, steps: Steps, whole: FloatArray, in_keys: FloatArray) -> list[tuple[int, int]]:
    """Return the ranges of constant key; ranges too short for a key are joined to the previous one."""
    emissions: FloatArray = KEY_EMISSION * (np.exp(scores.chords) @ in_keys.T)
    emissions[0] += whole
    path = find_path(emissions, np.full(steps.count, KEY_CHANGE_COST))
    stretches: list[tuple[int, int]] = []
    for first, last in runs_of(path):
        if stretches and steps.edges[last] - steps.edges[first] < LEAST_KEY_SECONDS:
            stretches[-1] = stretches[-1][0], last
        elif stretches and steps.edges[stretches[0][1]] < LEAST_KEY_SECONDS and len(stretches) == 1:
            stretches[0] = 0, last
        else:
            stretches.append((first, last))
    return stretches
