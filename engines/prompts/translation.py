"""Word-by-word translation of music terms into English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from musearoo.engines.prompts.cleaning import fold, is_foreign
from musearoo.engines.prompts.languages import Language, Piece
from musearoo.engines.prompts.lexicon import Lexicon, split_words

_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ja", re.compile(r"[\u3400-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
"""Languages by their characteristic letters, in the order of checking: kana are only Japanese, and Chinese
characters without kana are probably Chinese."""


class Translation(NamedTuple):
    """A text in English, its original language ("" for English), and the words that were not understood."""

    text: str
    language: str = ""
    unknown: tuple[str, ...] = ()


def translate(text: str, lexicon: Lexicon) -> Translation:
    """Translate the known words of a text into English; an English text stays as it is.

    Unknown words in another script are left out and reported; unknown words in Latin letters stay.
    """
    if any(map(is_foreign, text)):
        return _translate_script(text, lexicon)
    language = _guess_language(text, lexicon)
    return Translation(text) if language is None else Translation(_join(language.read(text)), language.language.name)


def _translate_script(text: str, lexicon: Lexicon) -> Translation:
    codes = dict.fromkeys(code for code, letters in _SCRIPTS if letters.search(text) and code in lexicon.languages)
    names: list[str] = []
    for code in codes:
        language = lexicon.languages[code]
        pieces = language.read(text)
        if any(piece.kind in ("word", "key") for piece in pieces):
            names.append(language.language.name)
            text = _join(pieces)
    unknown: list[str] = []

    def leave_out(match: re.Match[str]) -> str:
        if any(map(is_foreign, match[0])):
            unknown.append(match[0])
            return " "
        return match[0]

    text = re.sub(r"""[^\s,.;:!?()"]+""", leave_out, text)
    return Translation(_tidy(text), " and ".join(names), tuple(dict.fromkeys(unknown)))


def _guess_language(text: str, lexicon: Lexicon) -> Language | None:
    """Return the Latin-script language of most words of a text; None for English or if unclear."""
    count = len(split_words(text))
    best, most = None, 0.0
    for language in lexicon.languages.values():
        if not language.is_latin:
            continue
        known = own = content = 0
        for piece in language.read(text):
            if piece.kind == "other":
                continue
            given = fold(text[piece.start : piece.end])
            words = len(split_words(given))
            known += words
            # Words that also exist in English are no evidence.
            if piece.kind == "key" or not lexicon.knows(given):
                own += words
                content += piece.kind in ("word", "key")
        # A single word of several may be a coincidence, and a few in a long text are names.
        if content and (own >= 2 or known >= count) and 4 * own >= count and own + 0.1 * content > most:
            best, most = language, own + 0.1 * content
    return best


def _join(pieces: Sequence[Piece]) -> str:
    """Join the pieces to an English text; a postposition such as "without" moves before its list."""
    words: list[str] = []
    for piece in pieces:
        match piece.kind:
            case "function":
                words.append(" ")
            case "and" | "with" | "only":
                words.append(f" {piece.kind} ")
            case "without":
                words.append(", no ")
            case "without_after" | "only_after":
                words.insert(_start_of_list(words), ", no " if piece.kind == "without_after" else " only ")
                words.append(", ")
            case "other":
                words.append(piece.english)
            case "word" | "key":
                words.append(f" {piece.english} ")
    return _tidy("".join(words))


def _start_of_list(words: Sequence[str]) -> int:
    """Return the index at which the trailing list of words, joined by "and", begins."""
    spoken = [at for at, word in enumerate(words) if word.strip()]
    while len(spoken) > 2 and words[spoken[-2]] == " and ":
        spoken = spoken[:-2]
    return spoken[-1] if spoken else 0


def _tidy(text: str) -> str:
    spaced = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    return re.sub(r"(?:,\s*)+", ", ", spaced).strip(" ,;:")
