"""Energy and sections, from notes."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log1p, sqrt
from operator import mul
from typing import Final

from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.knowledge.context import Part, SectionSpan

LOUD_NOTES: Final = 7.0
"""Notes of full velocity per second at which energy is 1 - 1/e: a rock band's verse."""
WEIGHT_OF_DRUM: Final = {"kick": 1.6, "snare": 1.5, "tom": 1.2, "cymbal": 0.9, "hat": 0.6}
"""The weight of a drum stroke relative to a pitched note: a kick carries further than a hat."""
ENERGY_REACH: Final = 2
"""The smoothing of the curve: steps to both sides."""

LEAST_BARS: Final = 8
"""A clip shorter than this is one section."""
PHRASE_BARS: Final = 4
MOST_PHRASES: Final = 64
"""The maximum number of phrases; those of a long song are longer."""
ALIKE: Final = 0.9
"""The minimum cosine similarity of two phrases in the same section."""


def trace_energy(parts: Sequence[Part], length: float, step: float, seconds_per_beat: float) -> tuple[float, ...]:
    """Return the energy 0..1, a value every `step` beats, from the number of notes, their velocity and their
    instruments.
    """
    count = max(1, round(length / step))
    weights = [0.0] * count
    for part in parts:
        drums = part.role == "drums"
        for note in part.clip.notes:
            index = int(note.start / step)
            if index < count:
                weight = WEIGHT_OF_DRUM.get(KIND_OF_PITCH.get(note.pitch, ""), 0.8) if drums else 1.0
                weights[index] += weight * (note.velocity / 127.0) ** 2
    scale = LOUD_NOTES * step * seconds_per_beat
    smooth = (weights[max(0, index - ENERGY_REACH) : index + ENERGY_REACH + 1] for index in range(count))
    return tuple(1.0 - exp(-sum(near) / len(near) / scale) for near in smooth)


def find_sections(parts: Sequence[Part], length: float, bar_beats: float) -> tuple[SectionSpan, ...]:
    """Return the sections in beats, without gaps: similar phrases of four bars share a label.

    Phrases are similar when their bars, one by one, have the same pitch classes, drums and parts in the same amounts.
    """
    bars = round(length / bar_beats)
    if bars < LEAST_BARS:
        return (SectionSpan(0.0, length, "A", 0.5),)
    size = PHRASE_BARS if bars >= 4 * PHRASE_BARS else PHRASE_BARS // 2
    while bars / size > MOST_PHRASES:
        size *= 2
    vectors = _bar_vectors(parts, bars, bar_beats)
    # A remainder at the end, half a phrase or less, belongs to the last phrase.
    phrases = [_flattened(vectors[start:], size) for start in range(0, bars - size // 2, size)]
    spans: list[SectionSpan] = []
    for index, (label, likeness) in enumerate(_label(phrases)):
        end = length if index == len(phrases) - 1 else (index + 1) * size * bar_beats
        before = spans[-1] if spans else None
        if before is not None and before.label == label:
            spans[-1] = SectionSpan(before.start, end, label, min(before.confidence, likeness))
        else:
            spans.append(SectionSpan(index * size * bar_beats, end, label, likeness))
    return tuple(spans)


def _bar_vectors(parts: Sequence[Part], bars: int, bar_beats: float) -> list[list[float]]:
    """Return a vector per bar: durations of 12 pitch classes, onsets of 5 drums, notes of each part."""
    amounts: tuple[str | int, ...] = (*WEIGHT_OF_DRUM, *range(len(parts)))
    places = {key: 12 + index for index, key in enumerate(amounts)}
    vectors = [[0.0] * (12 + len(places)) for _ in range(bars)]
    for number, part in enumerate(parts):
        drums = part.role == "drums"
        for note in part.clip.notes:
            bar = int(note.start / bar_beats)
            if bar >= bars:
                continue
            vector = vectors[bar]
            vector[places[number]] += note.velocity / 127.0
            if not drums:
                vector[note.pitch % 12] += min(note.duration, bar_beats)
            elif note.pitch in KIND_OF_PITCH:
                vector[places[KIND_OF_PITCH[note.pitch]]] += 1.0
    for vector in vectors:
        pitched = sqrt(sum(value * value for value in vector[:12])) or 1.0
        vector[:12] = [value / pitched for value in vector[:12]]
        # Amounts count logarithmically: a fill is more of the same, but a new part is a change.
        vector[12:] = [0.5 * log1p(value) for value in vector[12:]]
    return vectors


def _flattened(bars: Sequence[Sequence[float]], size: int) -> list[float]:
    """Return the first `size` bars concatenated, with unit length; fewer bars are repeated."""
    values = [value for index in range(size) for value in bars[index % len(bars)]]
    norm = sqrt(sum(value * value for value in values)) or 1.0
    return [value / norm for value in values]


def _label(phrases: Sequence[Sequence[float]]) -> list[tuple[str, float]]:
    """Return a label for each phrase in order, and its confidence: the distance of its similarity from a change of
    label.
    """
    kinds: list[list[float]] = []
    labels: list[tuple[str, float]] = []
    for phrase in phrases:
        likenesses = [sum(map(mul, phrase, total)) / (sqrt(sum(map(mul, total, total))) or 1.0) for total in kinds]
        likeness = max(likenesses, default=0.0)
        if likeness < ALIKE:
            best = len(kinds)
            kinds.append(list(phrase))
        else:
            best = likenesses.index(likeness)
            kinds[best] = [old + new for old, new in zip(kinds[best], phrase, strict=True)]
        labels.append((_letters(best), min(1.0, 0.4 + 6.0 * abs(likeness - ALIKE))))
    return labels


def _letters(number: int) -> str:
    """Return the label of a section kind: A to Z, then A1, B1, and so on.

    >>> _letters(0), _letters(27)
    ('A', 'B1')
    """
    turn, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(turn) if turn else "")
