"""Open-ended phrase kinds: numbers, tempos, durations, keys, chords, styles, track names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from musearoo.engines.language.grammar.harmony_words import (
    LETTERS,
    SPOKEN_SCALES,
    SPOKEN_TONICS,
    read_chords,
    read_key,
    read_one_chord,
    read_tonic,
    spoken_tonic,
    written_tonic,
)
from musearoo.engines.language.grammar.numbers import (
    FIRST_WORDS,
    ORDINALS,
    TENS,
    read_number,
    read_ordinal,
    read_seconds,
    read_tempo,
    speak_number,
    speak_tempo,
)
from musearoo.engines.language.grammar.numeral_words import read_numerals, read_steps
from musearoo.engines.language.grammar.sentence import Sentence
from musearoo.engines.music.scale import Key

DIGITS: Final = "0123456789"

Match = tuple[int, Any]
"""End position and value."""


class KnownNames(NamedTuple):
    """Names for parsing besides the table: words of styles and of tracks, by first word."""

    styles: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    names: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


Read = Callable[[Sentence, int, KnownNames], list[Match]]


def _is_number(word: str) -> bool:
    return word in FIRST_WORDS or word[0] in DIGITS


def _is_ordinal(word: str) -> bool:
    return word in ORDINALS or word in TENS or word[0] in DIGITS


def _is_letter(word: str) -> bool:
    return word[0] in LETTERS


def _is_numeral(word: str) -> bool:
    return word[0] in "ivb"


def _of_words(
    read: Callable[[tuple[str, ...], int], tuple[int, Any] | None], begins: Callable[[str], bool], whole: bool = False
) -> Read:
    """Return a parser for a kind defined by its words alone, with a test of its first word; `whole`: integers only."""

    def find(sentence: Sentence, at: int, _known: KnownNames) -> list[Match]:
        if at >= len(sentence.words) or not begins(sentence.words[at]):
            return []
        found = read(sentence.words, at)
        if found is None or (whole and found[1] != int(found[1])):
            return []
        return [(found[0], int(found[1]) if whole else found[1])]

    return find


def _of_sentence(read: Callable[[Sentence, int], tuple[int, Any] | None]) -> Read:
    """Return a parser for a kind of harmony, which also needs capitals and pauses. All begin with a letter."""

    def find(sentence: Sentence, at: int, _known: KnownNames) -> list[Match]:
        if at >= len(sentence.words) or not _is_letter(sentence.words[at]):
            return []
        found = read(sentence, at)
        return [] if found is None else [found]

    return find


def _of_numerals(read: Callable[[Sentence, int], tuple[int, str] | None], begins: Callable[[str], bool]) -> Read:
    """Return a parser for chords by scale degree, with a test of their first word."""

    def find(sentence: Sentence, at: int, _known: KnownNames) -> list[Match]:
        found = read(sentence, at) if at < len(sentence.words) and begins(sentence.words[at]) else None
        return [] if found is None else [found]

    return find


def _find_nothing(_sentence: Sentence, _at: int, _known: KnownNames) -> list[Match]:
    """Find nothing: a prompt is the remainder of a sentence."""
    return []


def _listed(names: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]], sentence: Sentence, at: int) -> list[Match]:
    """Return all listed names that begin at a word."""
    return [
        (at + len(words), value)
        for words, value in names.get(sentence.words[at], ())
        if sentence.words[at : at + len(words)] == words
    ]


_whole_number: Final = _of_words(read_number, begins=_is_number, whole=True)

KINDS: Final[Mapping[str, Read]] = {
    "bars_number": _whole_number,
    "takes_number": _whole_number,
    "place": _whole_number,
    "ordinal": _of_words(read_ordinal, begins=_is_ordinal),
    "tempo": _of_words(read_tempo, begins=_is_number),
    "length": _of_words(read_seconds, begins=_is_number),
    "full_key": _of_sentence(read_key),
    "tonic": _of_sentence(read_tonic),
    "chord": _of_sentence(read_one_chord),
    "progression": _of_sentence(read_chords),
    "roman_numerals": _of_numerals(read_numerals, begins=_is_numeral),
    "scale_steps": _of_numerals(read_steps, begins=_is_number),
    "style_name": lambda sentence, at, known: _listed(known.styles, sentence, at),
    "name": lambda sentence, at, known: _listed(known.names, sentence, at),
    "prompt": _find_nothing,
}
"""Kinds by their name in patterns, with their parsers."""

_BEGINS: Final[Mapping[str, Callable[[str], bool]]] = {
    **dict.fromkeys(("bars_number", "takes_number", "place", "tempo", "length", "scale_steps"), _is_number),
    "ordinal": _is_ordinal,
    **dict.fromkeys(("full_key", "tonic", "chord", "progression"), _is_letter),
    "roman_numerals": _is_numeral,
}
"""Tests of the first word, for kinds that have one."""


def kinds_by_word(word: str, known: KnownNames) -> tuple[str, ...]:
    """Return the kinds that can begin with a word, in the order of KINDS; few for most words."""
    kinds = _kinds_by_word(word)
    if word in known.styles:
        kinds = (*kinds, "style_name")
    return (*kinds, "name") if word in known.names else kinds


@lru_cache(maxsize=4096)
def _kinds_by_word(word: str) -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if kind in _BEGINS and _BEGINS[kind](word))


def spoken_forms(kind: str, numbers: Mapping[str, tuple[int, ...]]) -> tuple[tuple[str, Any], ...]:
    """Return the recogniser's words for a kind, with their values; styles, names and prompts have other sources."""
    match kind:
        case "bars_number" | "takes_number" | "place":
            return tuple((speak_number(number), number) for number in numbers.get(kind, ()))
        case "ordinal":
            return tuple((ORDINALS[number], number) for number in numbers.get(kind, ()))
        case "tempo":
            return tuple(
                (alternative, number) for number in numbers.get(kind, ()) for alternative in speak_tempo(number)
            )
        case "length":
            return tuple(form for number in numbers.get(kind, ()) for form in _speak_seconds(number))
        case "full_key":
            return tuple(_speak_key(tonic, scale) for tonic in SPOKEN_TONICS for scale in SPOKEN_SCALES)
        case "tonic":
            return tuple((spoken_tonic(tonic), _speak_key(tonic, "major")[1]) for tonic in SPOKEN_TONICS)
    return ()


def _speak_seconds(seconds: int) -> list[tuple[str, int]]:
    """Return the ways to say a duration, including those before a noun ("a three minute song")."""
    minutes, rest = divmod(seconds, 60)
    if rest == 30 and minutes:
        half = "a minute and a half" if minutes == 1 else f"{speak_number(minutes)} and a half minutes"
        return [(half, seconds)]
    if rest:
        alternatives = [f"{speak_number(seconds)} seconds", f"{speak_number(seconds)} second"]
        return [
            (alternative, seconds) for alternative in (*alternatives, *(("half a minute",) if seconds == 30 else ()))
        ]
    return [
        (f"{speak_number(minutes)} {unit}", seconds)
        for unit in (("minute",) if minutes == 1 else ("minutes", "minute"))
    ]


def _speak_key(tonic: str, scale: str) -> tuple[str, str]:
    """Return the spoken form of a key, and its name."""
    return f"{spoken_tonic(tonic)} {scale}", str(Key.parse(f"{written_tonic(tonic)} {scale}"))
