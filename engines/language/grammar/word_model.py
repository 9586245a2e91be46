"""A trigram language model of commands to MuseAroo, with Witten-Bell smoothing.

Witten and Bell, "The zero-frequency problem", 1991: after two words that were followed by n different ones in c cases,
a share of n / (c + n) is left for others, by what usually follows the last word alone, and so on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

START: Final = "<s>"
END: Final = "</s>"
"""What ends a sentence; it follows like a word."""

History = tuple[str, ...]
"""The one or two words before, the last one last; () for no matter what."""

DIVERSITY: Final = 1.8
"""How much more the number of followers weighs than with Witten and Bell: what is said here is more varied than the
sentences of which it is learnt."""

LEAST: Final = 1.0
"""How often each word counts by itself, whatever stands before it, in addition to how often it came."""

_NEVER: Final = -99.0
"""What the format writes for the logarithm of nought."""


@dataclass(frozen=True, slots=True)
class Followers:
    """What follows some words: how likely each is among those that were seen, and the share of those."""

    chances: Mapping[str, float]
    share: float


@dataclass(frozen=True, slots=True)
class WordModel:
    """A trigram of words: how likely each is, END among them, and what follows one or two of them."""

    single: Mapping[str, float]
    after: Mapping[History, Followers]

    @property
    def words(self) -> tuple[str, ...]:
        """All that it knows, in order, without START and END."""
        return tuple(sorted(word for word in self.single if word != END))

    def chance(self, word: str, history: History = ()) -> float:
        """How likely a word, or END, is to come after others, 0..1.

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
        """What was seen behind one or two words; nothing where they were never seen."""
        return self.after.get(history, _NOTHING)

    def write_arpa(self) -> str:
        """The model in the format of Doug Paul, as speech recognisers read it."""
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
    """The model of sentences, each with how often it counts."""
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
