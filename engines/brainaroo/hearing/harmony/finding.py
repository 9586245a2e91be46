"""The harmony of a clip: its key, where the key changes, and its chords with their bass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engines.brainaroo.hearing.evidence import HarmonyEvidence
from engines.brainaroo.hearing.harmony.decoding import IntArray, change_costs, find_path, runs_of
from engines.brainaroo.hearing.harmony.keys import (
    chords_in_keys,
    key_number,
    numbered_key,
    score_keys,
)
from engines.brainaroo.hearing.harmony.network import StepScores, Weights, score_steps
from engines.brainaroo.hearing.harmony.spectrum import HarmonicSpectrum
from engines.brainaroo.hearing.harmony.steps import Steps, divide_time, pooling_matrix
from engines.brainaroo.hearing.harmony.vocabulary import NONE, TRIADS_OF, numbered_chord
from engines.brainaroo.hearing.sound import FloatArray
from engines.music.analysis import UNKNOWN, Harmony, HeardChord, KeySpan, Rhythm
from engines.music.context import Found
from engines.music.scale import Key

KEY_HELP: Final = 0.5
"""How much it counts, beside what is heard, that a chord belongs to the key."""
HINT_WEIGHT: Final = 1.0
"""A hint that is sure makes its key e times as likely: less than a bar of clear chords does."""
NETWORK_CHORDS: Final = 0.5
"""How much the deep pass's chord network counts beside ours."""
NETWORK_KEYS: Final = 0.5
LEAST_HARMONY: Final = 0.3
"""Less of the clip under chords than this leaves the key unknown."""
LEAST_KEY: Final = 0.1
"""A key less sure than this is not named; chance alone is right one time in twenty-four."""

KEY_CHANGE_COST: Final = 9.0
KEY_EMISSION: Final = 0.25
"""Steps under one chord say the same thing several times."""
LEAST_KEY_SECONDS: Final = 10.0

OTHER_BASS_COST: Final = 1.5
"""What it costs to stand on another note than the root, as a logarithm of likelihood."""
NETWORK_BASS: Final = 0.2
LOW_BASS: Final = 1.5
"""How much the network's word counts for the bass, and how much what share of the low register a pitch class has.

All three fitted on train songs, where the network is surer of the root than it should be.
"""
LOW_FLOOR: Final = 0.02


@dataclass(frozen=True, slots=True)
class HarmonyHints:
    """What is known without listening: the set's key, with how sure it is."""

    key: Found[Key | None] = UNKNOWN


NO_HINTS: Final = HarmonyHints()


def find_harmony(
    spectrum: HarmonicSpectrum,
    rhythm: Rhythm,
    weights: Weights,
    hints: HarmonyHints = NO_HINTS,
    evidence: HarmonyEvidence | None = None,
) -> Harmony:
    """Keys and chords of a clip. `evidence` is what the deep pass adds. Where no chord sounds, nothing is claimed."""
    if not spectrum.levels.any():
        return Harmony(tuning_cents=spectrum.tuning_cents)
    steps = divide_time(rhythm, spectrum.duration)
    scores = score_steps(spectrum, steps, weights)
    heard = scores.chords if evidence is None else _with_networks(scores.chords, evidence, steps)
    scores = StepScores(heard, scores.basses, scores.classes)
    in_keys = chords_in_keys(weights)

    stretches = [(0, steps.count)]
    keys = [_key_likelihoods(scores, steps, stretches[0], weights, hints, evidence)]
    if spectrum.duration >= 2.0 * LEAST_KEY_SECONDS:
        stretches = _divide_by_key(scores, steps, keys[0], in_keys)
        if len(stretches) > 1:
            keys = [_key_likelihoods(scores, steps, stretch, weights, hints, None) for stretch in stretches]
    emissions = heard.copy()
    for (first, last), key in zip(stretches, keys, strict=True):
        emissions[first:last] += KEY_HELP * (np.exp(key) @ in_keys)
    path = find_path(emissions, change_costs(steps.strengths))

    chords = _name_chords(path, scores, steps, weights)
    sounding = float(sum(chord.end - chord.start for chord in chords if chord.chord is not None)) / spectrum.duration
    spans = _name_keys(stretches, keys, steps, weights)
    confidence = sum((chord.end - chord.start) * chord.confidence for chord in chords) / spectrum.duration
    if sounding < LEAST_HARMONY or not spans:
        return Harmony(UNKNOWN, (), chords, confidence, spectrum.tuning_cents)
    longest = max(spans, key=lambda span: span.end - span.start)
    whole: Found[Key | None] = Found(longest.key, longest.confidence, "clip")
    return Harmony(whole, spans, chords, confidence, spectrum.tuning_cents)


def _with_networks(chords: FloatArray, evidence: HarmonyEvidence, steps: Steps) -> FloatArray:
    """The logarithms of chords, with what another network says of their triads."""
    frames = evidence.chords.shape[0]
    triads = np.log(np.maximum(pooling_matrix(steps.edges, 0, frames) @ evidence.chords, 1e-4))
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
    """The logarithm of each key's likelihood in a stretch of steps: float32 (24,)."""
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
    """The stretches of one key each, those too short to be a key joined to what is before."""
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


def _name_keys(
    stretches: list[tuple[int, int]], keys: list[FloatArray], steps: Steps, weights: Weights
) -> tuple[KeySpan, ...]:
    """The spans of keys; neighbours that turn out to be of one key are joined; empty where none is sure enough."""
    spans: list[KeySpan] = []
    for (first, last), likelihoods in zip(stretches, keys, strict=True):
        number = int(likelihoods.argmax())
        confidence = _kept(float(np.exp(likelihoods[number])), weights.reliability[1])
        start, end = float(steps.edges[first]), float(steps.edges[last])
        if spans and spans[-1].key == numbered_key(number):
            spans[-1] = KeySpan(spans[-1].start, end, spans[-1].key, max(spans[-1].confidence, confidence))
        else:
            spans.append(KeySpan(start, end, numbered_key(number), confidence))
    return tuple(spans) if max(span.confidence for span in spans) >= LEAST_KEY else ()


def _name_chords(path: IntArray, scores: StepScores, steps: Steps, weights: Weights) -> tuple[HeardChord, ...]:
    chords = []
    for first, last in runs_of(path):
        number = int(path[first])
        chance = float(np.exp(scores.chords[first:last, number]).mean())
        bass = None if number == NONE else _bass_of(number, scores, first, last)
        chords.append(
            HeardChord(
                start=float(steps.edges[first]),
                end=float(steps.edges[last]),
                chord=numbered_chord(number, bass),
                confidence=_kept(chance, weights.reliability[0]),
            )
        )
    return tuple(chords)


def _bass_of(number: int, scores: StepScores, first: int, last: int) -> int:
    """The pitch class under a chord from step `first` to `last`; the first step, where it is set, counts double."""
    chord = numbered_chord(number)
    if chord is None:
        raise ValueError("no chord has no bass")
    told = scores.basses[first:last].sum(axis=0) + scores.basses[first]
    low = scores.classes[first:last, 0].mean(axis=0)
    shares = np.log((low + LOW_FLOOR) / (low.sum() + 12.0 * LOW_FLOOR))
    sums = NETWORK_BASS * told / (last - first + 1) + LOW_BASS * shares
    return max(chord.pitch_classes, key=lambda pitch: float(sums[pitch]) - OTHER_BASS_COST * (pitch != chord.root))


def _kept(chance: float, line: npt.NDArray[np.float32]) -> float:
    """A probability as it has turned out to be kept: a line on the scale of log odds."""
    chance = min(max(chance, 1e-4), 1.0 - 1e-4)
    odds = float(line[0]) * np.log(chance / (1.0 - chance)) + float(line[1])
    return float(1.0 / (1.0 + np.exp(-odds)))
