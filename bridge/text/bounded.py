"""Cut text between characters to a number of bytes of UTF-8, as the wire and file systems require. Pure.

Python has no grapheme clusters. The rules here are those of Unicode Annex 29 that matter for names: marks and variation
selectors stay with their letter; emoji joined by a zero width joiner or with a skin tone stay whole, and so do flags
and Korean syllables.
"""

from __future__ import annotations

import unicodedata
from typing import Final

ELLIPSIS: Final = "…"

_JOINER: Final = "\u200d"
_EXTENDING: Final = frozenset(
    (_JOINER, "\u200c", *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0xE0020, 0xE0080)))
)
"""Code points other than marks that extend the character before: joiners, skin tones, tags of regional flags."""

_SYLLABLE_PARTS: Final = frozenset(map(chr, (*range(0x1160, 0x1200), *range(0xD7B0, 0xD7FC))))
"""Korean vowels and final consonants, which are part of the preceding syllable."""

_FLAG_LETTERS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def cut_text(text: str, longest: int, ending: str = "", mark: str = ELLIPSIS) -> str:
    """Return `text` with `ending` in at most `longest` bytes; a longer text is cut, and `mark` appended.

    The ending stays whole, unless it alone is too long. Zero bytes are removed, and half surrogate pairs become
    question marks. A single character that is too long itself is cut.

    >>> cut_text("Break", 13, " · Bass"), cut_text("Breakbeat", 15, " · Bass")
    ('Break · Bass', 'Brea… · Bass')
    """
    text, ending = _encodable(text), _encodable(ending)
    room = longest - len(ending.encode("utf-8"))
    if len(text.encode("utf-8")) <= room:
        return text + ending
    room -= len(mark.encode("utf-8"))
    if room < 0:
        return _cut(text + ending, longest)
    return _cut(text, room) + mark + ending


def _encodable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _cut(text: str, longest: int) -> str:
    """Return as much of a text as fits, without the space at its end."""
    kept = text.encode("utf-8")[:longest].decode("utf-8", "ignore")
    end = len(kept)
    while end and not _may_part(text, end):
        end -= 1
    return (kept[:end] or kept).rstrip()


def _may_part(text: str, index: int) -> bool:
    """Whether a grapheme cluster ends before an index within a text.

    >>> [_may_part("e\\u0301x", 1), _may_part("e\\u0301x", 2)]
    [False, True]
    """
    before, after = text[index - 1], text[index]
    if after in _EXTENDING or before == _JOINER or after in _SYLLABLE_PARTS or unicodedata.category(after)[0] == "M":
        return False
    if before in _FLAG_LETTERS and after in _FLAG_LETTERS:
        first = index
        while first and text[first - 1] in _FLAG_LETTERS:
            first -= 1
        return (index - first) % 2 == 0
    return True
