"""Chords, parsed from and written as lead-sheet symbols ("Am7/G") and Harte's syntax ("A:min7/b7")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.music.pitch import (
    LAST_FLAT,
    LAST_SHARP,
    USUAL_NAMES,
    name_on_fifths,
    parse_pitch_class,
    place_on_fifths,
)


class Quality(NamedTuple):
    """A chord quality: its lead-sheet symbol, its Harte shorthand, and its intervals above the root."""

    symbol: str
    harte: str
    intervals: tuple[int, ...]
    other_symbols: tuple[str, ...] = ()


# The second column has the shorthands of Harte et al., "Symbolic representation of musical chords" (2005); qualities
# without a shorthand are written with their degrees in brackets.
QUALITIES: Final = (
    Quality("", "maj", (0, 4, 7), ("maj", "M", "major")),
    Quality("m", "min", (0, 3, 7), ("min", "-", "minor", "mi")),
    Quality("7", "7", (0, 4, 7, 10), ("dom7",)),
    Quality("maj7", "maj7", (0, 4, 7, 11), ("M7", "Δ", "Δ7", "ma7", "j7")),
    Quality("m7", "min7", (0, 3, 7, 10), ("min7", "-7", "mi7")),
    Quality("mMaj7", "minmaj7", (0, 3, 7, 11), ("mM7", "m(maj7)", "-Δ7", "minmaj7", "-Δ")),
    Quality("dim", "dim", (0, 3, 6), ("o", "°", "mb5")),
    Quality("dim7", "dim7", (0, 3, 6, 9), ("o7", "°7")),
    Quality("m7b5", "hdim7", (0, 3, 6, 10), ("ø", "ø7", "-7b5", "min7b5", "m7(b5)", "hdim7")),
    Quality("aug", "aug", (0, 4, 8), ("+", "#5")),
    Quality("aug7", "aug(b7)", (0, 4, 8, 10), ("+7", "7#5", "7(#5)")),
    Quality("sus2", "sus2", (0, 2, 7)),
    Quality("sus4", "sus4", (0, 5, 7), ("sus",)),
    Quality("7sus4", "sus4(b7)", (0, 5, 7, 10), ("7sus", "9sus4", "9sus")),
    Quality("6", "maj6", (0, 4, 7, 9), ("M6", "maj6")),
    Quality("m6", "min6", (0, 3, 7, 9), ("min6", "-6")),
    Quality("69", "maj6(9)", (0, 4, 7, 9, 14), ("6/9", "6add9")),
    Quality("9", "9", (0, 4, 7, 10, 14)),
    Quality("maj9", "maj9", (0, 4, 7, 11, 14), ("M9", "Δ9")),
    Quality("m9", "min9", (0, 3, 7, 10, 14), ("min9", "-9")),
    Quality("add9", "maj(9)", (0, 4, 7, 14), ("add2", "2")),
    Quality("madd9", "min(9)", (0, 3, 7, 14), ("m(add9)",)),
    Quality("11", "11", (0, 4, 7, 10, 14, 17)),
    Quality("m11", "min11", (0, 3, 7, 10, 14, 17), ("min11", "-11")),
    Quality("13", "13", (0, 4, 7, 10, 14, 21)),
    Quality("maj13", "maj13", (0, 4, 7, 11, 14, 21), ("M13",)),
    Quality("m13", "min13", (0, 3, 7, 10, 14, 21), ("min13", "-13")),
    Quality("7b9", "7(b9)", (0, 4, 7, 10, 13), ("7(b9)",)),
    Quality("7#9", "7(#9)", (0, 4, 7, 10, 15), ("7(#9)",)),
    Quality("7b5", "7(b5)", (0, 4, 6, 10), ("7(b5)",)),
    Quality("7#11", "7(#11)", (0, 4, 7, 10, 18), ("7(#11)",)),
    Quality("maj7#11", "maj7(#11)", (0, 4, 7, 11, 18), ("M7#11", "Δ#11", "maj7(#11)")),
    Quality("7alt", "7(b9,#9,b13)", (0, 4, 10, 13, 15, 20), ("alt",)),
    Quality("5", "(1,5)", (0, 7), ("power",)),
)
BY_HARTE: Final = {quality.harte: quality for quality in QUALITIES}
_BY_SYMBOL: Final = {name: quality for quality in QUALITIES for name in (quality.symbol, *quality.other_symbols)}
_MAJOR_SCALE: Final = (0, 2, 4, 5, 7, 9, 11)

_FIFTHS_OF_STEP: Final = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)
"""Fifths from a root to each interval above it in semitones: thirds, raised fourth, sixths, sevenths."""
_FIFTHS_OF_ALTERED: Final = {6: -6, 8: 8}
"""The same for chords whose fifth is flat or sharp."""
_FIFTHS_OF_DIMINISHED: Final = {6: -6, 9: -9}
"""The same for diminished chords, whose seventh is a third above the fifth: Ab over B."""

_SYMBOL = re.compile(r"([A-G][#♯b♭]?)([^/]*(?:6/9)?)(?:/([A-G][#♯b♭]?))?")
_HARTE = re.compile(r"([A-G][#b]*):?([^/]*)(?:/([#b]*\d+))?")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, order=True)
class Chord:
    """A chord: the root as a pitch class 0..11, the quality as a Harte shorthand, and the bass if it is not the root.

    >>> chord = Chord.parse("Am7/G")
    >>> chord, chord.harte, chord.pitch_classes
    (Chord(root=9, quality='min7', bass=7), 'A:min7/b7', (9, 0, 4, 7))
    """

    root: int
    quality: str = "maj"
    bass: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.root <= 11:
            raise ParamError("chord root", "0 to 11", self.root)
        if self.quality not in BY_HARTE:
            raise ParamError("chord quality", "one of QUALITIES, such as maj or min7", self.quality)
        if self.bass is not None and not 0 <= self.bass <= 11:
            raise ParamError("chord bass", "0 to 11", self.bass)

    def __str__(self) -> str:
        return self.symbol

    @property
    def intervals(self) -> tuple[int, ...]:
        """The intervals above the root in semitones, ascending; ninths and beyond are above 12."""
        return BY_HARTE[self.quality].intervals

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The chord's pitch classes, the root first."""
        return tuple((self.root + interval) % 12 for interval in self.intervals)

    @property
    def bass_or_root(self) -> int:
        """The pitch class of the bass on the first beat."""
        return self.root if self.bass is None else self.bass

    @property
    def is_minor(self) -> bool:
        """Whether the third is minor."""
        return 3 in self.intervals and 4 not in self.intervals

    @property
    def symbol(self) -> str:
        """The lead-sheet symbol without a key; `engines.music.spelling` spells chords in their key.

        >>> Chord.parse("Bb:hdim7").symbol, Chord(1, "7", 11).symbol, Chord.parse("D#m").symbol
        ('Bbm7b5', 'Db7/Cb', 'Ebm')
        """
        return self.symbol_on(self.usual_place)

    def symbol_on(self, place: int) -> str:
        """Return the lead-sheet symbol with the root at a position on the line of fifths; the bass is spelt as a chord
        tone.

        >>> Chord.parse("Dbm/E").symbol_on(7), Chord.parse("Dbm/E").symbol_on(-5)
        ('C#m/E', 'Dbm/Fb')
        """
        slash = "" if self.bass is None else f"/{name_on_fifths(self._tone_place(self.bass, place))}"
        return f"{name_on_fifths(place)}{BY_HARTE[self.quality].symbol}{slash}"

    @property
    def harte(self) -> str:
        """The chord in Harte's syntax, its bass as a degree above the root."""
        return self.harte_on(self.usual_place)

    def harte_on(self, place: int) -> str:
        """Return the chord in Harte's syntax with the root at a position on the line of fifths."""
        slash = "" if self.bass is None else f"/{_degree_name((self.bass - self.root) % 12)}"
        return f"{name_on_fifths(place)}:{BY_HARTE[self.quality].harte}{slash}"

    @property
    def usual_place(self) -> int:
        """The root's usual position on the line of fifths without a key: that of the key in which the chord is the
        tonic.

        >>> [Chord.parse(text).symbol for text in ("Db", "C#m", "Gb7", "D#m7", "Abdim", "A#")]
        ['Db', 'C#m', 'F#7', 'Ebm7', 'G#dim', 'Bb']
        """
        place = place_on_fifths(USUAL_NAMES[self.root])
        # Db and Ab minor would have eight and seven flats.
        return place + 12 if self.is_minor and self.root in (1, 8) else place

    @property
    def note_names(self) -> tuple[str, ...]:
        """The names of the 12 pitch classes over this chord without a key, from C up.

        >>> [Chord.parse("Ebm").note_names[pitch_class] for pitch_class in (3, 6, 10)]
        ['Eb', 'Gb', 'Bb']
        """
        return tuple(name_on_fifths(self._tone_place(tone, self.usual_place)) for tone in range(12))

    def _tone_place(self, pitch_class: int, root: int) -> int:
        step = (pitch_class - self.root) % 12
        altered = _FIFTHS_OF_DIMINISHED if {3, 6} <= set(self.intervals) else _FIFTHS_OF_ALTERED
        place = root + (altered[step] if step in altered and step in self.intervals else _FIFTHS_OF_STEP[step])
        # Avoid double accidentals by the enharmonic name.
        return place + 12 if place < LAST_FLAT - 2 else place - 12 if place > LAST_SHARP + 2 else place

    @classmethod
    def parse(cls, text: str) -> Chord:
        """Parse a lead-sheet symbol or a Harte label.

        >>> [Chord.parse(text).harte for text in ("C", "Dm7/G", "F#ø", "Eb:maj7", "A:min/b3", "G6/9")]
        ['C:maj', 'D:min7/4', 'F#:hdim7', 'Eb:maj7', 'A:min/b3', 'G:maj6(9)']
        """
        word = _SPACE.sub("", text)
        return _parse_harte(word) if ":" in word else _parse_symbol(word)


def _parse_symbol(word: str) -> Chord:
    match = _SYMBOL.fullmatch(word)
    if match is None or match[2] not in _BY_SYMBOL:
        raise ParamError("chord", "a root and a known quality, such as Am7, Dm7/G or F#m7b5", word)
    return _chord(parse_pitch_class(match[1]), _BY_SYMBOL[match[2]], match[3] and parse_pitch_class(match[3]))


def _parse_harte(word: str) -> Chord:
    match = _HARTE.fullmatch(word)
    shorthand = match and (match[2] or "maj")
    if match is None or shorthand not in BY_HARTE:
        raise ParamError("chord", "in Harte's syntax with a known shorthand, such as A:min7 or C:maj/3", word)
    root = parse_pitch_class(match[1])
    return _chord(root, BY_HARTE[shorthand], match[3] and (root + _degree_semitones(match[3])) % 12)


def _chord(root: int, quality: Quality, bass: int | str | None) -> Chord:
    other_bass = bass if isinstance(bass, int) and bass != root else None
    return Chord(root, quality.harte, other_bass)


def _degree_semitones(degree: str) -> int:
    """Return the semitones of a degree such as "b7" above the root.

    >>> _degree_semitones("b7"), _degree_semitones("9")
    (10, 14)
    """
    digits = degree.lstrip("#b")
    octave, step = divmod(int(digits) - 1, 7)
    return octave * 12 + _MAJOR_SCALE[step] + degree.count("#") - degree.count("b")


def _degree_name(semitones: int) -> str:
    if semitones in _MAJOR_SCALE:
        return str(_MAJOR_SCALE.index(semitones) + 1)
    if semitones == 6:  # a bass a tritone away sounds as the flat fifth
        return "b5"
    return f"b{_MAJOR_SCALE.index(semitones + 1) + 1}"
