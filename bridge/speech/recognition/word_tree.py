"""A prefix tree of words by their tokens, with the probability of each branch after other words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musearoo.engines.language.grammar.word_model import END, START, History, WordModel

Logs = NDArray[np.float32]

NEVER: Final = -30.0
"""The log-probability of an impossible word: far below any other."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node of the tree: the tokens that lead on, and the words that end here.

    All words below it are adjacent in the tree's order, from `first` to before `last`; those below the n-th token begin
    at `starts[n]` of them.
    """

    words: tuple[int, ...]
    pieces: NDArray[np.intp]
    nodes: tuple[Node, ...]
    starts: NDArray[np.intp]
    first: int
    last: int


@dataclass(slots=True)
class _Sprout:
    words: list[int] = field(default_factory=list)
    below: dict[int, _Sprout] = field(default_factory=dict)


class WordTree:
    """A model's words, each in one or several spellings, as a tree of tokens."""

    def __init__(self, words: tuple[str, ...], spell: Callable[[str], Iterable[tuple[int, ...]]]) -> None:
        self.words = words
        sprout = _Sprout()
        for number, word in enumerate(words):
            for pieces in spell(word):
                place = sprout
                for piece in pieces:
                    place = place.below.setdefault(piece, _Sprout())
                place.words.append(number)
        order: list[int] = []
        self.root = _grow(sprout, order)
        self.order = np.array(order, np.intp)


def _grow(sprout: _Sprout, order: list[int]) -> Node:
    first = len(order)
    order += sprout.words
    pieces = sorted(sprout.below)
    starts, nodes = [], []
    for piece in pieces:
        starts.append(len(order) - first)
        nodes.append(_grow(sprout.below[piece], order))
    return Node(
        tuple(sprout.words), np.array(pieces, np.intp), tuple(nodes), np.array(starts, np.intp), first, len(order)
    )


class Expectations:
    """Log-probabilities of words after others, cached; safe for any thread."""

    def __init__(self, model: WordModel) -> None:
        self._model = model
        self._places = {word: place for place, word in enumerate((*model.words, END))}
        self._known: dict[History, Logs] = {}
        single = [model.chance(word) for word in self._places]
        self._single = np.array(single, np.float64)

    def after(self, history: History) -> Logs:
        """Return the log-probabilities of all words of the model in order, and last of END."""
        known = self._known.get(history)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            known = np.log(np.maximum(self._chances(history), np.exp(NEVER))).astype(np.float32)
            self._known[history] = known
        return known

    def _chances(self, history: History) -> NDArray[np.float64]:
        chances = self._single
        for first in reversed(range(len(history))):
            followers = self._model.followers(history[first:])
            if followers.chances:
                chances = chances * (1.0 - followers.share)
                for word, chance in followers.chances.items():
                    chances[self._places[word]] += followers.share * chance
        return chances

    def sentence(self, words: Iterable[str]) -> float:
        """Return the log-probability of a whole sentence."""
        return sum(_steps(words, self))

    def place(self, word: str) -> int | None:
        """Return the number of a word, or None if unknown."""
        return self._places.get(word)


MOST_KNOWN: Final = 4000
"""Histories whose probabilities are cached, 2 kB each."""


def _steps(words: Iterable[str], expectations: Expectations) -> Iterator[float]:
    history: History = (START,)
    for word in (*words, END):
        place = expectations.place(word)
        yield float(expectations.after(history)[place]) if place is not None else NEVER
        history = (*history, word)[-2:]
