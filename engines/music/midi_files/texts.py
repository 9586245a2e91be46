"""Names and lyrics in MIDI files: bytes of an encoding that the file does not tell."""

from __future__ import annotations

from typing import Final

_KANA: Final = (("\u3040", "\u30ff"), ("\uff66", "\uff9f"))
"""Hiragana and katakana, and katakana of half width."""
_KANJI: Final = ("\u4e00", "\u9fff")


def decode_text(raw: bytes) -> str:
    """The text of bytes: UTF-8 where they are such, else Shift-JIS where that reads as Japanese, else Western.

    By the standard texts are ASCII; programs write what their system has.

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
    """The bytes of a text, in UTF-8."""
    return text.encode("utf-8", "replace")


def _is_japanese(text: str) -> bool:
    """Whether kana or kanji make up half of what is no space or sign: Western accents never do, read that way."""
    letters = [letter for letter in text if letter.isalpha()]
    full = sum(_within(letter, *_KANA[0]) or _within(letter, *_KANJI) for letter in letters)
    half = sum(_within(letter, *_KANA[1]) for letter in letters)
    # Half-width kana are single bytes that are accents in the West; alone, a run of them is a word.
    return bool(letters) and (2 * full >= len(letters) or half == len(letters) > 1)


def _within(letter: str, first: str, last: str) -> bool:
    return first <= letter <= last


def _clean(text: str) -> str:
    """A text without the zeros that some programs end it with, and without space around it."""
    return text.replace("\0", "").strip()
