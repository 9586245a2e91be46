"""Fit chords to a scale: replace each numeral by the most similar chord of the scale."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from musearoo.engines.music.chord import BY_HARTE
from musearoo.engines.music.numeral import Numeral
from musearoo.engines.music.scale import Key

TONAL: Final = frozenset(("Major", "Minor", "Harmonic Minor", "Melodic Minor"))
"""Scales that accept chromatic chords (borrowed chords, secondary dominants); other scales use only their own chords.
"""
_QUALITIES: Final = (
    "maj", "min", "min7", "7", "maj7", "dim", "hdim7", "aug", "sus4", "sus2", "(1,5)", "sus4(b7)", "dim7", "7(b5)",
)  # fmt: skip
"""The qualities tried on each step of a scale, simplest first."""


def fit_to_key(numeral: Numeral, key: Key) -> Numeral:
    """Return the numeral itself in major and minor keys, otherwise the most similar chord of the key's scale.

    >>> [str(fit_to_key(Numeral(step, "maj"), Key.parse("D dorian"))) for step in (5, 7)]
    ['IV', 'v']
    """
    return numeral if key.scale in TONAL else fit_to_scale(numeral, key.intervals)


@lru_cache(maxsize=4096)
def fit_to_scale(numeral: Numeral, scale: tuple[int, ...]) -> Numeral:
    """Return the numeral if the scale has all its tones, otherwise the most similar chord of the scale.

    `scale` is in semitones above the tonic.

    >>> str(fit_to_scale(Numeral(5, "maj7"), (0, 1, 4, 5, 7, 8, 10)))
    'iv'
    """
    wanted = frozenset(numeral.pitch_classes)
    if wanted <= frozenset(scale):
        return numeral

    def unlikeness(chord: Numeral) -> tuple[float, int, int]:
        tones = frozenset(chord.pitch_classes)
        apart = min((chord.step - numeral.step) % 12, (numeral.step - chord.step) % 12)
        cost = 1.5 * len(wanted - tones) + len(tones - wanted) + (0.0 if apart == 0 else 1.0 + 0.3 * apart)
        # Prefer triads to bare fifths, and stable triads to diminished and augmented ones.
        cost += 1.2 * (chord.quality == "(1,5)") + 0.6 * (chord.quality in ("dim", "aug"))
        return cost, _QUALITIES.index(chord.quality), chord.step

    return min(chords_of_scale(scale), key=unlikeness, default=Numeral(numeral.step, "(1,5)"))


@lru_cache(maxsize=64)
def chords_of_scale(scale: tuple[int, ...]) -> tuple[Numeral, ...]:
    """Return every chord of a scale given in semitones above the tonic, simplest first on each step.

    >>> [str(chord) for chord in chords_of_scale((0, 1, 5, 7, 10)) if chord.step == 0]
    ['Isus4', 'I5', 'I7sus4']
    """
    own = frozenset(scale)
    return tuple(
        Numeral(step, quality)
        for step in scale
        for quality in _QUALITIES
        if all((step + interval) % 12 in own for interval in BY_HARTE[quality].intervals)
    )
