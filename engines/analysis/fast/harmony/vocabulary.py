"""The recognised chords as class numbers: root * 16 + quality, plus one for no chord."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.chord import Chord

RECOGNIZED_QUALITIES: Final = (
    "maj", "min", "7", "maj7", "min7", "dim", "hdim7", "dim7", "aug", "sus4", "sus2", "maj6", "min6", "minmaj7",
    "sus4(b7)", "(1,5)",
)  # fmt: skip
SIMPLER: Final = {
    "9": "7", "13": "7", "11": "7", "7(b9)": "7", "7(#9)": "7", "7(b5)": "7", "7(#11)": "7", "aug(b7)": "7",
    "7(b9,#9,b13)": "7", "maj9": "maj7", "maj13": "maj7", "maj7(#11)": "maj7", "min9": "min7", "min11": "min7",
    "min13": "min7", "maj(9)": "maj", "min(9)": "min", "maj6(9)": "maj6",
}  # fmt: skip
"""The recognised quality of richer chords: ninths and beyond belong to the melody as often as to the chord."""

QUALITY_COUNT: Final = len(RECOGNIZED_QUALITIES)
NONE: Final = 12 * QUALITY_COUNT
CHORD_COUNT: Final = NONE + 1

MINOR_LIKE: Final = frozenset(("min", "min7", "min6", "minmaj7", "dim", "hdim7", "dim7"))
MAJOR_LIKE: Final = frozenset(("maj", "7", "maj7", "maj6", "aug"))

TRIADS_OF: Final[npt.NDArray[np.int64]] = np.array(
    [
        *(root + (12 if quality in MINOR_LIKE else 0) for root in range(12) for quality in RECOGNIZED_QUALITIES),
        24,
    ]
)
"""The class of each chord among the 25 of `HarmonyEvidence.chords`; without a third it counts as major."""


def chord_number(chord: Chord | None) -> int:
    """Return the number of a chord without its bass; qualities that are not recognised map to simpler ones.

    >>> chord_number(Chord.parse("Am9")) == chord_number(Chord.parse("Am7/G"))
    True
    """
    if chord is None:
        return NONE
    return chord.root * QUALITY_COUNT + RECOGNIZED_QUALITIES.index(SIMPLER.get(chord.quality, chord.quality))


def numbered_chord(number: int, bass: int | None = None) -> Chord | None:
    """Return the chord with a number, over `bass` (a pitch class) if that is another chord tone; None for no chord.

    >>> chord = numbered_chord(9 * QUALITY_COUNT + 1, 0)
    >>> chord and chord.harte
    'A:min/b3'
    """
    if number == NONE:
        return None
    root, quality = divmod(number, QUALITY_COUNT)
    chord = Chord(root, RECOGNIZED_QUALITIES[quality])
    if bass is None or bass == root or bass not in chord.pitch_classes:
        return chord
    return Chord(root, chord.quality, bass)
