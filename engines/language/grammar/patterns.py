"""Parse word patterns of the table and the grammar: "(turn | bring) <target> up [please]".

A word matches itself, `(a | b)` one of several, `[a]` optionally, `<name>` a phrase of that name, `<slot:name>` a
phrase whose value goes into that slot; a star after any of them means any number of times, and `...` matches anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias, TypeVar

from musearoo.engines.errors import ParamError


@dataclass(frozen=True, slots=True)
class Word:
    """A literal word, in lower case."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a phrase; its value goes into `slot`, or for "" into the phrase's own slot."""

    name: str
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence of patterns; an empty one matches nothing."""

    items: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several patterns."""

    options: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """An optional pattern."""

    item: Pattern


@dataclass(frozen=True, slots=True)
class Several:
    """A pattern any number of times, including none."""

    item: Pattern


GAP: Final = Word("...")
"""Matches anything."""

Pattern: TypeAlias = Word | Reference | Sequence | Choice | Maybe | Several
Node = TypeVar("Node")

_TOKEN: Final = re.compile(r"\s*(<[^<>]*>|[()\[\]|*]|[^\s()\[\]|*<>]+)")
_REFERENCE: Final = re.compile(r"<(?:([a-z_]+):)?([a-z_]+)>")


@lru_cache(maxsize=4096)
def parse_pattern(text: str) -> Pattern:
    """Parse a pattern; raises ParamError with what was expected.

    >>> parse_pattern("turn <target> (up | down)").items[1]
    Reference(name='target', slot='')
    """
    tokens: list[str] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None:
            raise ParamError("pattern", "words, (a | b), [a], <name> and *", text)
        tokens.append(found[1])
        at = found.end()
    pattern, rest = _read_choice(tokens, 0, text)
    if rest < len(tokens):
        raise ParamError("pattern", f"without the {tokens[rest]!r} that nothing opened", text)
    return pattern


def grow(nodes: Many[Node], pattern: Pattern, step: Callable[[Node, Word | Reference], Node]) -> list[Node]:
    """Return the nodes of a tree that a pattern leads to; `step` follows one word or reference from a node.

    A repeated pattern is expanded to none and one.

    >>> grow([""], parse_pattern("go [on] (up | down)"), lambda said, word: f"{said} {word.text}".strip())
    ['go up', 'go on up', 'go down', 'go on down']
    """
    match pattern:
        case Word() | Reference():
            return [step(node, pattern) for node in nodes]
        case Choice(options):
            return _once(node for option in options for node in grow(nodes, option, step))
        case Maybe(item) | Several(item):
            return _once((*nodes, *grow(nodes, item, step)))
        case Sequence(items):
            grown = list(nodes)
            for item in items:
                grown = grow(grown, item, step)
            return grown


def _once(nodes: Iterable[Node]) -> list[Node]:
    return list(dict.fromkeys(nodes))


def references_of(pattern: Pattern) -> tuple[Reference, ...]:
    """Return all references in a pattern, in order.

    >>> [reference.name for reference in references_of(parse_pattern("<a> [<b>] (c | <d>)"))]
    ['a', 'b', 'd']
    """
    match pattern:
        case Reference():
            return (pattern,)
        case Sequence(items):
            return tuple(reference for item in items for reference in references_of(item))
        case Choice(options):
            return tuple(reference for option in options for reference in references_of(option))
        case Maybe(item) | Several(item):
            return references_of(item)
        case Word():
            return ()


def words_in(pattern: Pattern) -> tuple[str, ...]:
    """Return all literal words in a pattern, in order."""
    match pattern:
        case Word(text):
            return (text,)
        case Sequence(items):
            return tuple(word for item in items for word in words_in(item))
        case Choice(options):
            return tuple(word for option in options for word in words_in(option))
        case Maybe(item) | Several(item):
            return words_in(item)
        case Reference():
            return ()


def _read_choice(tokens: list[str], at: int, text: str) -> tuple[Pattern, int]:
    options = []
    while True:
        option, at = _read_sequence(tokens, at, text)
        options.append(option)
        if at >= len(tokens) or tokens[at] != "|":
            break
        at += 1
    if len(options) > 1 and any(option == Sequence(()) for option in options):
        raise ParamError("pattern", "without an empty alternative: what may be left out stands in [ ]", text)
    return (options[0] if len(options) == 1 else Choice(tuple(options))), at


def _read_sequence(tokens: list[str], at: int, text: str) -> tuple[Pattern, int]:
    items: list[Pattern] = []
    while at < len(tokens) and tokens[at] not in ")]|":
        item: Pattern
        token = tokens[at]
        if token in "([":
            item, at = _read_choice(tokens, at + 1, text)
            closing = ")" if token == "(" else "]"
            if at >= len(tokens) or tokens[at] != closing:
                raise ParamError("pattern", f"with a {closing} for each {token}", text)
            item = Maybe(item) if token == "[" else item
        elif token == "*":
            raise ParamError("pattern", "with something before each *", text)
        elif token.startswith("<"):
            found = _REFERENCE.fullmatch(token)
            if found is None:
                raise ParamError("pattern", "with <name> or <slot:name>, in small letters", text)
            item = Reference(found[2], found[1] or "")
        else:
            item = Word(token.lower())
        at += 1
        if at < len(tokens) and tokens[at] == "*":
            item, at = Several(item), at + 1
        items.append(item)
    return (items[0] if len(items) == 1 else Sequence(tuple(items))), at
