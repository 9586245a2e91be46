"""Convert numbers to and from words: "a hundred and twenty", "one twenty", "third", "one and a half minutes"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

UNITS: Final = (
    *(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    ),
    *(["sixteen", "seventeen", "eighteen", "nineteen"]),
)
TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS: Final = (
    *(
        [
            "zeroth",
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
        ]
    ),
    *(["fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"]),
)
_SMALL: Final = {word: number for number, word in enumerate(UNITS)} | {"oh": 0, "o": 0}
_TENS: Final = {word: 10 * number for number, word in enumerate(TENS) if word}
_ORDINAL: Final = {word: number for number, word in enumerate(ORDINALS)}
_SOME: Final = {("a", "couple"): 2, ("couple",): 2, ("a", "pair"): 2, ("half", "a", "dozen"): 6, ("a", "dozen"): 12}
_ORDINAL_DIGITS: Final = re.compile(r"([0-9]{1,6})(?:st|nd|rd|th)")
_DIGITS: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
"""At most six digits: no musical quantity has more."""

FIRST_WORDS: Final = frozenset((*UNITS, *TENS[2:], "a", "half", "couple", "hundred"))
"""Words that a number can begin with, besides digits."""


def read_number(words: Sequence[str], at: int) -> tuple[int, float] | None:
    """Return the end and the value of the number at a word, or None.

    >>> read_number("a hundred and twenty bpm".split(), 0), read_number("a couple of bars".split(), 0)
    ((4, 120), (3, 2))
    >>> read_number("ninety two point five".split(), 0), read_number("a bass".split(), 0)
    ((4, 92.5), None)
    """
    some = _read_some(words, at)
    if some is not None:
        return some
    if at < len(words) and _DIGITS.fullmatch(words[at]):
        return at + 1, _plain(float(words[at]))
    found = _read_hundreds(words, at)
    if found is None:
        return None
    end, number = found
    digits = ""
    if _words_at(words, end, "point"):
        while end + 1 + len(digits) < len(words) and _SMALL.get(words[end + 1 + len(digits)], 10) < 10:
            digits += str(_SMALL[words[end + 1 + len(digits)]])
    return (end + 1 + len(digits), _plain(float(f"{number}.{digits}"))) if digits else (end, number)


def read_tempo(words: Sequence[str], at: int) -> tuple[int, float] | None:
    """Like `read_number`, for tempos: "one twenty" is 120, "one oh five" 105, "one twenty eight" 128.

    >>> read_tempo("one twenty eight".split(), 0), read_tempo("one oh five please".split(), 0)
    ((3, 128), (3, 105))
    """
    if at + 1 < len(words) and words[at] in ("one", "two"):
        hundreds = 100 * _SMALL[words[at]]
        if words[at + 1] in ("oh", "o") and at + 2 < len(words) and 0 < _SMALL.get(words[at + 2], 0) < 10:
            return at + 3, hundreds + _SMALL[words[at + 2]]
        rest = _read_below_hundred(words, at + 1)
        if rest is not None and rest[1] >= 10:
            return rest[0], hundreds + rest[1]
    return read_number(words, at)


def read_ordinal(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Return the end and the value of the ordinal at a word: "third", "3rd", "twenty first".

    >>> read_ordinal(["third"], 0), read_ordinal(["3rd"], 0), read_ordinal("twenty first".split(), 0)
    ((1, 3), (1, 3), (2, 21))
    """
    if at >= len(words):
        return None
    if words[at] in _ORDINAL:
        return at + 1, _ORDINAL[words[at]]
    digits = _ORDINAL_DIGITS.fullmatch(words[at])
    if digits is not None:
        return at + 1, int(digits[1])
    if words[at] in _TENS and at + 1 < len(words) and 0 < _ORDINAL.get(words[at + 1], 0) < 10:
        return at + 2, _TENS[words[at]] + _ORDINAL[words[at + 1]]
    return None


def read_seconds(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Return the end of the duration at a word, and its whole seconds.

    >>> [read_seconds(text.split(), 0)[1] for text in ("two and a half minutes", "half a minute", "a minute and a half",
    ...     "90 seconds", "two minutes thirty", "a three minute", "2:30", "one minute twenty seconds")]
    [150, 30, 90, 90, 150, 180, 150, 80]
    """
    first = words[at] if at < len(words) else ""
    if ":" in first:
        minutes, _, seconds = first.partition(":")
        return at + 1, 60 * int(minutes) + int(seconds)
    if _words_at(words, at, "half", "a", "minute"):
        return at + 3, 30
    number = read_number(words, at)
    if number is None and first in ("a", "an"):
        number = read_number(words, at + 1) or (at + 1, 1)
    if number is None:
        return None
    end, amount = number
    half = _words_at(words, end, "and", "a", "half")
    end, amount = (end + 3, amount + 0.5) if half else (end, amount)
    if end >= len(words):
        return None
    if words[end] in ("second", "seconds", "sec", "secs"):
        return end + 1, round(amount)
    if words[end] not in ("minute", "minutes", "min", "mins"):
        return None
    end += 1
    if not half and _words_at(words, end, "and", "a", "half"):
        return end + 3, round(60 * (amount + 0.5))
    after = end + 1 if _words_at(words, end, "and") else end
    rest = read_number(words, after)
    if rest is not None and rest[1] < 60:
        with_unit = _words_at(words, rest[0], "seconds")
        if with_unit or (after == end and rest[1] >= 10 and not _words_at(words, rest[0], "bars")):
            return rest[0] + with_unit, round(60 * amount + rest[1])
    return end, round(60 * amount)


def speak_number(number: int) -> str:
    """Return an integer 0..999 in words.

    >>> speak_number(7), speak_number(64), speak_number(120), speak_number(100)
    ('seven', 'sixty four', 'one hundred and twenty', 'one hundred')
    """
    if number >= 100:
        rest = f" and {speak_number(number % 100)}" if number % 100 else ""
        return f"{UNITS[number // 100]} hundred{rest}"
    if number < 20:
        return UNITS[number]
    return f"{TENS[number // 10]} {UNITS[number % 10]}" if number % 10 else TENS[number // 10]


def speak_tempo(number: int) -> tuple[str, ...]:
    """Return the ways to say a tempo of 20..299 BPM, the shortest first.

    >>> speak_tempo(120), speak_tempo(105), speak_tempo(90), speak_tempo(100)
    (('one twenty', 'a hundred and twenty'), ('one oh five', 'a hundred and five'), ('ninety',), ('a hundred',))
    """
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return (speak_number(number),)
    lead = "a hundred" if hundreds == 1 else f"{UNITS[hundreds]} hundred"
    if not rest:
        return (lead,)
    short = f"{UNITS[hundreds]} {'oh ' if rest < 10 else ''}{speak_number(rest)}"
    return short, f"{lead} and {speak_number(rest)}"


def _words_at(words: Sequence[str], at: int, *wanted: str) -> bool:
    return tuple(words[at : at + len(wanted)]) == wanted


def _read_some(words: Sequence[str], at: int) -> tuple[int, int] | None:
    for some, number in _SOME.items():
        if _words_at(words, at, *some):
            end = at + len(some)
            return (end + 1 if end < len(words) and words[end] == "of" else end), number
    return None


def _read_hundreds(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Read a number in words up to 9,999: "two hundred and six", "a hundred", "forty"."""
    leading = words[at] in ("a", "hundred") if at < len(words) else False
    if leading:
        before = (at + 1 if words[at] == "a" else at), 1
        if before[0] >= len(words) or words[before[0]] != "hundred":
            return None
    else:
        small = _read_below_hundred(words, at)
        if small is None:
            return None
        before = small
        if before[0] >= len(words) or words[before[0]] != "hundred":
            return before
    end, hundreds = before[0] + 1, 100 * before[1]
    after = end + 1 if end < len(words) and words[end] == "and" else end
    rest = _read_below_hundred(words, after)
    return (rest[0], hundreds + rest[1]) if rest is not None else (end, hundreds)


def _read_below_hundred(words: Sequence[str], at: int) -> tuple[int, int] | None:
    if at >= len(words):
        return None
    word = words[at]
    if word in _TENS:
        unit = _SMALL.get(words[at + 1], 0) if at + 1 < len(words) and words[at + 1] not in ("oh", "o") else 0
        return (at + 2, _TENS[word] + unit) if 0 < unit < 10 else (at + 1, _TENS[word])
    if word in _SMALL and word not in ("oh", "o"):
        return at + 1, _SMALL[word]
    return None


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number
