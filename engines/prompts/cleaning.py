"""Prompts as people paste them, made readable: one line of plain characters, not longer than what is read."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 1000
"""Characters of a prompt that are read: about 250 of the pieces in which the model's text encoder reads, of whose
training texts hardly any is longer; what comes later would only blur what came first.
"""
MOST_LOOKED_AT: Final = 20 * LONGEST
_PLAIN: Final = str.maketrans(
    {"‘": "'", "’": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
     "♯": "#", "♭": "b", "⁄": "/", "、": ", ", "。": ". ", "・": " ", "「": '"', "」": '"', "…": "..."}
)  # fmt: skip
_MARKS: Final = range(0x300, 0x370)
"""Accents as characters of their own; those of other scripts, such as the voicing of kana, make other letters."""


def clean_prompt(text: str) -> str:
    """The text in one line, without control characters, emoji and what else nobody reads.

    >>> clean_prompt("  warm\\tdub\\x00 🎸🔥 in F♯\\n")
    'warm dub in F#'
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_LOOKED_AT].translate(_PLAIN)).translate(_PLAIN)
    return " ".join("".join(map(_readable, plain)).split())


def cut_at_word(text: str, longest: int) -> str:
    """As many whole words of a text as have room; a text without spaces is cut anywhere.

    >>> cut_at_word("warm dub bass", 9), cut_at_word("warm", 9), cut_at_word("warmdubbass", 4)
    ('warm dub', 'warm', 'warm')
    """
    if len(text) <= longest:
        return text
    words, space, _ = text[: longest + 1].rpartition(" ")
    return words.rstrip(" ,;:-") if space else text[:longest]


def fold(text: str) -> str:
    """The text in small letters without accents, every character in its place.

    >>> fold("Día Ёлка ガ")
    'dia елка ガ'
    """
    return text.lower() if text.isascii() else "".join(map(_folded, text))


def is_foreign(character: str) -> bool:
    """Whether a character is a letter of another script than Latin."""
    return character.isalpha() and not unicodedata.name(character, "").startswith("LATIN")


def _readable(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in ("Cc", "So"):
        return " "
    return "" if category[0] == "C" or category == "Sk" or 0xFE00 <= ord(character) <= 0xFE0F else character


def _folded(character: str) -> str:
    small = character.lower()
    parts = unicodedata.normalize("NFD", small)
    if len(small) != 1:
        return character
    return parts[0] if len(parts) > 1 and all(ord(mark) in _MARKS for mark in parts[1:]) else small
