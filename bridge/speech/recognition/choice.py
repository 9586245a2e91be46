"""Choose among candidate sentences, and rate the confidence that the choice was spoken to MuseAroo.

Each candidate is scored by its acoustic likelihood, its distance to a second recogniser's transcript, and its meaning:
a log-linear model over all candidates (Ostendorf et al., "Integration of diverse recognition methodologies through
reevaluation of n-best sentence hypotheses", 1991). Its weights, and those of the confidence, come from
`python -m musearoo.tools.workshop.training.voice.choice`, which synthesises its own sentences.
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
    """The evidence for a candidate. Probabilities are logarithms, truth values 0 or 1."""

    acoustic: float
    """Acoustic log-probability of its tokens."""
    closed: float
    """Acoustic log-probability that it ends where it does."""
    pieces: float
    """The number of its tokens."""
    unknown: float
    """Words that the word model does not know."""
    more: float
    """Further tokens of those words."""
    distance: float
    """Edit distance in phones to the second recogniser's transcript."""
    understood: float
    """Whether it has a meaning."""
    in_grammar: float
    """Whether the grammar accepts it as a whole."""
    agreed: float
    """Whether the second recogniser's transcript has the same meaning."""
    clear: float
    """The confidence of its interpretation, 0..1."""
    modes: float
    """Recognition modes that found it."""


class Trust(NamedTuple):
    """The evidence for the chosen candidate, in addition to its evidence against others."""

    acoustic: float
    """Mean acoustic log-probability per token."""
    closed: float
    unknown: float
    distance: float
    """Edit distance in phones to the second recogniser's transcript, per phone of the longer one."""
    in_grammar: float
    agreed: float
    clear: float
    lead: float
    """ln of the likelihood ratio of its meaning to all other meanings, at most LEAD."""
    length: float
    """ln of the number of its phones."""
    nothing: float
    """Acoustic log-probability that the utterance has no text."""


class UtteranceFacts(NamedTuple):
    """Facts about an utterance besides its candidates."""

    phones: int
    """The number of phones in the second recogniser's transcript."""
    nothing: float
    """See Trust."""
    rises: bool = True
    """Whether a voice rises above the background: see `bridge.speech.sound.voice_activity`."""


CHOICE: Final = Evidence(0.1826, 0.5587, 0.1081, -0.4794, -1.493, -0.3166, 0.5765, 2.944, 0.958, 2.688, 1.041)
TRUST: Final = Trust(0.6163, 0.4938, -0.5528, -2.659, 1.245, 0.7511, 2.393, 0.1293, 0.177, -0.04143)
BIAS: Final = -0.8948
"""Fitted by `python -m musearoo.tools.workshop.training.voice.choice --sentences 12` on 732 utterances (120 commands,
each clean and over music 20 and 10 dB below; 180 other sentences; music alone 192 times), so that two in a hundred of
the others reach 0.5."""

LEAD: Final = 8.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with its meaning and its evidence."""

    candidate: Candidate
    command: Command
    phones: int
    evidence: Evidence

    @property
    def score(self) -> float:
        """Return the candidate's log-likelihood, up to a constant."""
        return sum(weight * value for weight, value in zip(CHOICE, self.evidence, strict=True))

    def means_like(self, other: Choice) -> bool:
        """Whether both have the same meaning."""
        mine, theirs = self.command, other.command
        return (mine.intent, mine.slots) == (theirs.intent, theirs.slots)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Score candidates, given functions for their phones, their meaning, and whether the grammar accepts them."""

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
    """Return recognised words as a sentence; "a." is the letter A, not the article.

    >>> written(("in", "a.", "minor"))
    'in A minor'
    """
    return " ".join("A" if word == "a." else word for word in words)


def choose(choices: Sequence[Choice]) -> Choice:
    """Return the likeliest of one or more choices."""
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
    """Return the confidence (0..1) that a sentence was spoken to MuseAroo; 0 if nobody spoke."""
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
        for column, other in enumerate(second, 1):
            last, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, last + (one != other))
    return row[-1]
