"""Training sentences for the trigram language model: drawn from the grammar, written, and varied.

"Give me a funk bass line" also stands for "give me a techno melody": phrases of a kind are replaced by others of the
same kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Final

from musearoo.engines.language.grammar.harmony_words import DICTIONARY_A
from musearoo.engines.language.grammar.patterns import Pattern, Word
from musearoo.engines.language.grammar.patterns import Sequence as Row
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.grammar.spoken import spoken_of
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.language.grammar.usage import DRAWN, recognised_as
from musearoo.engines.styles.schema import Style

Words = tuple[str, ...]

WRITTEN: Final = 15.0
"""Weight of a written sentence relative to a drawn one."""

VARIED: Final = 20
"""Variations of each written sentence; each weighs as much as a drawn one."""

EXCHANGED: Final = 0.7
"""Probability that a phrase is replaced in a variation."""

KINDS: Final = (
    *("full_key", "chord", "tonic", "tempo", "length", "scene_name", "part", "style_name"),
    *("degree", "comparative", "quality", "place", "ordinal"),
)
"""Kinds of phrases that are interchangeable within a sentence."""

_Exchanges = Mapping[str, Sequence[tuple[Words, Sequence[Words]]]]
"""Interchangeable phrases by their first word, longest first, each with all phrases of its kind."""

_A: Final = re.compile(r"\ba\b", re.IGNORECASE)


def expected_sentences(
    table: VoiceTable, styles: Mapping[str, Style], written: Sequence[str], knows: Callable[[str], bool]
) -> Iterator[tuple[Words, float]]:
    """Yield sentences for a WordModel with their weights, in words that the recogniser `knows` if possible.

    Deterministic.
    """
    for seed in range(DRAWN):
        yield recognised_words(speakable(table, styles, seed)[0], knows), 1.0
    exchanges = _exchanges(_phrases(table, styles, knows))
    chance = Random(0)
    for text in written:
        words = recognised_words(text, knows)
        yield words, WRITTEN
        for _ in range(VARIED):
            yield _vary(words, exchanges, chance), 1.0


def recognised_words(text: str, knows: Callable[[str], bool]) -> Words:
    """Return a sentence's words in the recogniser dictionary's spelling; the letter A differs from the article.

    >>> recognised_words("don't play a bass in A, 4 bars", {"don't"}.__contains__)
    ("don't", 'play', 'a', 'bass', 'in', 'a.', 'four', 'bars')
    """
    letters = iter([found[0] == "A" and found.start() > 0 for found in _A.finditer(text)])
    words = []
    for spellings in recognised_as(text):
        if DICTIONARY_A in spellings:
            words.append(DICTIONARY_A if next(letters, False) else "a")
            continue
        plain = sorted(spellings, key=lambda word: ("'" in word, word))
        words.append(next((word for word in plain if knows(word)), plain[0]))
    return tuple(words)


def _phrases(table: VoiceTable, styles: Mapping[str, Style], knows: Callable[[str], bool]) -> dict[str, list[Words]]:
    """Return, for each kind, all of its phrases that are plain words."""
    spoken = spoken_of(table, styles, knows=knows)
    return {
        kind: sorted({words for alternative in spoken.phrases[kind] if (words := tuple(_plain(alternative.pattern)))})
        for kind in KINDS
        if kind in spoken.phrases
    }


def _plain(pattern: Pattern) -> Iterable[str]:
    """Return the words of a pattern without choices; nothing for other patterns."""
    if isinstance(pattern, Word):
        return (pattern.text,)
    if isinstance(pattern, Row) and all(isinstance(item, Word) for item in pattern.items):
        return tuple(item.text for item in pattern.items if isinstance(item, Word))
    return ()


def _exchanges(kinds: Mapping[str, Sequence[Words]]) -> _Exchanges:
    """Index all phrases by first word; a phrase of two kinds counts for the first in KINDS."""
    found: dict[Words, Sequence[Words]] = {}
    for phrases in kinds.values():
        for phrase in phrases:
            found.setdefault(phrase, phrases)
    by_first: dict[str, list[tuple[Words, Sequence[Words]]]] = {}
    for phrase in sorted(found, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append((phrase, found[phrase]))
    return by_first


def _vary(words: Words, exchanges: _Exchanges, chance: Random) -> Words:
    """Return the sentence with some phrases replaced by others of their kind, matching the longest first."""
    changed: list[str] = []
    place = 0
    while place < len(words):
        here = exchanges.get(words[place], ())
        phrase, others = next(
            (each for each in here if words[place : place + len(each[0])] == each[0]), (words[place : place + 1], ())
        )
        changed += chance.choice(others) if others and chance.random() < EXCHANGED else phrase
        place += len(phrase)
    return tuple(changed)
