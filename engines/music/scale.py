"""Scales by Live's own names, and keys: a scale on a tonic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from engines.errors import ParamError
from engines.music.pitch import parse_pitch_class, pitch_class_name

# Every scale that Live 12 offers, under the name that Song.scale_name gives it.
SCALES: Final[dict[str, tuple[int, ...]]] = {
    "Major": (0, 2, 4, 5, 7, 9, 11),
    "Minor": (0, 2, 3, 5, 7, 8, 10),
    "Dorian": (0, 2, 3, 5, 7, 9, 10),
    "Mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "Lydian": (0, 2, 4, 6, 7, 9, 11),
    "Phrygian": (0, 1, 3, 5, 7, 8, 10),
    "Locrian": (0, 1, 3, 5, 6, 8, 10),
    "Whole Tone": (0, 2, 4, 6, 8, 10),
    "Half-whole Dim.": (0, 1, 3, 4, 6, 7, 9, 10),
    "Whole-half Dim.": (0, 2, 3, 5, 6, 8, 9, 11),
    "Minor Blues": (0, 3, 5, 6, 7, 10),
    "Minor Pentatonic": (0, 3, 5, 7, 10),
    "Major Pentatonic": (0, 2, 4, 7, 9),
    "Harmonic Minor": (0, 2, 3, 5, 7, 8, 11),
    "Harmonic Major": (0, 2, 4, 5, 7, 8, 11),
    "Dorian #4": (0, 2, 3, 6, 7, 9, 10),
    "Phrygian Dominant": (0, 1, 4, 5, 7, 8, 10),
    "Melodic Minor": (0, 2, 3, 5, 7, 9, 11),
    "Lydian Augmented": (0, 2, 4, 6, 8, 9, 11),
    "Lydian Dominant": (0, 2, 4, 6, 7, 9, 10),
    "Super Locrian": (0, 1, 3, 4, 6, 8, 10),
    "8-Tone Spanish": (0, 1, 3, 4, 5, 6, 8, 10),
    "Bhairav": (0, 1, 4, 5, 7, 8, 11),
    "Hungarian Minor": (0, 2, 3, 6, 7, 8, 11),
    "Hirajoshi": (0, 2, 3, 7, 8),
    "In-Sen": (0, 1, 5, 7, 10),
    "Iwato": (0, 1, 5, 6, 10),
    "Kumoi": (0, 2, 3, 7, 9),
    "Pelog Selisir": (0, 1, 3, 7, 8),
    "Pelog Tembung": (0, 1, 5, 7, 8),
    "Messiaen 3": (0, 2, 3, 4, 6, 7, 8, 10, 11),
    "Messiaen 4": (0, 1, 2, 5, 6, 7, 8, 11),
    "Messiaen 5": (0, 1, 5, 6, 7, 11),
    "Messiaen 6": (0, 2, 4, 5, 6, 8, 10, 11),
    "Messiaen 7": (0, 1, 2, 3, 5, 6, 7, 8, 9, 11),
}

# What people write instead of Live's names.
_OTHER_NAMES: Final = {
    "": "Major",
    "maj": "Major",
    "ionian": "Major",
    "m": "Minor",
    "min": "Minor",
    "aeolian": "Minor",
    "natural minor": "Minor",
    "mixo": "Mixolydian",
    "blues": "Minor Blues",
    "pentatonic": "Major Pentatonic",
    "altered": "Super Locrian",
}
_BY_LOWER_NAME: Final = {name.lower(): name for name in SCALES} | _OTHER_NAMES
_KEY = re.compile(r"([A-Ga-g][#♯b♭]?)\s*(.*)")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A tonic (pitch class 0..11, Live's root_note) and the name of a scale as Live has it.

    >>> key = Key.parse("F# dorian")
    >>> key, str(key), key.pitch_classes
    (Key(tonic=6, scale='Dorian'), 'F# dorian', (6, 8, 9, 11, 1, 3, 4))
    """

    tonic: int
    scale: str = "Major"

    def __post_init__(self) -> None:
        if not 0 <= self.tonic <= 11:
            raise ParamError("tonic", "0 to 11", self.tonic)
        if self.scale not in SCALES:
            raise ParamError("scale", "one of Live's scales, such as Major or Dorian", self.scale)

    def __str__(self) -> str:
        scale = self.scale.lower() if self.scale in _MODES else self.scale
        return f"{pitch_class_name(self.tonic, self.has_flats)} {scale}"

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones of the scale's steps above the tonic, ascending from 0."""
        return SCALES[self.scale]

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The scale's pitch classes, from the tonic up."""
        return tuple((self.tonic + interval) % 12 for interval in self.intervals)

    @property
    def is_minor(self) -> bool:
        """Whether the scale has a minor third and no major one."""
        return 3 in self.intervals and 4 not in self.intervals

    @property
    def has_flats(self) -> bool:
        """Whether musicians write this key with flats, by its relative major on the circle of fifths."""
        relative_major = (self.tonic + (3 if self.is_minor else 0)) % 12
        return relative_major in (5, 10, 3, 8, 1)

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key of a text such as "A minor", "Am", "F# dorian" or "C".

        >>> [str(Key.parse(text)) for text in ("Am", "C", "Bb", "E phrygian dominant", "c#min")]
        ['A minor', 'C major', 'Bb major', 'E Phrygian Dominant', 'C# minor']
        """
        match = _KEY.fullmatch(text.strip())
        # "M" alone means major; in lower case it would mean minor.
        wanted = None if match is None else "major" if match[2] == "M" else match[2].lower()
        if match is None or wanted not in _BY_LOWER_NAME:
            raise ParamError("key", "a tonic and one of Live's scales, such as Am, C or F# dorian", text)
        return cls(parse_pitch_class(match[1]), _BY_LOWER_NAME[wanted])

    @classmethod
    def from_live(cls, root_note: int, scale_name: str) -> Key:
        """The key of Live's `Song.root_note` and `Song.scale_name`; a name Live does not have raises ParamError.

        >>> Key.from_live(9, "Minor")
        Key(tonic=9, scale='Minor')
        """
        return cls(root_note, scale_name)


_MODES: Final = frozenset(("Major", "Minor", "Dorian", "Mixolydian", "Lydian", "Phrygian", "Locrian"))
"""Scales whose names are written small after the tonic: A minor, but A Hirajoshi."""
