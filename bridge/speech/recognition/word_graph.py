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
        state = 0
        for word in sentence.split():
            following = self.words[state].get(word)
            if following is None:
                return False
            state = following
        return state in self.ends

    def expect(self, sentences: Iterable[tuple[Sequence[frozenset[str]], float]]) -> tuple[Mapping[str, float], ...]:
        """Return the probability of each next word at each node, and of the end (""), from usual sentences.

        Each sentence is given with its weight, and each of its words as a set of spellings; sentences that the graph
        lacks are ignored. Unseen choices stay possible.
        """
        counts: list[dict[str, float]] = [{} for _ in self.words]
        for words, weight in sentences:
            for state, word in self._path(words):
                counts[state][word] = counts[state].get(word, 0.0) + weight
        likely = []
        for state, following in enumerate(self.words):
            choices = [*following, *([""] if state in self.ends else [])]
            seen = counts[state]
            total = sum(seen.values())
            # Unseen choices share a part of the probability, and all of it if nothing was seen.
            more = max(UNSEEN, UNSEEN_SHARE * total / max(1, len(choices)))
            likely.append({word: (seen.get(word, 0.0) + more) / (total + more * len(choices)) for word in choices})
        return tuple(likely)

    def _path(self, words: Sequence[frozenset[str]]) -> list[tuple[int, str]]:
        """Return the states on a sentence's path and the words that leave them; [] if the graph lacks it."""
        state, path = 0, []
        for spellings in words:
            word = next((word for word in sorted(spellings) if word in self.words[state]), None)
            if word is None:
                return []
            path.append((state, word))
            state = self.words[state][word]
        return [*path, (state, "")] if state in self.ends else []

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
    automaton = _Automaton()
    start, end = automaton.new(), automaton.new()
    _Builder(rules, automaton).build_rule(public, start, end, ())
    return _minimise(*_determinise(automaton, start, end))


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
class _Automaton:
    """A nondeterministic automaton under construction: from each state, words and empty transitions."""

    words: list[list[tuple[str, int]]] = field(default_factory=list)
    steps: list[list[int]] = field(default_factory=list)

    def new(self) -> int:
        self.words.append([])
        self.steps.append([])
        return len(self.words) - 1


class _Builder:
    """Parse rules by recursive descent, and lay each expression between two states."""

    def __init__(self, rules: Mapping[str, list[str]], automaton: _Automaton) -> None:
        self._rules = rules
        self._automaton = automaton
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
        state, is_empty = start, True
        while self._peek() not in ("", "|", ")", "]"):
            if self._peek()[0] in "/{":
                self._take()
                continue
            following = self._automaton.new()
            self._item(state, following, within)
            state, is_empty = following, False
        if is_empty:
            raise GrammarError(f"there is nothing before “{self._peek() or ';'}” in <{within[-1]}>")
        self._automaton.steps[state].append(end)

    def _item(self, start: int, end: int, within: tuple[str, ...]) -> None:
        token = self._take()
        first, last = start, end
        steps = self._automaton.steps
        if token in ("(", "[") or self._peek() in ("*", "+"):
            # New states, so that a repetition does not lead back into the preceding expression.
            first, last = self._automaton.new(), self._automaton.new()
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
            self._automaton.words[first].append((token, last))
        while self._peek() in ("*", "+"):
            if self._take() == "*":
                steps[first].append(last)
            steps[last].append(first)


def _determinise(automaton: _Automaton, start: int, end: int) -> tuple[list[dict[str, int]], set[int]]:
    reached: dict[int, frozenset[int]] = {}

    def reach(state: int) -> frozenset[int]:
        """Return the empty-transition closure of a state: those that have words, or are the end."""
        if state not in reached:
            seen, waiting = {state}, [state]
            while waiting:
                for step in automaton.steps[waiting.pop()]:
                    if step not in seen:
                        seen.add(step)
                        waiting.append(step)
            reached[state] = frozenset(one for one in seen if automaton.words[one] or one == end)
        return reached[state]

    first = reach(start)
    numbers = {first: 0}
    graph: list[dict[str, int]] = []
    waiting = [first]
    for subset in waiting:
        following: dict[str, set[int]] = {}
        for state in subset:
            for word, target in automaton.words[state]:
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
    group = [int(state in ends) for state in range(len(graph))]
    count = len(set(group))
    while True:
        kinds: dict[tuple[int, frozenset[tuple[str, int]]], int] = {}
        finer = [
            kinds.setdefault((group[state], frozenset((word, group[to]) for word, to in row.items())), len(kinds))
            for state, row in enumerate(graph)
        ]
        if len(kinds) == count:
            break
        group, count = finer, len(kinds)
    # Groups are numbered in the order of their first state, so that 0 is the initial one.
    rows: dict[int, Mapping[str, int]] = {}
    for state, row in enumerate(graph):
        rows.setdefault(finer[state], {word: finer[to] for word, to in row.items()})
    return WordGraph(tuple(rows[number] for number in range(len(rows))), frozenset(finer[state] for state in ends))
