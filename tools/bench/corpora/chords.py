"""Convert between chord names and notes."""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.music.chord import QUALITIES, Chord


def name_chord(pitches: Sequence[int]) -> str | None:
    """Return the chord in Harte's syntax with exactly these notes, of which the lowest is the bass; None without a
    name.

    Of several names, one whose root is the bass is preferred, then the one with the fewest notes above the octave.

    >>> name_chord([48, 52, 55]), name_chord([52, 55, 60]), name_chord([45, 48, 52, 55])
    ('C:maj', 'C:maj/3', 'A:min7')
    """
    if not pitches:
        return None
    classes = {pitch % 12 for pitch in pitches}
    bass = min(pitches) % 12
    fitting = [
        (root != bass, len(quality.intervals), number, root, quality.harte)
        for root in classes
        for number, quality in enumerate(QUALITIES)
        if {(root + interval) % 12 for interval in quality.intervals} == classes
    ]
    if not fitting:
        return None
    *_, root, name = min(fitting)
    return Chord(root, name, None if root == bass else bass).harte


def voicing(chord: Chord) -> list[int]:
    """Return the chord's notes in close position around middle C, from E3 up; large chords omit the fifth."""
    classes = list(chord.pitch_classes)
    if len(classes) > 4 and (chord.root + 7) % 12 in classes:
        classes.remove((chord.root + 7) % 12)
    return sorted(52 + (pitch_class - 52) % 12 for pitch_class in classes)
