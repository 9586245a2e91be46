"""The dictionary of prompts: phrases that mean a style, an instrument or a mood; the longest match wins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from musearoo.engines.prompts.cleaning import fold
from musearoo.engines.prompts.languages import Language
from musearoo.engines.prompts.vocabulary import InstrumentWords, MoodWords, Vocabulary
from musearoo.engines.styles.schema import Style

Kind = Literal["style", "near", "instrument", "lack", "whole", "without", "only", "only_after", "mood", "time_feel"]
"""What a phrase can mean. "near": a genre close to a style; "lack": a phrase that excludes an instrument."""

_TOKEN: Final = re.compile(r"w/o|[^\W_]+(?:['&][^\W_]+)*|&")
_AND: Final = ("&", "n", "'n'")


class Token(NamedTuple):
    """A folded word of a text, its position, and whether punctuation precedes it."""

    word: str
    start: int
    end: int
    after_stop: bool


class Meaning(NamedTuple):
    """The meaning of a phrase: its kind, and the name of the style, instrument or mood.

    A weak style yields to any other, a describing one to an instrument that follows.
    """

    kind: Kind
    name: str = ""
    weak: bool = False
    describing: bool = False
    mood: MoodWords | None = None


class Phrase(NamedTuple):
    """A phrase found: its first token, its end token, and its meanings."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]

    def of(self, *kinds: Kind) -> Meaning | None:
        """Return its meaning of one of these kinds, if any."""
        return next((meaning for meaning in self.meanings if meaning.kind in kinds), None)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Meanings by phrase (a tuple of folded words), and the styles, instruments and languages by name."""

    phrases: Mapping[tuple[str, ...], tuple[Meaning, ...]]
    styles: Mapping[str, Style]
    instruments: Mapping[str, InstrumentWords]
    languages: Mapping[str, Language]
    numbers: Mapping[str, int]
    longest: int

    def knows(self, phrase: str) -> bool:
        """Return whether a phrase has a meaning."""
        return bool(self._meanings(tuple(token.word for token in split_words(phrase))))

    def find(self, tokens: tuple[Token, ...], kind: Kind | None = None) -> tuple[Phrase, ...]:
        """Find the phrases of a text from left to right, longest first (of a kind); none spans punctuation."""
        return tuple(self._find(tokens, kind))

    def _find(self, tokens: tuple[Token, ...], kind: Kind | None) -> Iterator[Phrase]:
        first = 0
        while first < len(tokens):
            stop = next((at for at in range(first + 1, len(tokens)) if tokens[at].after_stop), len(tokens))
            for last in range(min(first + self.longest, stop), first, -1):
                meanings = self._meanings(tuple(token.word for token in tokens[first:last]))
                phrase = Phrase(first, last, meanings)
                if meanings and (kind is None or phrase.of(kind)):
                    yield phrase
                    first = last
                    break
            else:
                first += 1

    def _meanings(self, words: tuple[str, ...]) -> tuple[Meaning, ...]:
        found = self.phrases.get(words, ())
        if not found and words and len(words[-1]) > 3 and words[-1].endswith("s"):
            found = self.phrases.get((*words[:-1], words[-1][:-1]), ())
        return found


def build_lexicon(vocabulary: Vocabulary, styles: Mapping[str, Style], languages: Mapping[str, Language]) -> Lexicon:
    """Build the dictionary of a vocabulary and the available styles.

    Words for missing styles are left out. `languages` are the vocabulary's compiled languages
    (`prepare_languages`), which stay the same when the styles change.
    """
    phrases: dict[tuple[str, ...], tuple[Meaning, ...]] = {}
    weak, describing = (set(map(_words, words)) for words in (vocabulary.weak, vocabulary.describing))

    def add(word: str, kind: Kind, name: str = "", mood: MoodWords | None = None) -> None:
        words = _words(word)
        meanings = phrases.setdefault(words, ())
        is_style = kind in ("style", "near")
        # A style's own names take precedence; a word never means two styles, nor the same thing twice.
        if is_style and any(meaning.kind in ("style", "near") for meaning in meanings):
            return
        meaning = Meaning(kind, name, is_style and words in weak, is_style and words in describing, mood)
        if meaning not in meanings:
            phrases[words] = (*meanings, meaning)

    for style in styles.values():
        add(style.name, "style", style.name)
    for style in styles.values():
        for word in style.aliases:
            add(word, "style", style.name)
    for kind, named in (("style", vocabulary.styles), ("near", vocabulary.near)):
        for name, others in named.items():
            for word in others if name in styles else ():
                add(word, "style" if kind == "style" else "near", name)
    for instrument in vocabulary.instruments:
        for word in (instrument.name, *instrument.words):
            add(word, "instrument", instrument.name)
        for word in instrument.refused_by:
            add(word, "lack", instrument.name)
    for mood in vocabulary.moods:
        for word in mood.words:
            add(word, "mood", mood.mood or "", mood)
    for feel, others in vocabulary.time_feels.items():
        for word in others:
            add(word, "time_feel", feel)
    for word in vocabulary.whole:
        add(word, "whole")
    for word in vocabulary.without:
        add(word, "without")
    for word in vocabulary.only:
        add(word, "only")
    for word in vocabulary.only_after:
        add(word, "only_after")
    return Lexicon(
        phrases,
        styles,
        {instrument.name: instrument for instrument in vocabulary.instruments},
        languages,
        vocabulary.numbers,
        max(map(len, phrases), default=1),
    )


def split_words(text: str) -> tuple[Token, ...]:
    """Split a text into folded words; hyphens and slashes separate words.

    >>> [token.word for token in split_words("Lo-fi R&B, drum'n'bass & more")]
    ['lo', 'fi', 'r&b', 'drum', 'and', 'bass', 'and', 'more']
    """
    folded = fold(text)
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        stop = bool(tokens) and any(sign in folded[end : match.start()] for sign in ",.;:!?()[]|+")
        end = match.end()
        word = match[0]
        if "'n'" in word:
            for part in word.replace("'n'", " and ").split():
                tokens.append(Token(part, match.start(), end, stop))
                stop = False
        else:
            tokens.append(Token("and" if word in _AND else word, match.start(), end, stop))
    return tuple(tokens)


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(token.word for token in split_words(phrase))
