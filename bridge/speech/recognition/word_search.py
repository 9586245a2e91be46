"""Beam search for the n best sentences, by Moonshine's network and a word model.

The search runs over tokens and adds a word model's log-probabilities ("shallow fusion": Gulcehre et al., "On using
monolingual corpora in neural machine translation", 2015), with language-model look-ahead within words (Ortmanns, Ney
and Eiden, "Language-model look-ahead for large vocabulary speech recognition", 1996). Unknown words are allowed at a
penalty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.speech.recognition.moonshine_network import MoonshineNetwork, Sound
from musearoo.bridge.speech.recognition.pieces import END, SPACE, Pieces
from musearoo.bridge.speech.recognition.word_tree import Expectations, Logs, Node, WordTree
from musearoo.engines.language.grammar.numbers import speak_number
from musearoo.engines.language.grammar.word_model import START, History, WordModel

WIDTH: Final = 12
"""Beam width: paths that are followed at once."""

EXPECTED: Final = 0.4
"""Weight of the word model relative to the network."""

PIECE: Final = 2.0
"""Reward per token: without it short sentences would win, because every token lowers the score."""

CLOSE: Final = 2.5
"""Weight of the end's log-probability: the usual mistake is to stop before the sound does."""

UNKNOWN: Final = 6.5
"""Penalty of a word that the model does not know; MORE is that of each further token of it."""
MORE: Final = 1.0

UNLIKELY: Final = -18.0
"""Least log-probability of a token that is considered; within unknown words RULED_OUT."""
RULED_OUT: Final = -6.0

HOPELESS: Final = 6.0
"""Most score that a path may be below the best one with as many tokens, and still be followed."""

PIECES_A_SECOND: Final = 6.5
"""Most tokens per second of sound, as the model's publishers advise: beyond that it repeats itself."""
SPARE_PIECES: Final = 6

MOST_FREE: Final = 2
"""Tokens of unknown words that are followed from one path."""

MOST: Final = 12
"""Sentences that are returned."""

NUMBERS: Final = {word: str(number) for number in range(21) if " " not in (word := speak_number(number))}
SPELLINGS: Final = {"a.": "A"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate sentence with its summed log-probabilities."""

    words: tuple[str, ...]
    acoustic: float
    """Of its tokens, by the network."""
    closed: float
    """Of its end, by the network."""
    expected: float
    """Of its words and its end, by the word model."""
    pieces: int
    unknown: int
    """Words that the word model does not know."""
    more: int
    """Tokens of those, except the first ones."""
    modes: int = 1
    """Recognition modes that found it."""

    @property
    def score(self) -> float:
        """The score that the search ranks by."""
        whole = _score(self.acoustic, self.expected, self.pieces) + CLOSE * self.closed
        return whole - UNKNOWN * self.unknown - MORE * self.more


@dataclass(frozen=True, slots=True)
class _Path:
    """A partial sentence."""

    node: Node | None
    """Its node within the current word; None within an unknown word, whose text so far is `text`."""
    words: tuple[str, ...] = ()
    history: History = (START,)
    text: str = ""
    acoustic: float = 0.0
    expected: float = 0.0
    ahead: float = 0.0
    """The look-ahead log-probability of the current word; not in `expected`."""
    pieces: int = 0
    unknown: int = 0
    more: int = 0

    @property
    def score(self) -> float:
        whole = _score(self.acoustic, self.expected + self.ahead, self.pieces)
        return whole - UNKNOWN * self.unknown - MORE * self.more

    def with_word(self, word: str, expected: float) -> _Path:
        history = (*self.history, word)[-2:]
        return replace(
            self, words=(*self.words, word), history=history, text="", expected=self.expected + expected, ahead=0.0
        )


@dataclass(frozen=True, slots=True)
class _Extensions:
    """Extensions of one path by a token: tokens, their log-probabilities, and the resulting scores.

    `row` is the path's row in the network's output. Within a known word, `nodes` and their look-ahead `ahead`.
    """

    row: int
    path: _Path
    pieces: NDArray[np.intp]
    logs: Logs
    scores: NDArray[np.float64]
    nodes: tuple[Node, ...] = ()
    ahead: Logs | None = None

    def follow(self, number: int, texts: Sequence[str]) -> _Path:
        path = self.path
        acoustic = path.acoustic + float(self.logs[number])
        if self.ahead is not None:
            ahead = float(self.ahead[number])
            return replace(path, node=self.nodes[number], acoustic=acoustic, ahead=ahead, pieces=path.pieces + 1)
        text = path.text + texts[int(self.pieces[number])]
        return replace(path, node=None, text=text, acoustic=acoustic, ahead=0.0, pieces=path.pieces + 1)


def _score(acoustic: float, expected: float, pieces: int) -> float:
    return acoustic + EXPECTED * expected + PIECE * pieces


class NBest(NamedTuple):
    """The n best sentences, the network's encoding of the sound, and the probability of no text at all.

    `nothing` is the logarithm of a chance.
    """

    candidates: tuple[Candidate, ...]
    sound: Sound
    nothing: float


class WordSearch:
    """Beam search for sentences of a word model, and others near them, in a network's output."""

    def __init__(self, network: MoonshineNetwork, model: WordModel) -> None:
        self._network = network
        self._expectations = Expectations(model)
        pieces = network.pieces
        self._inner = WordTree(model.words, lambda word: spell(pieces, word))
        self._first = WordTree(model.words, lambda word: spell(pieces, word, is_first=True))
        self._comma = np.array([pieces.number(",")], np.intp)
        self._stop = pieces.number(".")
        self._ends = np.array([END, *map(pieces.number, ".?!")], np.intp)
        begins = np.array([text.startswith(SPACE) for text in pieces.texts])
        self._texts = tuple(text.removeprefix(SPACE).lower() for text in pieces.texts)
        letters = np.array([text.isalpha() and text.isascii() for text in self._texts])
        self._beginnings, self._middles = begins & letters, ~begins & letters

    def find(self, sound: Sound, seconds: float, stops: Callable[[], bool] = lambda: False) -> NBest:
        """Return the sentences that best fit the network's output; those found so far as soon as `stops` is true."""
        longest = int(seconds * PIECES_A_SECOND) + SPARE_PIECES
        thread = self._network.begin(sound)
        nothing = float(thread.logs[0, END])
        paths = [_Path(self._first.root)]
        found: dict[tuple[str, ...], Candidate] = {}
        for _ in range(longest):
            extensions: list[_Extensions] = []
            for row, path in enumerate(paths):
                for ended in self._go_on(row, path, thread.logs[row], extensions):
                    known = found.get(ended.words)
                    if known is None or ended.score > known.score:
                        found[ended.words] = ended
            chosen = self._choose(extensions)
            if stops() or not chosen or any(one.score > chosen[0][0].score for one in found.values()):
                break
            paths = [path for path, _, _ in chosen]
            rows = np.array([row for _, row, _ in chosen], np.intp)
            thread = self._network.go_on(thread, rows, np.array([piece for _, _, piece in chosen], np.intp))
        best = sorted(found.values(), key=lambda one: -one.score)[:MOST]
        return NBest(tuple(best), sound, nothing)

    def weigh(self, sound: Sound, words: tuple[str, ...]) -> Candidate | None:
        """Score a sentence of known words as the candidates were; None without words, or if it cannot be spelt."""
        numbers = [self._expectations.place(word) for word in words]
        if not words or None in numbers:
            return None
        pieces: list[int] = []
        for place, word in enumerate(words):
            spellings = sorted(spell(self._network.pieces, word, is_first=not place), key=len)
            if not spellings:
                return None
            pieces += spellings[0]
        pieces.append(self._stop)
        logs = self._network.weigh(sound, pieces)
        expected = self._expectations.sentence(words)
        return Candidate(words, float(logs[:-2].sum()), float(logs[-2]), expected, len(pieces) - 1, 0, 0)

    def _go_on(self, row: int, path: _Path, logs: Logs, extensions: list[_Extensions]) -> Iterator[Candidate]:
        """Add all extensions of a path to `extensions`; yield the sentences that may end there."""
        if path.node is None:
            extensions.append(self._free(row, replace(path, more=path.more + 1), logs, self._middles))
            whole = [path.with_word(path.text, 0.0)]
        else:
            extensions.append(self._within(row, path, path.node, logs))
            after = self._expectations.after(path.history)
            whole = [path.with_word(self._inner.words[word], float(after[word])) for word in path.node.words]
        for one in whole:
            yield self._end(one, logs)
            at_root = replace(one, node=self._inner.root)
            extensions.append(self._within(row, at_root, self._inner.root, logs))
            extensions.append(self._free(row, replace(at_root, unknown=one.unknown + 1), logs, self._beginnings))
            comma = logs[self._comma]
            scores = one.score + PIECE + comma.astype(np.float64)
            extensions.append(
                _Extensions(row, at_root, self._comma, comma, scores, (self._inner.root,), np.zeros(1, np.float32))
            )

    def _within(self, row: int, path: _Path, node: Node, logs: Logs) -> _Extensions:
        """Return the extensions within a known word."""
        here = logs[node.pieces]
        if not len(here):
            return _Extensions(row, path, node.pieces, here, here.astype(np.float64))
        tree = self._inner if path.words else self._first
        chances = self._expectations.after(path.history)[tree.order[node.first : node.last]]
        ahead = np.maximum.reduceat(chances, node.starts)
        gains = here + PIECE + EXPECTED * (ahead - path.ahead)
        scores = path.score + np.where(here > UNLIKELY, gains, -np.inf).astype(np.float64)
        return _Extensions(row, path, node.pieces, here, scores, node.nodes, ahead)

    def _free(self, row: int, path: _Path, logs: Logs, allowed: NDArray[np.bool_]) -> _Extensions:
        """Return the extensions into or within an unknown word."""
        pieces = np.flatnonzero((logs > RULED_OUT) & allowed)
        pieces = pieces[np.argsort(-logs[pieces])][:MOST_FREE]
        here = logs[pieces]
        return _Extensions(row, path, pieces, here, path.score + PIECE + here.astype(np.float64))

    def _end(self, path: _Path, logs: Logs) -> Candidate:
        expected = path.expected + float(self._expectations.after(path.history)[-1])
        closed = float(logs[self._ends].max())
        return Candidate(path.words, path.acoustic, closed, expected, path.pieces, path.unknown, path.more)

    def _choose(self, extensions: list[_Extensions]) -> list[tuple[_Path, int, int]]:
        """Return the best paths, best first, each with its row in the network's output and its new token."""
        scores = np.concatenate([extension.scores for extension in extensions])
        starts = np.cumsum([0, *(len(extension.scores) for extension in extensions)])
        chosen: dict[tuple[object, ...], tuple[_Path, int, int]] = {}
        best = scores.max()
        for place in np.argsort(-scores)[: 3 * WIDTH]:
            if len(chosen) == WIDTH or scores[place] < best - HOPELESS:
                break
            which = int(np.searchsorted(starts, place, side="right")) - 1
            number = int(place - starts[which])
            path = extensions[which].follow(number, self._texts)
            chosen.setdefault(
                (path.words, path.text, id(path.node)),
                (path, extensions[which].row, int(extensions[which].pieces[number])),
            )
        return list(chosen.values())


def spell(pieces: Pieces, word: str, is_first: bool = False) -> set[tuple[int, ...]]:
    """Return the token sequences of a word's spellings: letters as capitals, digits, British and American."""
    forms = {SPELLINGS.get(word, word)}
    if len(word) == 1:
        forms |= {word.upper()} if word != "a" else {"A"}
    number = NUMBERS.get(word)
    if number:
        forms.add(number)
    if "analys" in word:
        forms.add(word.replace("analys", "analyz"))
    written = {form[0].upper() + form[1:] if is_first else form for form in forms}
    return {spelt for form in written if (spelt := pieces.spell(form))}
