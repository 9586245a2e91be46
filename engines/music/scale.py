"""Scales by Live's own names, and keys: a scale on a tonic, with conventional spelling.

A key is a pitch class and a scale, however it was written: "D# minor" and "Eb minor" are one key, named by the
signature with fewer accidentals. If both have six, the tonic has its usual name: F# major and Eb minor, Ab dorian, Db
mixolydian, Bb phrygian.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.music.pitch import USUAL_NAMES, name_on_fifths, parse_pitch_class, place_on_fifths, plain_place

# Every scale of Live 12, by its name in Song.scale_name.
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

# Other common names for Live's scales.
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
_KEY = re.compile(r"([A-Ga-g])(?:([#♯b♭])|[\s-]*((?i:sharp|flat))\b)?\s*(.*)")

_FIFTHS_ABOVE: Final = {
    **dict.fromkeys(("Mixolydian", "Lydian Dominant", "Half-whole Dim."), 1),
    **dict.fromkeys(("Dorian", "Dorian #4", "Kumoi"), 2),
    **dict.fromkeys(("Minor", "Harmonic Minor", "Melodic Minor", "Minor Pentatonic", "Minor Blues"), 3),
    **dict.fromkeys(("Hungarian Minor", "Hirajoshi", "Whole-half Dim."), 3),
    **dict.fromkeys(("Phrygian", "Phrygian Dominant", "Super Locrian", "8-Tone Spanish", "In-Sen"), 4),
    **dict.fromkeys(("Pelog Selisir", "Pelog Tembung"), 4),
    **dict.fromkeys(("Locrian", "Iwato"), 5),
    **dict.fromkeys(("Lydian", "Lydian Augmented"), -1),
}
"""Fifths from the tonic of the major scale with the same signature up to that of the scale; 0 for scales not listed.

Scales without a signature of their own take that of the nearest mode. The altered scale (Super Locrian) is played over
the dominant of a minor key, and is spelt in that key.
"""
_AS_MANY: Final = 6
"""The number of accidentals at which a sharp key and a flat key are enharmonic."""


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
        return f"{self.tonic_name} {scale}"

    @property
    def tonic_name(self) -> str:
        """The name of the tonic.

        >>> [Key.parse(text).tonic_name for text in ("C#", "D#m", "Gb", "Db dorian", "A# phrygian")]
        ['Db', 'Eb', 'F#', 'C#', 'Bb']
        """
        return name_on_fifths(self.tonic_place)

    @property
    def tonic_place(self) -> int:
        """The tonic's position on the line of fifths: C is 0, Db -5, C# 7."""
        return self.signature + _FIFTHS_ABOVE.get(self.scale, 0)

    @property
    def signature(self) -> int:
        """The sharps of the key signature, negative for flats: -6 to 6.

        >>> [Key.parse(text).signature for text in ("Am", "Eb", "F#", "Eb minor", "G# minor", "D dorian")]
        [0, -3, 6, -6, 5, 0]
        """
        usual = place_on_fifths(USUAL_NAMES[self.tonic]) - _FIFTHS_ABOVE.get(self.scale, 0)
        if abs(usual) == _AS_MANY:
            return usual
        return (usual + 5) % 12 - 5

    @property
    def note_names(self) -> tuple[str, ...]:
        """The names of the pitch classes in this key, from C up: scale tones by the signature, others by the tonic.

        Chromatic tones range from the flat second to the sharp fourth on the line of fifths: in C major Db, Eb, F#, Ab
        and Bb, in A minor Bb, C#, D#, F# and G#.

        >>> Key.parse("A minor").note_names[8], Key.parse("Ab").note_names[8], Key.parse("Eb minor").note_names[11]
        ('G#', 'Ab', 'Cb')
        """
        return tuple(name_on_fifths(_place_in(self, pitch_class)) for pitch_class in range(12))

    @property
    def intervals(self) -> tuple[int, ...]:
        """The scale's steps in semitones above the tonic, ascending from 0."""
        return SCALES[self.scale]

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The scale's pitch classes, from the tonic up."""
        return tuple((self.tonic + interval) % 12 for interval in self.intervals)

    @property
    def is_minor(self) -> bool:
        """Whether the scale has a minor third and no major one."""
        return 3 in self.intervals and 4 not in self.intervals

    @classmethod
    def parse(cls, text: str) -> Key:
        """Parse a key such as "A minor", "Am", "F# dorian", "C" or "c sharp minor".

        >>> [str(Key.parse(text)) for text in ("Am", "C", "Bb", "E phrygian dominant", "c#min", "D# minor", "a flat")]
        ['A minor', 'C major', 'Bb major', 'E Phrygian Dominant', 'C# minor', 'Eb minor', 'Ab major']
        """
        match = _KEY.fullmatch(text.strip())
        # "M" alone means major; in lower case it would mean minor.
        wanted = None if match is None else "major" if match[4] == "M" else match[4].lower()
        if match is None or wanted not in _BY_LOWER_NAME:
            raise ParamError("key", "a tonic and one of Live's scales, such as Am, C or F# dorian", text)
        sign = match[2] or {"sharp": "#", "flat": "b"}.get((match[3] or "").lower(), "")
        return cls(parse_pitch_class(match[1] + sign), _BY_LOWER_NAME[wanted])

    @classmethod
    def from_live(cls, root_note: int, scale_name: str) -> Key:
        """Return the key of Live's `Song.root_note` and `Song.scale_name`; raises ParamError for unknown names.

        >>> Key.from_live(9, "Minor")
        Key(tonic=9, scale='Minor')
        """
        return cls(root_note, scale_name)


_MODES: Final = frozenset(("Major", "Minor", "Dorian", "Mixolydian", "Lydian", "Phrygian", "Locrian"))
"""Scales whose names are written in lower case after the tonic: A minor, but A Hirajoshi."""


def _place_in(key: Key, pitch_class: int) -> int:
    """Return the position of a pitch class on the line of fifths, as spelt in a key."""
    first = key.signature - 1
    own = first + (7 * pitch_class - first) % 12
    return own if own < first + 7 else fit_place(pitch_class, key.tonic_place - 5)


def fit_place(pitch_class: int, lowest: int) -> int:
    """Return the position of a pitch class on the line of fifths, within twelve from `lowest` up if its name is simple.

    >>> [name_on_fifths(fit_place(pitch_class, -5)) for pitch_class in (1, 6, 8)], name_on_fifths(fit_place(5, 3))
    (['Db', 'F#', 'Ab'], 'F')
    """
    # Notes outside the key are never spelt Cb, Fb, E#, B# or with double accidentals, which are hard to read.
    return plain_place(lowest + (7 * pitch_class - lowest) % 12)
