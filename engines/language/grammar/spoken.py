"""The spoken part of the table: its `say` patterns with everything they refer to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from musearoo.engines.language.grammar.harmony_words import SPOKEN_QUALITIES, SPOKEN_TONICS, spoken_tonic, written_tonic
from musearoo.engines.language.grammar.kinds import KINDS, spoken_forms
from musearoo.engines.language.grammar.patterns import (
    Choice,
    Maybe,
    Pattern,
    Reference,
    Sequence,
    Several,
    Word,
    parse_pattern,
    words_in,
)
from musearoo.engines.language.grammar.sentence import cut
from musearoo.engines.language.grammar.spotting import Bindings
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.styles.schema import Style

MOST_TAILS: Final = 3
"""Bound of phrases after a request: without it a recogniser follows endless chains of short ones."""


class SpokenPattern(NamedTuple):
    """A spoken pattern, and the slots it sets itself."""

    pattern: Pattern
    sets: Bindings


class SpokenIntent(NamedTuple):
    """Spoken forms of an intent: one of the alternatives, then any of the tails."""

    alternatives: tuple[SpokenPattern, ...]
    tails: tuple[str, ...]
    weight: float


class Spoken(NamedTuple):
    """All spoken patterns: intents, and the phrases they refer to. Phrases without alternatives are left out."""

    intents: Mapping[Intent, SpokenIntent]
    phrases: Mapping[str, tuple[SpokenPattern, ...]]
    before: tuple[str, ...]
    after: tuple[str, ...]


def spoken_of(
    table: VoiceTable,
    styles: Mapping[str, Style],
    names: Collection[str] = (),
    knows: Callable[[str], bool] | None = None,
) -> Spoken:
    """Return the spoken patterns of a table, with the names of styles and tracks whose words are all known.

    `knows` tests whether a recogniser's dictionary has a word; None accepts all.
    """
    phrases: dict[str, tuple[SpokenPattern, ...]] = {}
    for name, phrase in table.phrases.items():
        phrases[name] = tuple(
            SpokenPattern(parse_pattern(pattern), sets) for pattern, sets in phrase.alternatives(spoken=True)
        )
    for kind in KINDS:
        forms = spoken_forms(kind, table.numbers)
        phrases[kind] = tuple(_literal(words, value) for words, value in forms)
    known = knows or _accept_all
    phrases["style_name"] = tuple(_style_ways(table, styles, known))
    phrases["name"] = tuple(
        _literal(" ".join(words), " ".join(words))
        for words in (cut(name).words for name in names)
        if words and all(map(known, words))
    )
    phrases["chord"] = tuple(
        _literal(f"{spoken_tonic(tonic)} {quality}", f"{written_tonic(tonic)}{symbol}")
        for tonic in SPOKEN_TONICS
        for symbol, quality in SPOKEN_QUALITIES
    )
    chord = Reference("chord")
    phrases["progression"] = (SpokenPattern(Sequence((chord, chord, Maybe(chord), Maybe(chord))), ()),)
    word = Choice(tuple(Word(word) for word in table.prompt_words))
    phrases["prompt"] = (
        (SpokenPattern(Sequence((word, Maybe(word), Maybe(word), Maybe(word))), ()),) if table.prompt_words else ()
    )
    intents = {
        intent: SpokenIntent(
            tuple(SpokenPattern(parse_pattern(pattern), sets) for pattern, sets, _ in words.alternatives(spoken=True)),
            words.tails,
            words.weight,
        )
        for intent, words in table.intents.items()
    }
    return _without_the_absent(Spoken(intents, phrases, table.before, table.after))


def all_words(spoken: Spoken) -> frozenset[str]:
    """Return every spoken word."""
    alternatives = [alternative for alternatives in spoken.phrases.values() for alternative in alternatives]
    alternatives += [alternative for intent in spoken.intents.values() for alternative in intent.alternatives]
    edges = [word for pattern in (*spoken.before, *spoken.after) for word in words_in(parse_pattern(pattern))]
    return frozenset(edges).union(*(words_in(alternative.pattern) for alternative in alternatives))


def _style_ways(table: VoiceTable, styles: Mapping[str, Style], knows: Callable[[str], bool]) -> list[SpokenPattern]:
    unspoken = {cut(name).words for name in table.unspoken}
    found: dict[tuple[str, ...], str] = {}
    for style in styles.values():
        for form in (style.name, *style.aliases, *table.styles.get(style.name, ())):
            words = cut(form).words
            if words and words not in unspoken and all(map(knows, words)):
                found.setdefault(words, style.name)
    return [_literal(" ".join(words), name) for words, name in found.items()]


def _literal(words: str, value: Any) -> SpokenPattern:
    tokens = tuple(Word(word) for word in words.split())
    return SpokenPattern(tokens[0] if len(tokens) == 1 else Sequence(tokens), (("", value),))


def _accept_all(_: str) -> bool:
    return True


def _without_the_absent(spoken: Spoken) -> Spoken:
    """Remove references to phrases without alternatives, such as track names if there are none."""
    phrases = dict(spoken.phrases)
    while True:
        absent = {name for name, alternatives in phrases.items() if not alternatives}
        kept = {name: _kept(alternatives, absent) for name, alternatives in phrases.items()}
        if kept == phrases:
            break
        phrases = kept
    intents = {
        intent: SpokenIntent(
            _kept(words.alternatives, absent), tuple(tail for tail in words.tails if tail not in absent), words.weight
        )
        for intent, words in spoken.intents.items()
    }
    return spoken._replace(phrases=phrases, intents=intents)


def _kept(alternatives: tuple[SpokenPattern, ...], absent: Collection[str]) -> tuple[SpokenPattern, ...]:
    kept = ((_present(alternative.pattern, absent), alternative.sets) for alternative in alternatives)
    return tuple(SpokenPattern(pattern, sets) for pattern, sets in kept if pattern is not None)


def _present(pattern: Pattern, absent: Collection[str]) -> Pattern | None:
    """Return a pattern without references to absent phrases; None if it cannot be spoken without them."""
    match pattern:
        case Word():
            return pattern
        case Reference(name):
            return None if name in absent else pattern
        case Choice(options):
            present = tuple(option for option in (_present(option, absent) for option in options) if option is not None)
            return None if not present else present[0] if len(present) == 1 else Choice(present)
        case Maybe(item):
            inner = _present(item, absent)
            return Sequence(()) if inner is None else Maybe(inner)
        case Several(item):
            inner = _present(item, absent)
            return Sequence(()) if inner is None else Several(inner)
        case Sequence(items):
            whole = [_present(item, absent) for item in items]
            return None if None in whole else Sequence(tuple(item for item in whole if item is not None))
