"""Parse keys and chords in words: "F sharp dorian", "D minor seven, G seven, C major seven"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.language.grammar.sentence import Sentence, cut
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.scale import SCALES, Key

LETTERS: Final = frozenset("abcdefg")
SPOKEN_SCALES: Final = ("major", "minor", "dorian", "mixolydian", "phrygian", "lydian")
"""Scales in the recogniser's grammar; all of Live's scales are parsed in text."""
SPOKEN_TONICS: Final = (
    *("c", "c sharp", "d flat", "d", "d sharp", "e flat", "e", "f", "f sharp"),
    *("g flat", "g", "g sharp", "a flat", "a", "b flat", "b"),
)
DICTIONARY_A: Final = "a."
"""The letter A in recognisers' dictionaries, where "a" is the article."""
SPOKEN_QUALITIES: Final = (
    ("", "major"),
    ("m", "minor"),
    ("7", "seven"),
    ("m7", "minor seven"),
    ("maj7", "major seven"),
)
"""Chord qualities as symbols and as words. A single letter is too short to be recognised as a chord."""
_OTHER_SCALES: Final = {
    "m": "minor",
    "maj": "major",
    "min": "minor",
    "ionian": "major",
    "aeolian": "minor",
    "natural minor": "minor",
    "blues": "minor blues",
    "pentatonic minor": "minor pentatonic",
    "pentatonic major": "major pentatonic",
    "altered": "super locrian",
    "mixo": "mixolydian",
    "blues scale": "minor blues",
    "whole-tone": "whole tone",
}
_SCALES: Final = {cut(name).words: name.lower() for name in SCALES} | {
    cut(name).words: meant for name, meant in _OTHER_SCALES.items()
}
_LONGEST_SCALE: Final = max(map(len, _SCALES))
_QUALITIES: Final = {
    tuple(name.split()): symbol
    for symbol, names in {
        "": "major|maj",
        "m": "minor|min|m",
        "7": "seven|seventh|7|dominant|dominant seven|dominant seventh|dominant 7",
        "maj7": "major seven|major seventh|major 7|maj seven|maj 7",
        "m7": "minor seven|minor seventh|minor 7|min 7|m 7|min seven",
        "dim": "diminished|dim",
        "dim7": "diminished seven|diminished seventh|dim seven|diminished 7",
        "m7b5": "half diminished|minor seven flat five|minor 7 flat 5|half diminished seven",
        "aug": "augmented|aug|plus",
        "sus2": "sus two|sus 2|suspended two",
        "sus4": "sus four|sus 4|sus|suspended|suspended four",
        "7sus4": "seven sus four|seven sus",
        "6": "six|sixth|6",
        "m6": "minor six|minor sixth|minor 6",
        "9": "nine|ninth|9",
        "maj9": "major nine|major ninth|major 9",
        "m9": "minor nine|minor ninth|minor 9",
        "add9": "add nine|add 9",
        "11": "eleven|eleventh|11",
        "m11": "minor eleven|minor eleventh|minor 11",
        "13": "thirteen|thirteenth|13",
        "7b9": "seven flat nine|7 flat 9",
        "7#9": "seven sharp nine|7 sharp 9",
        "5": "five|power chord",
    }.items()
    for name in names.split("|")
}
_LONGEST_QUALITY: Final = max(map(len, _QUALITIES))
_DIGIT: Final = re.compile("[0-9]")
_SYMBOL: Final = re.compile(r"([a-g][#b]?)(.*?)(?:/([a-g][#b]?))?")
_COUNTED: Final = frozenset(("bar", "bars", "take", "takes", "measure", "measures", "of", "bpm", "minutes", "seconds"))
_JOINTS: Final = frozenset(("and", "then", "to"))
_AFTER_A_TONIC: Final = frozenset(
    [
        "at",
        "on",
        "for",
        "please",
        "over",
        "with",
        "in",
        "and",
        "but",
        "using",
        "to",
        "busier",
        "sparser",
        "darker",
        "eight",
        "four",
        "sixteen",
        "two",
        "one",
    ]
)
"""Words that may follow the key of A, where "a" could also be an article: they start something else."""


def spoken_tonic(tonic: str) -> str:
    """Return a tonic in the words of the recogniser's dictionary.

    >>> spoken_tonic("a flat"), spoken_tonic("c sharp")
    ('a. flat', 'c sharp')
    """
    return DICTIONARY_A + tonic[1:] if tonic[0] == "a" else tonic


def written_tonic(tonic: str) -> str:
    """Return the written form of a tonic in words.

    >>> written_tonic("a flat"), written_tonic("c sharp"), written_tonic("g")
    ('Ab', 'C#', 'G')
    """
    letter, _, sign = tonic.partition(" ")
    return letter.upper() + {"": "", "sharp": "#", "flat": "b"}[sign]


def read_note(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the name of the note at a word: "b flat" and "bb" are "Bb"."""
    words = sentence.words
    if at >= len(words):
        return None
    word = words[at]
    if word in LETTERS:
        sign = {"sharp": "#", "flat": "b"}.get(words[at + 1]) if at + 1 < len(words) else None
        return (at + 2, f"{word.upper()}{sign}") if sign else (at + 1, word.upper())
    if len(word) == 2 and word[0] in LETTERS and word[1] in "b#":
        return at + 1, f"{word[0].upper()}{word[1]}"
    return None


def read_key(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the name of the key at a word; None without an explicit scale.

    >>> read_key(cut("f sharp dorian please"), 0), read_key(cut("Dm"), 0), read_key(cut("a busy bass"), 0)
    ((3, 'F# dorian'), (1, 'D minor'), None)
    """
    note = read_note(sentence, at)
    if note is None:
        if sentence.capital[at : at + 1] == (True,) and (found := _minor(sentence.words[at])):
            return at + 1, found
        return None
    end, tonic = note
    for length in range(min(_LONGEST_SCALE, len(sentence) - end), 0, -1):
        scale = _SCALES.get(sentence.words[end : end + length])
        if scale is not None:
            return end + length, _key_name(f"{tonic} {scale}")
    return None


def read_tonic(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end of a tonic alone and its major key; None if "a" is probably the article.

    >>> read_tonic(cut("b flat"), 0), read_tonic(cut("in a"), 1), read_tonic(cut("in a funk style"), 1)
    ((2, 'Bb major'), (2, 'A major'), None)
    """
    note = read_note(sentence, at)
    if note is None:
        return None
    end, tonic = note
    if tonic == "A" and end < len(sentence):
        sure = sentence.pause[end] or (sentence.capital[at] and at > 0) or sentence.words[end] in _AFTER_A_TONIC
        if not sure:
            return None
    return end, _key_name(f"{tonic} major")


def read_chord(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the symbol of the chord at a word.

    >>> read_chord(cut("d minor seven"), 0), read_chord(cut("Cmaj7 please"), 0), read_chord(cut("g six bars"), 0)
    ((3, 'Dm7'), (1, 'Cmaj7'), (1, 'G'))
    """
    if at >= len(sentence):
        return None
    note = read_note(sentence, at)
    if note is None:
        symbol = _symbol(sentence.words[at], sentence.capital[at])
        return None if symbol is None else (at + 1, symbol)
    end, root = note
    for length in range(min(_LONGEST_QUALITY, len(sentence) - end), 0, -1):
        quality = _QUALITIES.get(sentence.words[end : end + length])
        counted = end + length < len(sentence) and sentence.words[end + length] in _COUNTED
        if quality is not None and not (counted and quality[-1:].isdigit()):
            return end + length, f"{root}{quality}"
    return end, root


def read_one_chord(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Like `read_chord`, for a single chord, where "a" may be the article.

    >>> read_one_chord(cut("a go"), 0), read_one_chord(cut("a minor"), 0)
    (None, (2, 'Am'))
    """
    if sentence.words[at : at + 1] == ("a",) and not _is_chord_a(sentence, at):
        return None
    return read_chord(sentence, at)


def read_chords(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the text of a progression of at least two chords.

    >>> read_chords(cut("d minor seven, g seven and c major seven"), 0), read_chords(cut("Am F C G"), 0)
    ((9, 'Dm7 G7 Cmaj7'), (4, 'Am F C G'))
    """
    symbols: list[str] = []
    end = at
    while True:
        start = end + 1 if symbols and end < len(sentence) and sentence.words[end] in _JOINTS else end
        if symbols and sentence.words[start : start + 1] == ("a",) and not _is_chord_a(sentence, start):
            break
        found = read_chord(sentence, start)
        if found is None:
            break
        end = found[0]
        symbols.append(found[1])
    return (end, " ".join(symbols)) if len(symbols) > 1 else None


def _is_chord_a(sentence: Sentence, at: int) -> bool:
    """Return whether an "a" within a progression is a chord: a chord, a pause, or the end follows."""
    after = at + 1
    if after >= len(sentence) or sentence.pause[after] or sentence.capital[at]:
        return True
    found = read_chord(sentence, at)
    return (found is not None and found[0] > after) or read_chord(sentence, after) is not None


@lru_cache(maxsize=512)
def _key_name(text: str) -> str:
    return str(Key.parse(text))


@lru_cache(maxsize=256)
def _minor(word: str) -> str | None:
    found = re.fullmatch(r"([a-g][#b]?)(?:m|min)", word)
    return None if found is None else _key_name(f"{found[1].capitalize()} minor")


@lru_cache(maxsize=1024)
def _symbol(word: str, capital: bool) -> str | None:
    """Return the chord symbol of one word such as "Cmaj7", "dm7" or "am"; None for others, such as "go"."""
    found = _SYMBOL.fullmatch(word)
    if found is None or found[2] == "o" or not (capital or found[2] == "m" or _DIGIT.search(word)):
        return None
    text = f"{found[1].capitalize()}{found[2]}{'/' + found[3].capitalize() if found[3] else ''}"
    try:
        Chord.parse(text)
    except ParamError:
        return None
    return text
