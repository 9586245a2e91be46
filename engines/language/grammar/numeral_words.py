"""Parse Roman numeral chords, written ("ii V I", "I-V-vi-IV") and spoken ("two five one")."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.language.grammar.numbers import UNITS
from musearoo.engines.language.grammar.sentence import Sentence
from musearoo.engines.music.numeral import parse_numeral

FEWEST_NUMERALS: Final = 2
FEWEST_STEPS: Final = 3
"""Two numbers in a row, or two that alternate, are ambiguous: "track one, four bars"."""

_STEPS: Final = {name: number for number, name in enumerate(UNITS[:8]) if number} | {str(n): n for n in range(1, 8)}
_NUMERAL: Final = re.compile(r"[#b]?[IViv]+[^\s,;:|.!?–—-]*")
_JOINTS: Final = frozenset(("and", "then"))
_NOT_AFTER: Final = frozenset(
    ("at", "bar", "bars", "measure", "measures", "number", "scene", "scenes", "take", "tempo", "to", "track", "tracks")
)
"""Words before a number that is no scale degree."""
_NOT_BEFORE: Final = frozenset(
    [
        *("bar", "bars", "beats", "bpm", "different", "measure", "measures", "minute", "minutes", "more", "of"),
        *("second", "seconds", "stems", "takes", "versions"),
    ]
)
"""Words after a number that counts something."""


def read_numerals(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the text of two or more Roman numerals; case matters.

    >>> from musearoo.engines.language.grammar.sentence import cut
    >>> read_numerals(cut("ii7 V7 Imaj7 please"), 0), read_numerals(cut("I-V-vi-IV"), 0), read_numerals(cut("I vi"), 1)
    ((6, 'ii7 V7 Imaj7'), (4, 'I V vi IV'), None)
    """
    found: list[str] = []
    end = at
    while end < len(sentence):
        start = end + 1 if found and sentence.words[end] in _JOINTS else end
        one = _read_numeral(sentence, start)
        if one is None:
            break
        end, text = one
        found.append(text)
    return (end, " ".join(found)) if len(found) >= FEWEST_NUMERALS else None


def read_steps(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the text of three or more scale degrees; counts and counted-up numbers are none.

    >>> from musearoo.engines.language.grammar.sentence import cut
    >>> read_steps(cut("one five six four, four bars"), 0), read_steps(cut("2-5-1 in F"), 0)
    ((4, '1 5 6 4'), (3, '2 5 1'))
    >>> read_steps(cut("track one four bars"), 1), read_steps(cut("at one two five"), 1)
    (None, None)
    """
    if at and (sentence.words[at - 1] in _NOT_AFTER or sentence.words[at - 1] in _STEPS):
        return None
    steps: list[int] = []
    ends: list[int] = []
    end = at
    while end < len(sentence):
        start = end + 1 if steps and sentence.words[end] in _JOINTS else end
        step = _STEPS.get(sentence.words[start]) if start < len(sentence) else None
        if step is None:
            break
        end = start + 1
        steps.append(step)
        ends.append(end)
    if end < len(sentence) and sentence.words[end] in _NOT_BEFORE:
        steps, ends = steps[:-1], ends[:-1]
    # "One, two, three, four", "three, two, one" and "one two, one two" are counting, not chords.
    alternatives = {after - step for step, after in pairwise(steps)}
    is_counted = alternatives in ({1}, {-1}) or len(set(steps)) < FEWEST_STEPS
    return None if is_counted else (ends[-1], " ".join(map(str, steps)))


def _read_numeral(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return the end and the text of one numeral, which may be several words ("ii7" is two)."""
    if at >= len(sentence) or sentence.words[at][0] not in "ivb":
        return None
    start = sentence.spans[at][0]
    start -= sentence.text[start - 1 : start] == "#"
    match = _NUMERAL.match(sentence.text, start)
    if match is None:
        return None
    text = match[0].replace("°", "o")
    try:
        parse_numeral(text)
    except ParamError:
        return None
    end = at
    while end < len(sentence) and sentence.spans[end][0] < match.end():
        end += 1
    return end, text
