"""Complexity from syncopation, density and harmony, 0 (a child could play it) to 1."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import DetectedChord, Rhythm

STEPS_PER_BEAT: Final = 4
STEADY_SYNCOPATION: Final = 2.5
"""Syncopation per beat at which it scores 1 - 1/e: a busy funk bar has about as much."""
BUSY_ONSETS: Final = 6.0
"""Onsets per second at which density scores 1 - 1/e."""
RICH_CHORDS: Final = 1.6
"""Bits of surprise per chord at which harmony scores 1 - 1/e: a four-chord loop has two different chords at each
turn.
"""
WEIGHTS: Final = {"syncopation": 0.4, "density": 0.25, "harmony": 0.35}
ENOUGH_ONSETS: Final = 16
"""The number of onsets for full confidence in rhythm."""


def measure_complexity(
    onsets: Sequence[float], rhythm: Rhythm, chords: Sequence[DetectedChord], duration: float
) -> Estimate[float | None]:
    """Measure the complexity of music; unknown without onsets and without chords. `onsets` are seconds, in order."""
    found: dict[str, float] = {}
    if onsets and duration > 0.0:
        found["density"] = _rise(len(onsets) / duration / BUSY_ONSETS)
        syncopation = measure_syncopation(onsets, rhythm)
        if syncopation is not None:
            found["syncopation"] = _rise(syncopation / STEADY_SYNCOPATION)
    harmony = measure_harmony(chords, rhythm)
    if harmony is not None:
        found["harmony"] = _rise(harmony / RICH_CHORDS)
    if not found:
        return UNKNOWN
    known = sum(WEIGHTS[name] for name in found)
    value = sum(WEIGHTS[name] * share for name, share in found.items()) / known
    sure = min(1.0, len(onsets) / ENOUGH_ONSETS) if onsets else 0.5
    return Estimate(value, round(0.8 * known * sure, 3), "clip")


def measure_syncopation(onsets: Iterable[float], rhythm: Rhythm) -> float | None:
    """Return the syncopation per beat: onsets on weak positions that are held over stronger ones; None without beats.

    Longuet-Higgins and Lee, "The rhythmic interpretation of monophonic music" (1984): an onset on a weak position
    followed by silence on a stronger one counts by the difference in strength. All parts count as one.
    """
    beats = rhythm.beats
    if len(beats) < 3:
        return None
    downbeats = set(rhythm.downbeats)
    steps = {step for time in onsets if (step := _step_at(time, beats)) is not None}
    if not steps:
        return None
    last = (len(beats) - 1) * STEPS_PER_BEAT
    total = 0.0
    for step in sorted(steps):
        strength = _strength(step, beats, downbeats)
        # Up to the next onset: the strongest silent position.
        held = strength
        place = step + 1
        while place not in steps and place < last and place <= step + 2 * STEPS_PER_BEAT:
            held = max(held, _strength(place, beats, downbeats))
            place += 1
        total += held - strength
    return total / (len(beats) - 1)


def measure_harmony(chords: Sequence[DetectedChord], rhythm: Rhythm) -> float | None:
    """Return the surprise per chord change in bits, weighted by how often chords change; None without chords.

    The surprise grows with the number of chords and the evenness of their use. Sevenths and richer chords add half a
    bit. Changes faster than one per bar increase it, slower ones reduce it.
    """
    sounding = [span for span in chords if span.chord is not None]
    times: dict[object, float] = {}
    for span in sounding:
        times[span.chord] = times.get(span.chord, 0.0) + span.end - span.start
    whole = sum(times.values())
    if whole <= 0.0:
        return None
    bits = -sum(time / whole * math.log2(time / whole) for time in times.values() if time > 0.0)
    rich = sum(span.end - span.start for span in sounding if span.chord and len(span.chord.pitch_classes) > 3) / whole
    bar = _bar_seconds(rhythm)
    rate = 1.0 if bar is None else min(2.0, bar * len(sounding) / whole)
    return bits * (0.5 + 0.25 * rate) * 0.6 + 0.5 * rich


def _step_at(time: float, beats: Sequence[float]) -> int | None:
    """Return the sixteenth nearest to a time, counted from the first beat; None outside the beats."""
    if not beats[0] - 0.06 <= time <= beats[-1]:
        return None
    index = min(max(bisect_right(beats, time) - 1, 0), len(beats) - 2)
    length = beats[index + 1] - beats[index]
    return None if length <= 0.0 else max(0, round((index + (time - beats[index]) / length) * STEPS_PER_BEAT))


def _strength(step: int, beats: Sequence[float], downbeats: set[float]) -> int:
    """Return the metrical strength: 0 on a downbeat, -1 on a beat, -2 on an eighth, -3 on a sixteenth."""
    beat, inside = divmod(step, STEPS_PER_BEAT)
    if inside:
        return -2 if inside == STEPS_PER_BEAT // 2 else -3
    return 0 if beats[beat] in downbeats else -1


def _bar_seconds(rhythm: Rhythm) -> float | None:
    lengths = sorted(later - earlier for earlier, later in pairwise(rhythm.downbeats))
    return lengths[len(lengths) // 2] if lengths else None


def _rise(ratio: float) -> float:
    """0 for 0, towards 1 for much."""
    return 1.0 - math.exp(-ratio)
