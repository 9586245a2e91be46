"""Pitches as MIDI numbers (60 is middle C, C4) and pitch classes as 0..11 (0 is C)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from musearoo.engines.errors import ParamError

USUAL_NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""What each pitch class is called where no key says otherwise: as the tonic of a major key, by its fewest accidentals.

F# and Gb major have six each. F# it is, as guitarists, producers and the keys of MIDI files have it.
"""

LAST_FLAT: Final = -6
LAST_SHARP: Final = 10
"""Gb and A# on the line of fifths, where C is 0 and G 1: names beyond them are of white keys, or have two signs."""

LETTERS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS: Final = {"#": 1, "♯": 1, "b": -1, "♭": -1}

_PITCH_CLASS = re.compile(r"([A-Ga-g])([#♯b♭]{0,2})")
_PITCH = re.compile(r"([A-Ga-g][#♯b♭]{0,2})(-?\d+)")


def parse_pitch_class(text: str) -> int:
    """The pitch class 0..11 of a note name.

    >>> [parse_pitch_class(name) for name in ("C", "F#", "Bb", "Cb", "g")]
    [0, 6, 10, 11, 7]
    """
    match = _PITCH_CLASS.fullmatch(text.strip())
    if match is None:
        raise ParamError("note name", "a letter A to G with # or b, such as F# or Bb", text)
    letter, signs = match.groups()
    return (LETTERS[letter.upper()] + sum(ACCIDENTALS[sign] for sign in signs)) % 12


def name_on_fifths(place: int) -> str:
    """The name of the note that lies so many fifths above C, below it where negative: each name has one place.

    >>> [name_on_fifths(place) for place in (0, 1, -1, 6, -6, 11, -7, 13)]
    ['C', 'G', 'F', 'F#', 'Gb', 'E#', 'Cb', 'F##']
    """
    accidentals, letter = divmod(place + 1, 7)
    return "FCGDAEB"[letter] + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


def place_on_fifths(name: str) -> int:
    """The place of a note name on the line of fifths: the inverse of `name_on_fifths`.

    >>> [place_on_fifths(name) for name in ("C", "F#", "Gb", "Cb")]
    [0, 6, -6, -7]
    """
    return "FCGDAEB".index(name[0]) - 1 + 7 * sum(ACCIDENTALS[sign] for sign in name[1:])


def parse_pitch(text: str) -> int:
    """The MIDI number of a note name with its octave, C4 being 60.

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
    """The note name of a MIDI number; `names` says what each pitch class is called, such as the `note_names` of a key.

    >>> pitch_name(60), pitch_name(28), pitch_name(34), pitch_name(34, ("B#",) * 10 + ("A#", "Cb"))
    ('C4', 'E1', 'Bb1', 'A#1')
    """
    name = names[pitch % 12]
    # The octave is the letter's: Cb4 sounds a semitone below C4, as B3 does.
    octave = (pitch - sum(ACCIDENTALS[sign] for sign in name[1:])) // 12 - 1
    return f"{name}{octave}"


def plain_place(place: int) -> int:
    """The place on the line of fifths of what sounds the same and is read at sight: B for Cb, F for E#, D for C##.

    >>> [name_on_fifths(plain_place(place)) for place in (-7, -6, 10, 11, 14)]
    ['B', 'Gb', 'A#', 'F', 'D']
    """
    return place + 12 if place < LAST_FLAT else place - 12 if place > LAST_SHARP else place


def nearest_pitch(pitch_class: int, target: float, low: int, high: int) -> int:
    """The pitch of this class within low..high that lies nearest to target; the lower one of two as near.

    A range narrower than an octave may hold none: then the first one above `low` is folded down.

    >>> nearest_pitch(0, 37, 28, 55), nearest_pitch(4, 60, 28, 55)
    (36, 52)
    """
    first = low + (pitch_class - low) % 12
    if first > high:
        return max(0, first - 12)
    return min(range(first, high + 1, 12), key=lambda pitch: (abs(pitch - target), pitch))
