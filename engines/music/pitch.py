"""Pitches as MIDI numbers (60 is middle C, C4) and pitch classes as 0..11 (0 is C)."""

from __future__ import annotations

import re
from typing import Final

from engines.errors import ParamError

SHARP_NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
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


def pitch_class_name(pitch_class: int, flats: bool = False) -> str:
    """The name of a pitch class.

    >>> pitch_class_name(10), pitch_class_name(10, flats=True)
    ('A#', 'Bb')
    """
    return (FLAT_NAMES if flats else SHARP_NAMES)[pitch_class % 12]


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


def pitch_name(pitch: int, flats: bool = False) -> str:
    """The note name of a MIDI number.

    >>> pitch_name(60), pitch_name(28), pitch_name(34, flats=True)
    ('C4', 'E1', 'Bb1')
    """
    return f"{pitch_class_name(pitch, flats)}{pitch // 12 - 1}"


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
