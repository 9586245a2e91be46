"""Roman numerals: chords by their degree in a key, and their text notation.

Degrees are counted from the major scale on the tonic in every key, so that bVI is the same chord in major and minor;
capitals have a major third, small letters a minor one. A quality follows as on lead sheets ("ii7", "Imaj7", "viio7",
"iiø"), then for an applied chord a slash and its goal ("V7/V"), or a slash and the bass as a degree of the chord
("I/3").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import BY_HARTE, Chord

_STEPS: Final = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_DEGREES: Final = (0, 2, 4, 5, 7, 9, 11)
_NAMES: Final = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_WORD: Final = re.compile(r"([#b]?)(III|II|IV|I|VII|VI|V|iii|ii|iv|i|vii|vi|v)([^/]*)")
_CHORD_DEGREE: Final = re.compile(r"([#b]?)([2-7])")
_ON_MAJOR: Final = {
    "": "maj", "7": "7", "maj7": "maj7", "6": "maj6", "69": "maj6(9)", "9": "9", "maj9": "maj9", "add9": "maj(9)",
    "11": "11", "13": "13", "maj13": "maj13", "+": "aug", "+7": "aug(b7)", "sus2": "sus2", "sus4": "sus4",
    "7sus4": "sus4(b7)", "7b9": "7(b9)", "7#9": "7(#9)", "7b5": "7(b5)", "7#11": "7(#11)", "maj7#11": "maj7(#11)",
    "7alt": "7(b9,#9,b13)", "5": "(1,5)",
}  # fmt: skip
_ON_MINOR: Final = {
    "": "min", "7": "min7", "maj7": "minmaj7", "6": "min6", "9": "min9", "add9": "min(9)", "11": "min11",
    "13": "min13", "o": "dim", "o7": "dim7", "ø": "hdim7", "ø7": "hdim7", "5": "(1,5)",
}  # fmt: skip
_WRITTEN: Final = {harte: text for text, harte in reversed((*_ON_MAJOR.items(), *_ON_MINOR.items()))}


class Numeral(NamedTuple):
    """A chord relative to a key: its root in semitones above the tonic, its quality as a Harte shorthand, and its bass
    in semitones above the root.

    >>> parse_numeral("V7/V").in_key(0).symbol, parse_numeral("I/3").in_key(9).symbol, str(parse_numeral("bviio7"))
    ('D7', 'A/C#', 'bviio7')
    """

    step: int
    quality: str
    bass: int = 0

    def __str__(self) -> str:
        name = _NAMES[self.step]
        if self.quality in _ON_MINOR.values() and self.quality != "(1,5)":
            name = name.lower()
        bass = f"/{Chord(0, self.quality, self.bass).harte.partition('/')[2]}" if self.bass else ""
        return f"{name}{_WRITTEN.get(self.quality, self.quality)}{bass}"

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The chord's tones in semitones above the tonic, 0..11, root first."""
        return tuple((self.step + interval) % 12 for interval in BY_HARTE[self.quality].intervals)

    def in_key(self, tonic: int) -> Chord:
        """Return the chord in a key with this tonic (pitch class)."""
        return _chord(self, tonic)

    @classmethod
    def of(cls, chord: Chord, tonic: int) -> Numeral:
        """Return the numeral of a chord in a key with this tonic (pitch class): the inverse of `in_key`."""
        bass = 0 if chord.bass is None else (chord.bass - chord.root) % 12
        return cls((chord.root - tonic) % 12, chord.quality, bass)


@lru_cache(maxsize=4096)
def _chord(numeral: Numeral, tonic: int) -> Chord:
    root = (tonic + numeral.step) % 12
    return Chord(root, numeral.quality, (root + numeral.bass) % 12 if numeral.bass else None)


@lru_cache(maxsize=1024)
def parse_numeral(text: str) -> Numeral:
    """Parse a numeral; raises ParamError for anything else.

    >>> parse_numeral("bVImaj7"), parse_numeral("iiø/b3")
    (Numeral(step=8, quality='maj7', bass=0), Numeral(step=2, quality='hdim7', bass=3))
    """
    head, _, below = text.partition("/")
    match = _WORD.fullmatch(head)
    if match is None:
        raise _unreadable(text)
    sign, letters, suffix = match.groups()
    quality = (_ON_MAJOR if letters.isupper() else _ON_MINOR).get(suffix)
    if quality is None:
        raise _unreadable(text)
    step = (_STEPS[letters.upper()] + {"#": 1, "b": -1, "": 0}[sign]) % 12
    if not below:
        return Numeral(step, quality)
    if degree := _CHORD_DEGREE.fullmatch(below):
        bass = _DEGREES[int(degree[2]) - 1] + {"#": 1, "b": -1, "": 0}[degree[1]]
        return Numeral(step, quality, bass % 12)
    goal = parse_numeral(below)
    return Numeral((step + goal.step) % 12, quality)


@lru_cache(maxsize=1024)
def parse_numerals(text: str) -> tuple[tuple[Numeral, ...], ...]:
    """Parse a line such as "ii7 V7 | Imaj7" into bars of numerals; "%" repeats the bar before.

    >>> [[str(numeral) for numeral in bar] for bar in parse_numerals("i | % | bVI V7")]
    [['i'], ['i'], ['bVI', 'V7']]
    """
    return tuple(_bars(text))


def _bars(text: str) -> Iterator[tuple[Numeral, ...]]:
    before: tuple[Numeral, ...] = ()
    for bar in text.split("|"):
        words = bar.split()
        if not words or (words == ["%"] and not before):
            raise _unreadable(text)
        before = before if words == ["%"] else tuple(parse_numeral(word) for word in words)
        yield before


def _unreadable(text: str) -> ParamError:
    return ParamError("numerals", "Roman numerals in bars, such as ii7 V7 | Imaj7 | bVI V7/V", text)
