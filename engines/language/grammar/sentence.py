"""Tokenise a sentence into plain words, however it was typed, spoken or spelled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_QUALITY: Final = r"(?:maj|min|mi|dim|aug|sus|add|alt|m|M|ø|°|\+)?(?:maj|M)?[0-9]{0,2}(?:sus|add|[#b])?[0-9]{0,2}"
_TOKEN: Final = re.compile(
    rf"(?P<symbol>(?<!\w)(?:[A-G][#b♯♭]?{_QUALITY}(?:/[A-G][#b]?)?|[a-g][#b]?(?:maj|min|m)?[0-9]{{1,2}})(?![\w#♯]))"
    r"|(?P<sharp>(?<!\w)[a-g][#♯])"
    r"|(?P<time>[0-9]{1,2}:[0-9]{2})"
    r"|[0-9]+(?:st|nd|rd|th)\b"
    r"|[0-9]+(?:\.[0-9]+)?"
    r"|(?P<word>[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)*)"
    r"|(?P<joint>&)"
)
_WITH_IS: Final = frozenset(("thats", "lets", "whats", "its", "heres", "theres"))
"""Words often written without their apostrophe."""
_QUOTES: Final = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": ",", "♯": "#", "♭": "b"}
)
_PAUSE: Final = re.compile(r"[,.;:!?]|\s-+\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's plain words (lower case, no apostrophes), with their positions in `text` and what separates them.

    `capital[i]`: word i began with a capital. `pause[i]`: a comma or the like preceded it; `pause` has one more
    entry for the end of the sentence.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    capital: tuple[bool, ...]
    pause: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.words)

    def between(self, start: int, end: int) -> str:
        """Return the original text from one word up to another."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]] if start < end else ""


def cut(text: str) -> Sentence:
    """Tokenise a sentence. Hyphens split words, "that's" is "that s", "&" is "and", "8bars" is two words.

    >>> cut("Give me a lo-fi beat, 8bars over Dm7 G7 -- don't rush!").words
    ('give', 'me', 'a', 'lo', 'fi', 'beat', '8', 'bars', 'over', 'dm7', 'g7', 'dont', 'rush')
    >>> cut("in F# minor & at 92.5 bpm").words
    ('in', 'f', 'sharp', 'minor', 'and', 'at', '92.5', 'bpm')
    """
    shown = text.translate(_QUOTES)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    capital: list[bool] = []
    pause: list[bool] = []
    last = 0
    for found in _TOKEN.finditer(shown):
        start, end = found.span()
        for word, low, high in _words_of(found):
            words.append(word)
            spans.append((start + low, start + high))
            capital.append(shown[start].isupper())
            pause.append(low == 0 and start > last > 0 and _PAUSE.search(shown, last, start) is not None)
        last = end
    pause.append(_PAUSE.search(shown, last) is not None)
    return Sentence(shown, tuple(words), tuple(spans), tuple(capital), tuple(pause))


@lru_cache(maxsize=4096)
def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, cached: a table repeats the same words many times."""
    return cut(text).words


def _words_of(found: re.Match[str]) -> list[tuple[str, int, int]]:
    """Return the plain words of one token, each with its position in it."""
    token = found[0]
    if token[-1] == "#":
        return [(token[0].lower(), 0, 1), ("sharp", 1, 2)]
    if found["joint"]:
        return [("and", 0, 1)]
    word = token.lower().replace("'", "")
    if word in _WITH_IS:
        return [(word[:-1], 0, len(token) - 1), ("s", len(token) - 1, len(token))]
    return [(word, 0, len(token))]
