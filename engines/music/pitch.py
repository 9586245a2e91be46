"""Pitches as MIDI numbers (60 is middle C, C4) and pitch classes as 0..11 (0 is C)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from musearoo.engines.errors import ParamError

USUAL_NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""The names of the pitch classes without a key: each as the tonic of the major key with the fewest accidentals.

F# and Gb major have six each; F# is more common among guitarists, producers and in MIDI files.
"""

LAST_FLAT: Final = -6
LAST_SHARP: Final = 10
"""Gb and A# on the line of fifths, where C is 0 and G 1: names beyond them are of white keys or double accidentals."""

LETTERS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS: Final = {"#": 1, "♯": 1, "b": -1, "♭": -1}

_PITCH_CLASS = re.compile(r"([A-Ga-g])([#♯b♭]{0,2})")
_PITCH = re.compile(r"([A-Ga-g][#♯b♭]{0,2})(-?\d+)")


def parse_pitch_class(text: str) -> int:
    """Return the pitch class 0..11 of a note name.

    >>> [parse_pitch_class(name) for name in ("C", "F#", "Bb", "Cb", "g")]
    [0, 6, 10, 11, 7]
    """
    match = _PITCH_CLASS.fullmatch(text.strip())
    if match is None:
        raise ParamError("note name", "a letter A to G with # or b, such as F# or Bb", text)
    letter, signs = match.groups()
    return (LETTERS[letter.upper()] + sum(ACCIDENTALS[sign] for sign in signs)) % 12


def name_on_fifths(place: int) -> str:
    """Return the note name at a position on the line of fifths: fifths above C, negative below; each name has one.

    >>> [name_on_fifths(place) for place in (0, 1, -1, 6, -6, 11, -7, 13)]
    ['C', 'G', 'F', 'F#', 'Gb', 'E#', 'Cb', 'F##']
    """
    accidentals, letter = divmod(place + 1, 7)
    return "FCGDAEB"[letter] + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


def place_on_fifths(name: str) -> int:
    """Return the position of a note name on the line of fifths: the inverse of `name_on_fifths`.

    >>> [place_on_fifths(name) for name in ("C", "F#", "Gb", "Cb")]
    [0, 6, -6, -7]
    """
    return "FCGDAEB".index(name[0]) - 1 + 7 * sum(ACCIDENTALS[sign] for sign in name[1:])


def parse_pitch(text: str) -> int:
    """Return the MIDI number of a note name with its octave, C4 being 60.

    >>> parse_pitch("C4"), parse_pitch("E1"), parse_pitch("Bb-1")
    (60, 28, 10)
    """
    match = _PITCH.fullmatch(text.strip())
    if match is None:
        raise ParamError("pitch", "a note name with an octave, such as E1 or F#3", text)
    name, octave = match.groups()
    signs = sum(ACCIDENTALS[sign] for sign in name[1:])
    number = LETTERS[name[0].upper()] + signs + 12 * (int(octave) + 1)
    if not 0 <= number <= 127:
        raise ParamError("pitch", "C-1 to G9", text)
    return number


def pitch_name(pitch: int, names: Sequence[str] = USUAL_NAMES) -> str:
    """Return the note name of a MIDI number; `names` are those of the pitch classes, such as a key's `note_names`.

    >>> pitch_name(60), pitch_name(28), pitch_name(34), pitch_name(34, ("B#",) * 10 + ("A#", "Cb"))
    ('C4', 'E1', 'Bb1', 'A#1')
    """
    name = names[pitch % 12]
    # The octave belongs to the letter: Cb4 is a semitone below C4 and sounds as B3.
    octave = (pitch - sum(ACCIDENTALS[sign] for sign in name[1:])) // 12 - 1
    return f"{name}{octave}"


def plain_place(place: int) -> int:
    """Return the position on the line of fifths of the simplest enharmonic name: B for Cb, F for E#, D for C##.

    >>> [name_on_fifths(plain_place(place)) for place in (-7, -6, 10, 11, 14)]
    ['B', 'Gb', 'A#', 'F', 'D']
    """
    return place + 12 if place < LAST_FLAT else place - 12 if place > LAST_SHARP else place


def nearest_pitch(pitch_class: int, target: float, low: int, high: int) -> int:
    """Return the pitch of this class within low..high that is nearest to `target`; the lower one of a tie.

    A range narrower than an octave may contain none; then the first one above `low` is moved down an octave.

    >>> nearest_pitch(0, 37, 28, 55), nearest_pitch(4, 60, 28, 55)
    (36, 52)
    """
    first = low + (pitch_class - low) % 12
    if first > high:
        return max(0, first - 12)
    return min(range(first, high + 1, 12), key=lambda pitch: (abs(pitch - target), pitch))
