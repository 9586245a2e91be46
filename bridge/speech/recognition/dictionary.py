"""Pronunciations of English words: the dictionary that comes with pocketsphinx, and MuseAroo's additions.

pocketsphinx loads all 135,000 entries, 30 MB, and scans them again for each word model. This module reads only the
required entries from the file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from musearoo.bridge.speech.recognition.recogniser import RecogniserError
from musearoo.bridge.speech.sound.microphones import HOW_TO_INSTALL

_PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
PHONES: Final = frozenset(_PHONES.split())
"""The English model's phones in the CMU dictionary's notation, without stress marks."""

WHERE: Final = "under `pronunciations` in presets/voice.yaml"

NO_POCKETSPHINX: Final = f"pocketsphinx is not installed, which hears speech. {HOW_TO_INSTALL}"

_FILE: Final = ("model", "en-us", "cmudict-en-us.dict")


class Dictionary:
    """The entries of a dictionary file (lines of `word phone phone …`), with additional pronunciations."""

    def __init__(self, entries: bytes, added: Mapping[str, Sequence[str]]) -> None:
        """Raise RecogniserError if an added pronunciation is no sequence of PHONES, such as "B AO S AH"."""
        self._content = b"\n" + entries
        self._added = {
            word: [phones_of(word, pronunciation) for pronunciation in pronunciations]
            for word, pronunciations in added.items()
        }

    def knows(self, word: str) -> bool:
        """Whether a word's pronunciation is known."""
        return word in self._words or word in self._added

    def pronounce(self, word: str) -> tuple[str, ...]:
        """Return a word's first pronunciation, or () if unknown."""
        start = self._content.find(f"\n{word} ".encode())
        if start < 0:
            return next(iter(self._added.get(word, ())), ())
        end = self._content.find(b"\n", start + 1)
        return tuple(self._content[start : end if end >= 0 else None].decode().split()[1:])

    def excerpt(self, words: Collection[str]) -> str:
        """Return a pocketsphinx dictionary of some words, including their additional pronunciations."""
        pronunciations: dict[str, list[tuple[str, ...]]] = {word: [] for word in sorted(words)}
        for line in self._content[1:].splitlines():
            entry, _, phones = line.decode().partition(" ")
            # "read", "read(2)"
            known = pronunciations.get(entry.partition("(")[0])
            if known is not None:
                known.append(tuple(phones.split()))
        for word, more in self._added.items():
            pronunciations.get(word, []).extend(more)
        return "".join(
            f"{word if number == 1 else f'{word}({number})'} {' '.join(phones)}\n"
            for word, several in pronunciations.items()
            for number, phones in enumerate(several, 1)
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(line.partition(b" ")[0].decode() for line in self._content[1:].splitlines())


def read_excerpt(excerpt: str) -> dict[str, tuple[str, ...]]:
    """Return the first pronunciation of each word of an excerpt."""
    entries = (line.split() for line in excerpt.splitlines())
    return {word: tuple(phones) for word, *phones in entries if "(" not in word}


def phones_of(word: str, pronunciation: str) -> tuple[str, ...]:
    """Return a pronunciation without stress marks; raises RecogniserError if it is not a sequence of PHONES."""
    phones = tuple(phone.rstrip("012") for phone in pronunciation.split())
    if not phones or not PHONES.issuperset(phones):
        wrong = next((phone for phone in phones if phone not in PHONES), pronunciation)
        raise RecogniserError(
            f"The pronunciation “{pronunciation}” of “{word}” cannot be read at “{wrong}”: write it in phones such as"
            f" “B AO S AH”, {WHERE}."
        )
    return phones


def read_entries() -> bytes:
    """Return pocketsphinx's dictionary file; raises RecogniserError if pocketsphinx is missing."""
    found = find_spec("pocketsphinx")
    for location in (found.submodule_search_locations or ()) if found else ():
        path = Path(location).joinpath(*_FILE)
        if path.is_file():
            return path.read_bytes()
    raise RecogniserError(NO_POCKETSPHINX)
