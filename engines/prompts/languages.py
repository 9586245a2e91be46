"""Music words of one language, compiled for matching."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

from musearoo.engines.music.pitch import parse_pitch_class
from musearoo.engines.music.scale import Key
from musearoo.engines.prompts.cleaning import fold
from musearoo.engines.prompts.vocabulary import LanguageWords

PieceKind = Literal["word", "key", "and", "with", "function", "without", "only", "without_after", "only_after", "other"]

UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Kana, Chinese characters and Hangul: words without spaces, or with particles attached."""


class Piece(NamedTuple):
    """A piece of a text: its kind, its English (else the original text), and its position."""

    kind: PieceKind
    english: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Language:
    """A language with its words compiled on first use."""

    language: LanguageWords

    def read(self, text: str) -> list[Piece]:
        """Split a text into contiguous pieces, longest word first."""
        pattern, meanings = self._table
        folded = fold(text)
        pieces: list[Piece] = []
        end = 0
        for match in pattern.finditer(folded):
            if match.start() > end:
                pieces.append(Piece("other", text[end : match.start()], end, match.start()))
            kind, english = meanings[(match.lastindex or 1) - 1]
            end = match.end()
            if kind == "key":
                english = self._name_key(match[0])
            elif english == match[0]:
                english = text[match.start() : end]
            pieces.append(Piece(kind, english, match.start(), end))
        if end < len(text):
            pieces.append(Piece("other", text[end:], end, len(text)))
        return pieces

    @property
    def is_latin(self) -> bool:
        """Whether it is written in Latin letters."""
        return all(ord(letter) < 0x250 for word in self.language.words for letter in word)

    @cached_property
    def _table(self) -> tuple[re.Pattern[str], tuple[tuple[PieceKind, str], ...]]:
        """Return a pattern of all words, longest first, and the meaning of each of its groups."""
        language = self.language
        kinds: Mapping[PieceKind, Iterable[str]] = {
            "and": language.and_,
            "with": language.with_,
            "function": language.function,
            "without": language.without,
            "only": language.only,
            "without_after": language.without_after,
            "only_after": language.only_after,
        }
        entries: list[tuple[str, PieceKind, str]] = [
            *((word, "word", english) for word, english in language.words.items()),
            *((word, kind, "") for kind, words in kinds.items() for word in words),
        ]
        entries.sort(key=lambda entry: -len(entry[0]))
        notes, accidentals, modes = self._key_parts
        groups = [rf"((?:{notes})[\s-]*(?:(?:{accidentals})[\s-]*)?(?:{modes}))"]
        groups += [f"({_pattern(word)})" for word, _, _ in entries]
        alternatives = "|".join(groups)
        if not any(UNSPACED.search(word) for word, _, _ in entries):
            alternatives = rf"(?<!\w)(?:{alternatives})(?!\w)"
        return re.compile(alternatives), (("key", ""), *((kind, english) for _, kind, english in entries))

    @property
    def _key_parts(self) -> tuple[str, str, str]:
        keys = self.language.keys
        # A language may have no words for accidentals; then this group must never match, not even the empty string.
        return _any_of(keys.notes), _any_of((*keys.sharp, *keys.flat)) or r"(?!)", _any_of((*keys.major, *keys.minor))

    def _name_key(self, found: str) -> str:
        """Return the English name of a key: "C# minor" for "cis-moll"."""
        keys = self.language.keys
        notes, accidentals, modes = self._key_parts
        match = re.fullmatch(rf"({notes})[\s-]*(?:({accidentals})[\s-]*)?({modes})", found)
        if match is None:  # cannot be: the table's own pattern found it
            return found
        tonic = parse_pitch_class(next(note for word, note in keys.notes.items() if fold(word) == match[1]))
        tonic += 0 if match[2] is None else 1 if match[2] in map(fold, keys.sharp) else -1
        is_minor = re.fullmatch(_any_of(keys.minor), match[3]) is not None
        return str(Key(tonic % 12, "Minor" if is_minor else "Major"))


def prepare_languages(languages: Mapping[str, LanguageWords]) -> dict[str, Language]:
    """Compile languages, by code."""
    return {code: Language(language) for code, language in languages.items()}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(_pattern(word) for word in sorted(words, key=len, reverse=True))


def _pattern(word: str) -> str:
    """Return a word's regular expression: a star matches any ending, and a hyphen a space."""
    return re.escape(fold(word)).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+")
