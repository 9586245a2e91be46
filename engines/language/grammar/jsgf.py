"""Write the commands as a recogniser grammar in the JSpeech Grammar Format (W3C Note, June 2000)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from musearoo.engines.language.grammar.patterns import (
    Choice,
    Maybe,
    Pattern,
    Reference,
    Sequence,
    Several,
    Word,
    parse_pattern,
    references_of,
)
from musearoo.engines.language.grammar.spoken import MOST_TAILS, Spoken, SpokenPattern, spoken_of
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.styles.schema import Style

GRAMMAR: Final = "musearoo"
_NOT_WORDS: Final = re.compile(r"<[^>]*>|/[\d.]+/|[()\[\]|*;=]")


def write_jsgf(
    table: VoiceTable,
    styles: Mapping[str, Style],
    names: Collection[str] = (),
    knows: Callable[[str], bool] | None = None,
) -> str:
    """Return the grammar of a table, with these styles and track names; its public rule is <command>.

    Styles and names with words unknown to the recogniser are left out: one such word would invalidate the grammar.
    """
    spoken = spoken_of(table, styles, names, knows)
    lines = ["#JSGF V1.0 UTF-8 en;", f"grammar {GRAMMAR};", ""]
    weighed = " | ".join(f"/{words.weight:g}/ <{_rule(intent)}>" for intent, words in spoken.intents.items())
    edges = [" | ".join(map(_plain, given)) for given in (spoken.before, spoken.after)]
    before, after = (f"[ {edge} ] " if edge else "" for edge in edges)
    lines.append(f"public <command> = {before}( {weighed} ) {after};".replace("  ", " "))
    for intent, words in spoken.intents.items():
        alternatives = " | ".join(dict.fromkeys(_written(alternative.pattern) for alternative in words.alternatives))
        tails = f" [ <{_rule(intent)}_tail> ]" * min(len(words.tails), MOST_TAILS)
        lines.append(f"<{_rule(intent)}> = ( {alternatives} ){tails};")
        if words.tails:
            lines.append(f"<{_rule(intent)}_tail> = {' | '.join(f'<{tail}>' for tail in words.tails)};")
    for name in sorted(_reached(spoken)):
        lines.append(f"<{name}> = {_write_phrase(spoken.phrases[name])};")
    return "\n".join(lines) + "\n"


def words_of(jsgf: str) -> frozenset[str]:
    """Return all words of a grammar, which a recogniser's dictionary must contain.

    >>> sorted(words_of("#JSGF V1.0;\\ngrammar a;\\npublic <b> = /2/ turn [ it ] | <c>*;\\n<c> = up;"))
    ['it', 'turn', 'up']
    """
    rules = [line.partition("=")[2] for line in jsgf.splitlines() if line.startswith(("<", "public <"))]
    return frozenset(word for rule in rules for word in _NOT_WORDS.sub(" ", rule).split())


def _rule(intent: Intent) -> str:
    """Return the name of an intent's rule; no phrase has such a name."""
    return f"do_{intent.replace(' ', '_')}"


def _reached(spoken: Spoken) -> frozenset[str]:
    """Return the phrases that are reachable from an intent."""
    reached: set[str] = set()
    waiting = [
        reference.name
        for words in spoken.intents.values()
        for alternative in words.alternatives
        for reference in references_of(alternative.pattern)
    ]
    waiting += [tail for words in spoken.intents.values() for tail in words.tails]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [
                reference.name
                for alternative in spoken.phrases[name]
                for reference in references_of(alternative.pattern)
            ]
    return frozenset(reached)


def _write_phrase(alternatives: tuple[SpokenPattern, ...]) -> str:
    """Write a phrase's alternatives; if they are plain words, common prefixes are written once."""
    plain = [_words(alternative.pattern) for alternative in alternatives]
    if len(plain) > 3 and all(words is not None for words in plain):
        return _factored([words for words in plain if words is not None])
    return " | ".join(dict.fromkeys(_written(alternative.pattern) for alternative in alternatives))


def _words(pattern: Pattern) -> tuple[str, ...] | None:
    match pattern:
        case Word(text):
            return (text,)
        case Sequence(items) if all(isinstance(item, Word) for item in items):
            return tuple(item.text for item in items if isinstance(item, Word))
    return None


def _factored(sentences: list[tuple[str, ...]]) -> str:
    """Write plain sentences as a prefix tree: "a b", "a c" is "a (b | c)"."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for words in dict.fromkeys(sentences):
        by_first.setdefault(words[0], []).append(words[1:])
    options = []
    for first, rests in by_first.items():
        going_on = [rest for rest in rests if rest]
        inner = _factored(going_on) if going_on else ""
        ends = len(going_on) < len(rests)
        options.append(f"{first} [ {inner} ]" if inner and ends else f"{first} ( {inner} )" if inner else first)
    return " | ".join(options)


def _plain(pattern: str) -> str:
    return _written(parse_pattern(pattern))


def _written(pattern: Pattern) -> str:
    match pattern:
        case Word(text):
            return text
        case Reference(name):
            return f"<{name}>"
        case Choice(options):
            return f"( {' | '.join(map(_written, options))} )"
        case Maybe(item):
            return f"[ {_written(item)} ]"
        case Several(item):
            return f"{_written(item) if isinstance(item, Word | Reference | Choice) else f'( {_written(item)} )'}*"
        case Sequence(items):
            return " ".join(filter(None, map(_written, items)))
