"""Sample sentences, written and drawn, in the words of a recogniser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from musearoo.engines.language.grammar.harmony_words import DICTIONARY_A
from musearoo.engines.language.grammar.numbers import speak_number
from musearoo.engines.language.grammar.sentence import cut
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.styles.schema import Style

DRAWN: Final = 5000
"""Number of drawn sentences: enough to cover every word of the grammar, in a quarter of a second."""

WRITTEN_COUNTS: Final = 15.0
"""Weight of a written sentence relative to a drawn one: about as much in total as all drawn ones."""


def usual_sentences(
    table: VoiceTable, styles: Mapping[str, Style], written: Iterable[str]
) -> Iterator[tuple[tuple[frozenset[str], ...], float]]:
    """Yield sentences with their weights; each word as all spellings a recogniser's dictionary may use for it.

    `written` are sentences as people say them, which raise the probability of similar ones. Deterministic.

    >>> from musearoo.engines.language.grammar.usage import recognised_as
    >>> [sorted(words) for words in recognised_as("Don't play a 4")]
    [["don't", 'dont'], ['play'], ['a', 'a.'], ['four']]
    """
    for seed in range(DRAWN):
        text, _ = speakable(table, styles, seed)
        yield recognised_as(text), 1.0
    for text in written:
        yield recognised_as(text), WRITTEN_COUNTS


def recognised_as(text: str) -> tuple[frozenset[str], ...]:
    """Return the words of a sentence, each as all spellings a recogniser's dictionary may use for it."""
    found: list[frozenset[str]] = []
    for word in cut(text).words:
        spoken = speak_number(int(word)).split() if word.isdigit() and len(word) < 4 else [word]
        found += [frozenset(_spellings(one)) for one in spoken]
    return tuple(found)


def _spellings(word: str) -> tuple[str, ...]:
    if word == "a":
        return word, DICTIONARY_A
    for ending in ("nt", "s", "d", "ll", "m", "ve", "re"):
        if word.endswith(ending) and len(word) > len(ending):
            stem = word[: -len(ending)]
            return word, f"{stem}n't" if ending == "nt" else f"{stem}'{ending}"
    return (word,)
