"""Find the table's phrases in a sentence: where each can occur, and which slots it fills."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from musearoo.engines.language.grammar.kinds import KINDS, KnownNames, Read, kinds_by_word
from musearoo.engines.language.grammar.patterns import Reference, Word, grow, parse_pattern
from musearoo.engines.language.grammar.sentence import Sentence, cut, plain_words
from musearoo.engines.language.grammar.table import DROPPED, VoiceTable
from musearoo.engines.styles.schema import Style

Bindings = tuple[tuple[str, Any], ...]
"""Slots with their values, in spoken order; a value under "" goes to the slot of the referring pattern."""


class Spot(NamedTuple):
    """A phrase found in a sentence: its end, its bindings, and the cost of this reading."""

    end: int
    bindings: Bindings
    costs: float


class Node:
    """A node in a prefix tree of patterns: the words and references that can follow, and the patterns that end here."""

    __slots__ = ("ends", "references", "words")

    def __init__(self) -> None:
        self.words: dict[str, Node] = {}
        self.references: dict[tuple[str, str], Node] = {}
        self.ends: list[tuple[Bindings, float]] = []

    def add(self, pattern: str, bindings: Bindings, costs: float) -> None:
        """Add all expansions of a pattern."""
        for node in grow([self], parse_pattern(pattern), Node._step):
            if node is not self:
                node.ends.append((bindings, costs))

    def _step(self, token: Word | Reference) -> Node:
        if isinstance(token, Reference):
            return self.references.setdefault((token.name, token.slot), Node())
        node = self
        for word in plain_words(token.text):
            node = node.words.setdefault(word, Node())
        return node


class Phrasebook:
    """The table's phrases as prefix trees, with the names of styles."""

    def __init__(self, table: VoiceTable, styles: Mapping[str, Style]) -> None:
        self.phrases: dict[str, Node] = {}
        for name, phrase in table.phrases.items():
            root = self.phrases[name] = Node()
            for spoken in (True, False):
                for pattern, sets in phrase.alternatives(spoken):
                    root.add(pattern, sets, phrase.costs)
        # By first word or kind: for all phrases, and for those that intents name directly.
        self.all_by_beginning = self._by_beginning(self.phrases)
        self.by_beginning = self._by_beginning(
            dict.fromkeys(name for intent in table.intents.values() for name in intent.phrases)
        )
        self.styles = list_names(
            (form, style.name)
            for style in styles.values()
            for form in (
                *(style.name, *style.aliases),
                *table.styles.get(style.name, ()),
                *table.styles_read.get(style.name, ()),
            )
        )

    def _by_beginning(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name in names:
            for beginning in self._beginnings(name):
                found.setdefault(beginning, []).append(name)
        return {beginning: tuple(phrases) for beginning, phrases in found.items()}

    def _beginnings(self, name: str) -> frozenset[str]:
        """Return the words and kinds that a phrase can begin with."""
        root = self.phrases[name]
        found = frozenset(root.words)
        for inner, _ in root.references:
            found |= {inner} if inner in KINDS else self._beginnings(inner)
        return found

    def spotter(self, sentence: Sentence, names: Collection[str]) -> Spotter:
        """Return a spotter for a sentence about a set with tracks of these names."""
        listed = list_names((name, " ".join(cut(name).words)) for name in names)
        return Spotter(self, KnownNames(self.styles, listed), sentence)


class Spotter:
    """Finds phrases in one sentence, and caches results."""

    def __init__(self, book: Phrasebook, known: KnownNames, sentence: Sentence) -> None:
        self._book, self._known, self._sentence = book, known, sentence
        self._possible: dict[int, frozenset[str]] = {}
        self._seen: dict[tuple[str, int], tuple[Spot, ...]] = {}
        self._read: dict[tuple[Read, int], tuple[Spot, ...]] = {}

    def all_at(self, at: int) -> list[tuple[str, tuple[Spot, ...]]]:
        """Return the phrases that can begin at a word, each with all its readings."""
        beginnings = (self._sentence.words[at], *self._kinds_at(at))
        names = dict.fromkeys(name for beginning in beginnings for name in self._book.by_beginning.get(beginning, ()))
        found = [(name, self.find(name, at)) for name in names]
        return [(name, spots) for name, spots in found if spots]

    def find(self, name: str, at: int) -> tuple[Spot, ...]:
        """Return all readings of a phrase, or of a kind, that begin at a word."""
        seen = self._seen.get((name, at))
        if seen is None:
            seen = self._seen[name, at] = self._look(name, at)
        return seen

    def _look(self, name: str, at: int) -> tuple[Spot, ...]:
        read = KINDS.get(name)
        if read is not None:
            spots = self._read.get((read, at))  # several kinds share a parser
            if spots is None:
                found_here = read(self._sentence, at, self._known)
                spots = self._read[read, at] = tuple(Spot(end, (("", value),), 0.0) for end, value in found_here)
            return spots
        if name not in self._possible_at(at):
            return ()
        found: dict[tuple[int, Bindings], float] = {}
        self._walk(self._book.phrases[name], at, (), 0.0, found)
        return tuple(Spot(end, bindings, costs) for (end, bindings), costs in found.items())

    def _possible_at(self, at: int) -> frozenset[str]:
        """Return the kinds found at a word, and the phrases that can begin with it or with one of them."""
        possible = self._possible.get(at)
        if possible is None:
            kinds, book = self._kinds_at(at), self._book.all_by_beginning
            begun = (book.get(beginning, ()) for beginning in (self._sentence.words[at], *kinds))
            possible = self._possible[at] = frozenset(kinds).union(*begun)
        return possible

    def _kinds_at(self, at: int) -> tuple[str, ...]:
        return tuple(kind for kind in kinds_by_word(self._sentence.words[at], self._known) if self.find(kind, at))

    def _walk(
        self, node: Node, at: int, bound: Bindings, costs: float, found: dict[tuple[int, Bindings], float]
    ) -> None:
        for bindings, more in node.ends:
            key = (at, bound + bindings)
            if key not in found or found[key] > costs + more:
                found[key] = costs + more
        if at >= len(self._sentence.words):
            return
        following = node.words.get(self._sentence.words[at])
        if following is not None:
            self._walk(following, at + 1, bound, costs, found)
        if not node.references:
            return
        possible = self._possible_at(at)
        for (name, slot), after in node.references.items():
            if name not in possible:
                continue
            for spot in self.find(name, at):
                inner = (
                    ()
                    if slot == DROPPED
                    else tuple((slot if slot and not inside else inside, value) for inside, value in spot.bindings)
                )
                self._walk(after, spot.end, bound + inner, costs + spot.costs, found)


def list_names(names: Iterable[tuple[str, str]]) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Index names with their meanings by first word; hyphens and ampersands are optional.

    >>> sorted(list_names([("lo-fi", "lo-fi")]))
    ['lo', 'lofi']
    """
    listed: dict[str, dict[tuple[str, ...], str]] = {}
    for name, value in names:
        words = cut(name).words
        forms = (words, ("".join(words),)) if len(words) > 1 else (words,)
        for form in forms:
            if form and form[0]:
                listed.setdefault(form[0], {}).setdefault(form, value)
    return {first: tuple(forms.items()) for first, forms in listed.items()}
