"""Compile a grammar to the minimal word graph (a deterministic finite automaton) of its sentences.

pocketsphinx itself copies a rule wherever it is named, and joins the copies by empty transitions: half a million of
them for MuseAroo's grammar, which it follows at every word end. Here the automaton is made deterministic by the subset
construction, then minimised by partition refinement (Rabin and Scott, "Finite automata and their decision problems",
1959; Moore, "Gedanken-experiments on sequential machines", 1956).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_TOKEN: Final = re.compile(r"<[^>\s]+>|/[\d.]+/|\{[^}]*\}|[()\[\]|*+]|[^\s<>{}()\[\]|*+/]+|.", re.DOTALL)
_RULE: Final = re.compile(r"(public\s+)?<([^>\s]+)>\s*=\s*(.*)", re.DOTALL)


UNSEEN: Final = 0.5
"""Pseudo-count of words that were never seen (additive smoothing with a half, after Jeffreys)."""
UNSEEN_SHARE: Final = 0.05
"""The most probability that unseen words share, so that they remain possible."""


class GrammarError(Exception):
    """A grammar cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class WordGraph:
    """States numbered from 0, the initial one; the words that lead on from each; the final states."""

    words: tuple[Mapping[str, int], ...]
    ends: frozenset[int]

    def accepts(self, sentence: str) -> bool:
        """Whether the grammar has this sentence."""
        place = 0
        for word in sentence.split():
            following = self.words[place].get(word)
            if following is None:
                return False
            place = following
        return place in self.ends

    def expect(self, sentences: Iterable[tuple[Sequence[frozenset[str]], float]]) -> tuple[Mapping[str, float], ...]:
        """Return the probability of each next word at each node, and of the end (""), from usual sentences.

        Each sentence is given with its weight, and each of its words as a set of spellings; sentences that the graph
        lacks are ignored. Unseen choices stay possible.
        """
        counts: list[dict[str, float]] = [{} for _ in self.words]
        for words, weight in sentences:
            for place, word in self._way(words):
                counts[place][word] = counts[place].get(word, 0.0) + weight
        likely = []
        for place, following in enumerate(self.words):
            choices = [*following, *([""] if place in self.ends else [])]
            seen = counts[place]
            total = sum(seen.values())
            # Unseen choices share a part of the probability, and all of it if nothing was seen.
            more = max(UNSEEN, UNSEEN_SHARE * total / max(1, len(choices)))
            likely.append({word: (seen.get(word, 0.0) + more) / (total + more * len(choices)) for word in choices})
        return tuple(likely)

    def _way(self, words: Sequence[frozenset[str]]) -> list[tuple[int, str]]:
        """Return the states on a sentence's path and the words that leave them; [] if the graph lacks it."""
        place, way = 0, []
        for spellings in words:
            word = next((word for word in sorted(spellings) if word in self.words[place]), None)
            if word is None:
                return []
            way.append((place, word))
            place = self.words[place][word]
        return [*way, (place, "")] if place in self.ends else []

    @property
    def all_words(self) -> frozenset[str]:
        """All words of the graph."""
        return frozenset(word for words in self.words for word in words)


def compile_grammar(grammar: str) -> WordGraph:
    """Compile a JSGF grammar with one public rule and no recursion; weights and tags are ignored.

    Raises GrammarError if it cannot be read.

    >>> graph = compile_grammar("#JSGF V1.0; grammar g; public <a> = [please] (undo | go back) <b>*; <b> = now;")
    >>> [graph.accepts(text) for text in ("undo", "please go back now now", "please", "go undo")]
    [True, True, False, False]
    >>> len(graph.words)
    4
    """
    public, rules = _read_rules(grammar)
    places = _Places()
    start, end = places.new(), places.new()
    _Builder(rules, places).build_rule(public, start, end, ())
    return _minimise(*_determinise(places, start, end))


def _read_rules(grammar: str) -> tuple[str, dict[str, list[str]]]:
    statements = [part.strip() for part in _COMMENT.sub(" ", grammar).split(";")]
    if not statements[0].startswith("#JSGF"):
        raise GrammarError("it does not begin with #JSGF")
    rules: dict[str, list[str]] = {}
    public = ""
    for statement in statements[1:]:
        if not statement or statement.startswith("grammar"):
            continue
        found = _RULE.fullmatch(statement)
        if not found:
            raise GrammarError(f"“{statement[:40]}” is no rule")
        name = found[2]
        rules[name] = [token for token in _TOKEN.findall(found[3]) if not token.isspace()]
        public = name if found[1] else public
    if not public:
        raise GrammarError("no rule is public")
    return public, rules


@dataclass(slots=True)
class _Places:
    """A nondeterministic automaton under construction: from each state, words and empty transitions."""

    words: list[list[tuple[str, int]]] = field(default_factory=list)
    steps: list[list[int]] = field(default_factory=list)

    def new(self) -> int:
        self.words.append([])
        self.steps.append([])
        return len(self.words) - 1


class _Builder:
    """Parse rules by recursive descent, and lay each expression between two states."""

    def __init__(self, rules: Mapping[str, list[str]], places: _Places) -> None:
        self._rules = rules
        self._places = places
        self._tokens: list[str] = []
        self._at = 0

    def build_rule(self, name: str, start: int, end: int, within: tuple[str, ...]) -> None:
        if name in within:
            raise GrammarError(f"<{name}> stands within itself")
        if name not in self._rules:
            raise GrammarError(f"there is no rule <{name}>")
        before = self._tokens, self._at
        self._tokens, self._at = self._rules[name], 0
        self._choice(start, end, (*within, name))
        if self._at < len(self._tokens):
            raise GrammarError(f"“{self._tokens[self._at]}” is too much in <{name}>")
        self._tokens, self._at = before

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _choice(self, start: int, end: int, within: tuple[str, ...]) -> None:
        self._sequence(start, end, within)
        while self._peek() == "|":
            self._take()
            self._sequence(start, end, within)

    def _sequence(self, start: int, end: int, within: tuple[str, ...]) -> None:
        place, is_empty = start, True
        while self._peek() not in ("", "|", ")", "]"):
            if self._peek()[0] in "/{":
                self._take()
                continue
            following = self._places.new()
            self._item(place, following, within)
            place, is_empty = following, False
        if is_empty:
            raise GrammarError(f"there is nothing before “{self._peek() or ';'}” in <{within[-1]}>")
        self._places.steps[place].append(end)

    def _item(self, start: int, end: int, within: tuple[str, ...]) -> None:
        token = self._take()
        first, last = start, end
        steps = self._places.steps
        if token in ("(", "[") or self._peek() in ("*", "+"):
            # New states, so that a repetition does not lead back into the preceding expression.
            first, last = self._places.new(), self._places.new()
            steps[start].append(first)
            steps[last].append(end)
        if token in ("(", "["):
            self._choice(first, last, within)
            if self._take() != {"(": ")", "[": "]"}[token]:
                raise GrammarError(f"a “{token}” is not closed in <{within[-1]}>")
            if token == "[":
                steps[first].append(last)
        elif token.startswith("<"):
            self.build_rule(token[1:-1], first, last, within)
        elif token in ("*", "+"):
            raise GrammarError(f"“{token}” follows nothing in <{within[-1]}>")
        else:
            self._places.words[first].append((token, last))
        while self._peek() in ("*", "+"):
            if self._take() == "*":
                steps[first].append(last)
            steps[last].append(first)


def _determinise(places: _Places, start: int, end: int) -> tuple[list[dict[str, int]], set[int]]:
    reached: dict[int, frozenset[int]] = {}

    def reach(place: int) -> frozenset[int]:
        """Return the empty-transition closure of a state: those that have words, or are the end."""
        if place not in reached:
            seen, waiting = {place}, [place]
            while waiting:
                for step in places.steps[waiting.pop()]:
                    if step not in seen:
                        seen.add(step)
                        waiting.append(step)
            reached[place] = frozenset(one for one in seen if places.words[one] or one == end)
        return reached[place]

    first = reach(start)
    numbers = {first: 0}
    graph: list[dict[str, int]] = []
    waiting = [first]
    for subset in waiting:
        following: dict[str, set[int]] = {}
        for place in subset:
            for word, target in places.words[place]:
                following.setdefault(word, set()).update(reach(target))
        row: dict[str, int] = {}
        for word, targets in following.items():
            key = frozenset(targets)
            if key not in numbers:
                numbers[key] = len(numbers)
                waiting.append(key)
            row[word] = numbers[key]
        graph.append(row)
    return graph, {number for subset, number in numbers.items() if end in subset}


def _minimise(graph: list[dict[str, int]], ends: set[int]) -> WordGraph:
    group = [int(place in ends) for place in range(len(graph))]
    count = len(set(group))
    while True:
        kinds: dict[tuple[int, frozenset[tuple[str, int]]], int] = {}
        finer = [
            kinds.setdefault((group[place], frozenset((word, group[to]) for word, to in row.items())), len(kinds))
            for place, row in enumerate(graph)
        ]
        if len(kinds) == count:
            break
        group, count = finer, len(kinds)
    # Groups are numbered in the order of their first state, so that 0 is the initial one.
    rows: dict[int, Mapping[str, int]] = {}
    for place, row in enumerate(graph):
        rows.setdefault(finer[place], {word: finer[to] for word, to in row.items()})
    return WordGraph(tuple(rows[number] for number in range(len(rows))), frozenset(finer[place] for place in ends))
