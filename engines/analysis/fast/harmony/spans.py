"""Decoded chords and keys as time spans with confidences."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.harmony.decoding import IntArray, runs_of
from musearoo.engines.analysis.fast.harmony.keys import numbered_key
from musearoo.engines.analysis.fast.harmony.network import StepScores, Weights
from musearoo.engines.analysis.fast.harmony.steps import Steps
from musearoo.engines.analysis.fast.harmony.vocabulary import NONE, numbered_chord
from musearoo.engines.music.knowledge.analysis import DetectedChord, KeySpan

LEAST_KEY: Final = 0.1
"""A key with a lower confidence is not reported; chance alone is right one time in twenty-four."""
ENOUGH_FOR_A_KEY: Final = 2.0
"""Seconds: a shorter clip has about one chord, which belongs to several keys."""
OTHER_BASS_COST: Final = 1.5
"""The cost of a bass other than the root, as a log likelihood."""
NETWORK_BASS: Final = 0.2
LOW_BASS: Final = 1.5
"""The weight of the network's bass output, and of a pitch class's share of the low register.

All three were fitted on train songs, where the network is overconfident about the root.
"""
LOW_FLOOR: Final = 0.02


def name_keys(
    stretches: list[tuple[int, int]], keys: list[FloatArray], steps: Steps, weights: Weights
) -> tuple[KeySpan, ...]:
    """Return the spans of keys.

    Neighbours with the same key are joined; the result is empty where no key is confident enough.
    """
    spans: list[KeySpan] = []
    for (first, last), likelihoods in zip(stretches, keys, strict=True):
        number = int(likelihoods.argmax())
        confidence = _kept(float(np.exp(likelihoods[number])), weights.reliability[1])
        start, end = float(steps.edges[first]), float(steps.edges[last])
        confidence *= min(1.0, (end - start) / ENOUGH_FOR_A_KEY)
        if spans and spans[-1].key == numbered_key(number):
            spans[-1] = KeySpan(spans[-1].start, end, spans[-1].key, max(spans[-1].confidence, confidence))
        else:
            spans.append(KeySpan(start, end, numbered_key(number), confidence))
    return tuple(spans) if max(span.confidence for span in spans) >= LEAST_KEY else ()


def name_chords(path: IntArray, scores: StepScores, steps: Steps, weights: Weights) -> tuple[DetectedChord, ...]:
    """Return the chords of a path of numbered chords, each with its bass."""
    chords = []
    for first, last in runs_of(path):
        number = int(path[first])
        chance = float(np.exp(scores.chords[first:last, number]).mean())
        bass = None if number == NONE else _bass_of(number, scores, first, last)
        chords.append(
            DetectedChord(
                start=float(steps.edges[first]),
                end=float(steps.edges[last]),
                chord=numbered_chord(number, bass),
                confidence=_kept(chance, weights.reliability[0]),
            )
        )
    return tuple(chords)


def _bass_of(number: int, scores: StepScores, first: int, last: int) -> int:
    """Return the bass pitch class of a chord from step `first` to `last`; the first step counts double."""
    chord = numbered_chord(number)
    if chord is None:
        raise ValueError("the class 'no chord' has no bass")
    log_share = scores.basses[first:last].sum(axis=0) + scores.basses[first]
    low = scores.classes[first:last, 0].mean(axis=0)
    shares = np.log((low + LOW_FLOOR) / (low.sum() + 12.0 * LOW_FLOOR))
    sums = NETWORK_BASS * log_share / (last - first + 1) + LOW_BASS * shares
    return max(chord.pitch_classes, key=lambda pitch: float(sums[pitch]) - OTHER_BASS_COST * (pitch != chord.root))


def _kept(chance: float, line: npt.NDArray[np.float32]) -> float:
    """Return a calibrated probability: a linear function of the log odds."""
    chance = min(max(chance, 1e-4), 1.0 - 1e-4)
    odds = float(line[0]) * np.log(chance / (1.0 - chance)) + float(line[1])
    return float(1.0 / (1.0 + np.exp(-odds)))
