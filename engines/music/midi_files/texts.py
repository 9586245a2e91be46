"""Decode names and lyrics in MIDI files, whose encoding is not given."""

from __future__ import annotations

from typing import Final

_KANA: Final = (("\u3040", "\u30ff"), ("\uff66", "\uff9f"))
"""Hiragana and katakana, and half-width katakana."""
_KANJI: Final = ("\u4e00", "\u9fff")


def decode_text(raw: bytes) -> str:
    """Return the text of bytes: UTF-8 if valid, else Shift-JIS if it reads as Japanese, else Western.

    By the standard, texts are ASCII; programs write their system's encoding.

    >>> [decode_text(text.encode(code)) for text, code in (("für", "utf-8"), ("für", "latin-1"), ("ピアノ", "cp932"))]
    ['für', 'für', 'ピアノ']
    """
    for encoding in ("utf-8", "cp932", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp932" or _is_japanese(text):
            return _clean(text)
    return _clean(raw.decode("latin-1"))


def encode_text(text: str) -> bytes:
    """Return the bytes of a text in UTF-8."""
    return text.encode("utf-8", "replace")


def _is_japanese(text: str) -> bool:
    """Return whether at least half of the letters are kana or kanji, which misread Western accents never are."""
    letters = [letter for letter in text if letter.isalpha()]
    full = sum(_within(letter, *_KANA[0]) or _within(letter, *_KANJI) for letter in letters)
    half = sum(_within(letter, *_KANA[1]) for letter in letters)
    # Half-width kana are single bytes, accents in Western encodings; a text of nothing else is a Japanese word.
    return bool(letters) and (2 * full >= len(letters) or half == len(letters) > 1)


def _within(letter: str, first: str, last: str) -> bool:
    return first <= letter <= last


def _clean(text: str) -> str:
    """Return a text without surrounding space and the zeros that some programs append."""
    return text.replace("\0", "").strip()
