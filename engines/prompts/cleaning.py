"""Clean pasted prompts: one line of plain characters, of limited length."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 1000
"""Maximum characters read from a prompt: about 250 tokens of the model's text encoder, and hardly any of its training
texts is longer; later words would only dilute the first ones.
"""
MOST_LOOKED_AT: Final = 20 * LONGEST
_PLAIN: Final = str.maketrans(
    {"‘": "'", "’": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
     "♯": "#", "♭": "b", "⁄": "/", "、": ", ", "。": ". ", "・": " ", "「": '"', "」": '"', "…": "..."}
)  # fmt: skip
_MARKS: Final = range(0x300, 0x370)
"""Combining accents; combining marks of other scripts, such as the voicing of kana, form other letters."""


def clean_prompt(text: str) -> str:
    """Return the text on one line, without control characters, emoji and the like.

    >>> clean_prompt("  warm\\tdub\\x00 🎸🔥 in F♯\\n")
    'warm dub in F#'
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_LOOKED_AT].translate(_PLAIN)).translate(_PLAIN)
    return " ".join("".join(map(_readable, plain)).split())


def cut_at_word(text: str, longest: int) -> str:
    """Cut a text at the last whole word that fits; a text without spaces is cut anywhere.

    >>> cut_at_word("warm dub bass", 9), cut_at_word("warm", 9), cut_at_word("warmdubbass", 4)
    ('warm dub', 'warm', 'warm')
    """
    if len(text) <= longest:
        return text
    words, space, _ = text[: longest + 1].rpartition(" ")
    return words.rstrip(" ,;:-") if space else text[:longest]


def fold(text: str) -> str:
    """Return the text in lower case without accents, with every character at its index.

    >>> fold("Día Ёлка ガ")
    'dia елка ガ'
    """
    return text.lower() if text.isascii() else "".join(map(_folded, text))


def is_foreign(character: str) -> bool:
    """Return whether a character is a letter of a script other than Latin."""
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
