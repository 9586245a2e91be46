"""Choose among candidate sentences, and rate how sure it is that the choice was said to MuseAroo.

Each candidate is weighed by how well it explains the sound, by how near a second recogniser came to it, and by whether
it means anything here: a log-linear model over all of them (Ostendorf et al., "Integration of diverse recognition
methodologies through reevaluation of n-best sentence hypotheses", 1991). Its weights, and those of the trust in the
one that is taken, come from `python -m musearoo.tools.workshop.training.voice.choice`, which speaks its own sentences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from musearoo.bridge.speech.recognition.word_search import Candidate
from musearoo.engines.language.requests.commands import Command, Intent

Phones = tuple[str, ...]


class Evidence(NamedTuple):
    """The evidence for a candidate. Probabilities are logarithms."""

    acoustic: float
    """The chance of its pieces, by the sound."""
    closed: float
    """The chance that it ends where it does."""
    pieces: float
    unknown: float
    """Words that are not expected here at all."""
    more: float
    """Further pieces of those."""
    distance: float
    """Phones to be put in, left out or exchanged between it and what the second recogniser heard."""
    understood: float
    """1 where it means anything, else 0, and so on."""
    in_grammar: float
    """Whether it is a sentence of the grammar from its first word to its last."""
    agreed: float
    """Whether what the second recogniser heard means the same."""
    clear: float
    """How much of it is explained by what it means, 0..1."""
    modes: float
    """Of hearing the sound in which it was found."""


class Trust(NamedTuple):
    """The evidence for the chosen candidate, in addition to its evidence against others."""

    acoustic: float
    """The chance of a piece of it, on average."""
    closed: float
    unknown: float
    distance: float
    """Phones that differ from what the second recogniser heard, a phone of the longer one."""
    in_grammar: float
    agreed: float
    clear: float
    lead: float
    """ln of how much more likely its meaning is than all others, at most LEAD."""
    length: float
    """ln of the number of its phones."""
    nothing: float
    """The chance, by the sound, that there is no text in it at all."""


class UtteranceFacts(NamedTuple):
    """What is known of an utterance besides its candidates."""

    phones: int
    """How many the second recogniser heard."""
    nothing: float
    """See Trust."""
    rises: bool = True
    """Whether anything in it rises above what sounds all the time: see `bridge.speech.sound.voice_activity`."""


CHOICE: Final = Evidence(0.1826, 0.5587, 0.1081, -0.4794, -1.493, -0.3166, 0.5765, 2.944, 0.958, 2.688, 1.041)
TRUST: Final = Trust(0.6163, 0.4938, -0.5528, -2.659, 1.245, 0.7511, 2.393, 0.1293, 0.177, -0.04143)
BIAS: Final = -0.8948
"""Fitted by `python -m musearoo.tools.workshop.training.voice.choice --sentences 12` on 732 utterances (120 orders each
clean and over music 20
and 10 dB below, 180 foreign sentences, music alone 192 times), such that two in a hundred foreign ones reach 0.5."""

LEAD: Final = 8.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with what it means, and what speaks for it."""

    candidate: Candidate
    command: Command
    phones: int
    evidence: Evidence

    @property
    def score(self) -> float:
        """Return the candidate's log-likelihood, up to a constant."""
        return sum(weight * value for weight, value in zip(CHOICE, self.evidence, strict=True))

    def means_like(self, other: Choice) -> bool:
        """Whether both ask for the same."""
        mine, theirs = self.command, other.command
        return (mine.intent, mine.slots) == (theirs.intent, theirs.slots)


@dataclass(frozen=True, slots=True)
class Chooser:
    """What a candidate is scored by: its phones, its meaning, and whether the grammar has it."""

    sound: Callable[[str], Phones]
    understand: Callable[[str], Command]
    is_in_grammar: Callable[[Sequence[str]], bool]

    def weigh(self, candidates: Sequence[Candidate], second: Sequence[str]) -> tuple[Choice, ...]:
        """Return each candidate with its evidence, in order; `second` is the other recogniser's transcript."""
        other = self.understand(written(second))
        phones = self._phones(second)
        return tuple(self._weigh_one(candidate, other, phones) for candidate in candidates)

    def _weigh_one(self, candidate: Candidate, other: Command, second: Phones) -> Choice:
        command = self.understand(written(candidate.words))
        phones = self._phones(candidate.words)
        means_something = command.intent is not Intent.NONE
        evidence = Evidence(
            acoustic=candidate.acoustic,
            closed=candidate.closed,
            pieces=candidate.pieces,
            unknown=candidate.unknown,
            more=candidate.more,
            distance=count_edits(phones, second),
            understood=means_something,
            in_grammar=self.is_in_grammar(candidate.words),
            agreed=means_something and (command.intent, command.slots) == (other.intent, other.slots),
            clear=command.confidence if means_something else 0.0,
            modes=candidate.modes,
        )
        return Choice(candidate, command, len(phones), evidence)

    def _phones(self, words: Sequence[str]) -> Phones:
        return tuple(phone for word in words for phone in self.sound(word))


def written(words: Sequence[str]) -> str:
    """Words of recognisers as a sentence: the letter A is no article.

    >>> written(("in", "a.", "minor"))
    'in A minor'
    """
    return " ".join("A" if word == "a." else word for word in words)


def choose(choices: Sequence[Choice]) -> Choice:
    """The likeliest, of one or more."""
    return max(choices, key=lambda one: one.score)


def trust(best: Choice, choices: Sequence[Choice], around: UtteranceFacts) -> Trust:
    """Return the evidence for the chosen candidate."""
    evidence = best.evidence
    top = best.score
    same = sum(math.exp(one.score - top) for one in choices if one.means_like(best))
    others = sum(math.exp(one.score - top) for one in choices if not one.means_like(best))
    lead = math.log(same / others) if others > same * math.exp(-LEAD) else LEAD
    return Trust(
        acoustic=evidence.acoustic / max(1.0, evidence.pieces),
        closed=max(-8.0, evidence.closed),
        unknown=evidence.unknown,
        distance=evidence.distance / max(1, best.phones, around.phones),
        in_grammar=evidence.in_grammar,
        agreed=evidence.agreed,
        clear=evidence.clear,
        lead=max(-LEAD, lead),
        length=math.log(max(1, best.phones)),
        nothing=around.nothing,
    )


def confidence(reasons: Trust, around: UtteranceFacts) -> float:
    """Return the confidence (0..1) that a sentence was said to MuseAroo; 0 if nobody spoke."""
    if not around.rises:
        return 0.0
    total = BIAS + sum(weight * value for weight, value in zip(TRUST, reasons, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def count_edits(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the edit distance of two sequences (Levenshtein, 1966).

    >>> count_edits(("B", "EY", "S"), ("B", "AO", "S", "AH"))
    2
    """
    row = list(range(len(second) + 1))
    for number, one in enumerate(first, 1):
        last, row[0] = row[0], number
        for place, other in enumerate(second, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (one != other))
    return row[-1]
