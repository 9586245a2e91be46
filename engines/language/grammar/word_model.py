"""A trigram language model of commands, with Witten-Bell smoothing.

Witten and Bell, "The zero-frequency problem", 1991: after a history followed by n different words in c cases, a share
of n / (c + n) backs off to the shorter history, and so on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

START: Final = "<s>"
END: Final = "</s>"
"""End of sentence; predicted like a word."""

History = tuple[str, ...]
"""The one or two preceding words, latest last; () for any history."""

DIVERSITY: Final = 1.8
"""Factor on the number of different followers, relative to Witten and Bell: actual speech is more varied than the
training sentences."""

LEAST: Final = 1.0
"""Count added to each word's unigram count."""

_NEVER: Final = -99.0
"""The ARPA format's logarithm of 0."""


@dataclass(frozen=True, slots=True)
class Followers:
    """Words seen after a history: their relative frequencies, and their total probability mass."""

    chances: Mapping[str, float]
    share: float


@dataclass(frozen=True, slots=True)
class WordModel:
    """A trigram model: unigram probabilities, END included, and followers of one- and two-word histories."""

    single: Mapping[str, float]
    after: Mapping[History, Followers]

    @property
    def words(self) -> tuple[str, ...]:
        """The vocabulary, sorted, without START and END."""
        return tuple(sorted(word for word in self.single if word != END))

    def chance(self, word: str, history: History = ()) -> float:
        """Return the probability of a word, or END, after a history, 0..1.

        >>> model = learn_words([(["mute", "it"], 3.0), (["mute", "drums"], 1.0)])
        >>> round(sum(model.chance(word, ("<s>", "mute")) for word in (*model.words, END)), 6)
        1.0
        >>> model.chance("it", ("<s>", "mute")) > model.chance("drums", ("<s>", "mute"))
        True
        """
        if not history:
            return self.single.get(word, 0.0)
        shorter = self.chance(word, history[1:])
        found = self.after.get(history)
        if found is None:
            return shorter
        return found.share * found.chances.get(word, 0.0) + (1.0 - found.share) * shorter

    def followers(self, history: History) -> Followers:
        """Return the words seen after a history; empty if it was never seen."""
        return self.after.get(history, _NOTHING)

    def write_arpa(self) -> str:
        """Return the model in Doug Paul's ARPA format, as speech recognisers read it."""
        twos = sorted(history for history in self.after if len(history) == 1)
        threes = sorted(history for history in self.after if len(history) == 2)
        pairs = [(history, word) for history in twos for word in sorted(self.after[history].chances)]
        triples = [(history, word) for history in threes for word in sorted(self.after[history].chances)]
        lines = ["\\data\\", f"ngram 1={len(self.single) + 1}", f"ngram 2={len(pairs)}", f"ngram 3={len(triples)}"]
        lines += ["", "\\1-grams:", f"{_NEVER:g} {START} {self._rest((START,))}"]
        lines += [f"{_log(self.single[word])} {word} {self._rest((word,))}" for word in sorted(self.single)]
        lines += ["", "\\2-grams:"]
        lines += [
            f"{_log(self.chance(word, history))} {history[0]} {word} {self._rest((*history, word))}"
            for history, word in pairs
        ]
        lines += ["", "\\3-grams:"]
        lines += [f"{_log(self.chance(word, history))} {' '.join(history)} {word}" for history, word in triples]
        return "\n".join([*lines, "", "\\end\\", ""])

    def _rest(self, history: History) -> str:
        return _log(1.0 - self.followers(history).share)


_NOTHING: Final = Followers({}, 0.0)


def learn_words(sentences: Iterable[tuple[Sequence[str], float]]) -> WordModel:
    """Train a model on weighted sentences."""
    counts: dict[History, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for words, weight in sentences:
        before: History = (START,)
        for word in (*words, END):
            for first in range(len(before) + 1):
                counts[before[first:]][word] += weight
            before = (*before, word)[-2:]
    single = counts.pop((), {END: 1.0})
    whole = sum(single.values()) + LEAST * len(single)
    return WordModel(
        {word: (count + LEAST) / whole for word, count in single.items()},
        {history: _share(following) for history, following in counts.items()},
    )


def _share(counts: Mapping[str, float]) -> Followers:
    whole = sum(counts.values())
    share = whole / (whole + DIVERSITY * len(counts))
    return Followers({word: count / whole for word, count in counts.items()}, share)


def _log(chance: float) -> str:
    return f"{math.log10(chance) if chance > 0.0 else _NEVER:.5f}"
