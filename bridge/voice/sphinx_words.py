"""Words for pocketsphinx: those that its dictionary lacks are added, and none may be missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from bridge.voice.recogniser import RecogniserError

_PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
PHONES: Final = frozenset(_PHONES.split())
"""The phones of the model's English, as the CMU dictionary writes them, without marks of stress."""

WHERE: Final = "under `pronunciations` in presets/voice.yaml"


def add_pronunciations(decoder: Any, pronunciations: Mapping[str, Sequence[str]]) -> None:
    """Tells a decoder how words are said, each in one or several ways, such as "B AO S AH".

    Raises RecogniserError where a way is no sequence of PHONES.
    """
    for word, ways in pronunciations.items():
        for way in ways:
            phones = [phone.rstrip("012") for phone in way.split()]
            if not phones or not PHONES.issuperset(phones):
                wrong = next((phone for phone in phones if phone not in PHONES), way)
                raise RecogniserError(
                    f"The pronunciation “{way}” of “{word}” cannot be read at “{wrong}”: write it in phones such as"
                    f" “B AO S AH”, {WHERE}."
                )
            decoder.add_word(_free_name(decoder, word), " ".join(phones), False)


def _free_name(decoder: Any, word: str) -> str:
    """The word, or the name of its next variant: "bossa", "bossa(2)", "bossa(3)"."""
    name, number = word, 1
    while decoder.lookup_word(name) is not None:
        number += 1
        name = f"{word}({number})"
    return name


def check_words(decoder: Any, words: Collection[str]) -> None:
    """Raises RecogniserError where the decoder does not know how some words are said.

    pocketsphinx itself refuses the whole grammar for one of them, and says which on the terminal only.
    """
    unknown = sorted(word for word in words if decoder.lookup_word(word) is None)
    if unknown:
        listed = ", ".join(f"“{word}”" for word in unknown)
        raise RecogniserError(f"How these words of the voice grammar are said is not known: {listed}. Say it {WHERE}.")
