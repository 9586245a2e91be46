"""Draw random sentences from the recogniser's grammar, each with its command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Any, Final

from musearoo.engines.language.grammar.assembling import assemble
from musearoo.engines.language.grammar.harmony_words import DICTIONARY_A
from musearoo.engines.language.grammar.patterns import (
    Choice,
    Maybe,
    Pattern,
    Reference,
    Sequence,
    Several,
    Word,
    parse_pattern,
)
from musearoo.engines.language.grammar.spoken import MOST_TAILS, Spoken, spoken_of
from musearoo.engines.language.grammar.spotting import Bindings
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.styles.schema import Style

_LETTERS: Final = {DICTIONARY_A: "A"}
"""Written form of words that the dictionary spells differently."""


class _Draw:
    """Draws one sentence: its words, and its bindings."""

    def __init__(self, spoken: Spoken, chance: Random) -> None:
        self.spoken, self.chance = spoken, chance

    def draw(self, pattern: Pattern) -> tuple[list[str], Bindings]:
        """Draw words that match a pattern, with their bindings."""
        match pattern:
            case Word(text):
                return [_LETTERS.get(text, text)], ()
            case Reference(name, slot):
                words, bindings = self.phrase(name)
                return words, tuple((slot if slot and not inside else inside, value) for inside, value in bindings)
            case Choice(options):
                return self.draw(self.chance.choice(options))
            case Maybe(item):
                return self.draw(item) if self.chance.random() < 0.4 else ([], ())
            case Several(item):
                count = self.chance.choice((0, 1, 1, 1, 2))
                return self.draw(Sequence((item,) * count))
            case Sequence(items):
                words, bindings = [], ()
                for item in items:
                    more, bound = self.draw(item)
                    words, bindings = words + more, bindings + bound
                return words, bindings

    def phrase(self, name: str) -> tuple[list[str], Bindings]:
        """Draw one alternative of a phrase, with its bindings."""
        alternative = self.chance.choice(self.spoken.phrases[name])
        words, bindings = self.draw(alternative.pattern)
        if name == "progression":
            return words, (("", " ".join(value for _, value in bindings)),)
        if name == "prompt":
            return words, (("prompt", " ".join(words)),)
        return words, bindings + alternative.sets


def speakable(table: VoiceTable, styles: Mapping[str, Style], seed: int) -> tuple[str, Command]:
    """Draw a sentence of the recogniser's grammar with its command; deterministic for a seed.

    All intents are equally likely, whatever their weights.
    """
    spoken = _spoken(_Same(table), _Same(styles))
    chance = Random(seed)
    intent = chance.choice(tuple(spoken.intents))
    while True:
        found = _try(spoken, intent, chance)
        if found is not None:
            words, bindings = found
            text = " ".join(words)
            return text, Command(text=text, intent=intent, slots=assemble(intent, bindings))


def _try(spoken: Spoken, intent: Intent, chance: Random) -> tuple[list[str], Bindings] | None:
    """Draw a sentence of an intent; None if it contradicts or repeats itself, which a grammar cannot exclude."""
    drawing = _Draw(spoken, chance)
    words_of_intent = spoken.intents[intent]
    alternative = chance.choice(words_of_intent.alternatives)
    words, bindings = drawing.draw(alternative.pattern)
    bindings += alternative.sets
    count = min(len(words_of_intent.tails), chance.choice((0, 0, 1, 1, 2, MOST_TAILS)))
    for tail in chance.sample(words_of_intent.tails, count):
        more, bound = drawing.phrase(tail)
        words, bindings = words + more, bindings + bound
    for edge, at_end in ((spoken.before, False), (spoken.after, True)):
        if edge and chance.random() < 0.15:
            edge_words, _ = drawing.draw(parse_pattern(chance.choice(edge)))
            words = words + edge_words if at_end else edge_words + words
    return None if _contradicts_itself(bindings) or _repeats_slot(bindings) else (words, bindings)


def _contradicts_itself(bindings: Bindings) -> bool:
    """Return whether a sentence names several targets and also a single one, or a track."""
    slots = {slot for slot, _ in bindings}
    return "targets" in slots and not slots.isdisjoint(("target", "track"))


def _repeats_slot(bindings: Bindings) -> bool:
    filled: set[Any] = set()
    for slot, value in bindings:
        mark = (slot, value) if slot in ("parts", "targets", "changes") else slot
        if slot and slot != "degree" and mark in filled:
            return True
        filled.add(mark)
    return False


class _Same:
    """Hashable wrapper by identity, for caching by an unhashable object."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


@lru_cache(maxsize=4)
def _spoken(table: _Same, styles: _Same) -> Spoken:
    return spoken_of(table.it, styles.it)
