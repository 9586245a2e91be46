"""The tokens of a Moonshine model, and words as sequences of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import read_bounded

SPACE: Final = "▁"
"""The mark for the space before a word, in the word's first token."""

BEGIN: Final = 1
END: Final = 2
"""The tokens before the first and after the last of a text."""

FIRST_OF_TEXT: Final = 259
"""Number of the first text token. Before it come control tokens and the 256 bytes, used for characters that are not in
the list."""

_LONG: Final = 128
"""Lengths of tokens from here on take two bytes in the file."""


class Pieces:
    """A model's token list. `texts[number]` is a token's text, with SPACE in front if it begins a word."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = texts
        self._numbers: dict[str, int] = {}
        for number in range(FIRST_OF_TEXT, len(texts)):
            self._numbers.setdefault(texts[number], number)

    def number(self, text: str) -> int:
        """Return the number of a token; raises KeyError for an unknown text."""
        return self._numbers[text]

    def spell(self, word: str) -> tuple[int, ...]:
        """Return a word's tokens, as in the model's training data; () if it has none. Case matters.

        Neighbours are merged, first the pair whose token has the lowest number, as in byte pair encoding (Sennrich,
        Haddow and Birch, "Neural machine translation of rare words with subword units", 2016).
        """
        parts = [SPACE, *word]
        if any(part not in self._numbers for part in parts):
            return ()
        while True:
            pairs = [first + second for first, second in pairwise(parts)]
            joined = [(self._numbers[pair], index) for index, pair in enumerate(pairs) if pair in self._numbers]
            if not joined:
                return tuple(self._numbers[part] for part in parts)
            _, index = min(joined)
            parts[index : index + 2] = [pairs[index]]

    def read(self, numbers: tuple[int, ...]) -> str:
        """Return the text of tokens."""
        return "".join(self.texts[number] for number in numbers).replace(SPACE, " ").strip()


def read_pieces(path: Path) -> Pieces:
    """Read the list in a model's tokenizer.bin; raises OSError, or ValueError for an invalid file."""
    data = read_bounded(path)
    texts = []
    offset = 0
    while offset < len(data):
        length = data[offset]
        offset += 1
        if length >= _LONG:
            if offset == len(data):
                break
            length += data[offset] * _LONG - _LONG
            offset += 1
        texts.append(data[offset : offset + length].decode(errors="replace"))
        offset += length
    if offset != len(data) or len(texts) <= FIRST_OF_TEXT or SPACE not in texts:
        raise ValueError(f"{path} is no list of pieces")
    return Pieces(tuple(texts))
