"""Tempo, key, meter and length in a prompt, and the text without them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.players.params import MAX_BARS
from musearoo.engines.prompts.cleaning import fold

_NUMBER: Final = r"(\d{1,4}(?:[.,]\d+)?)(?:\s*(?:-|to|~)\s*(\d{2,4}(?:[.,]\d+)?))?"
_BEFORE: Final = r"(?:\b(?:at|in|with|around|about|of|a|an|the|tempo)\s+)*"
_BPM: Final = re.compile(
    rf"{_BEFORE}\b{_NUMBER}\s*-?\s*(?:bpm|b\.p\.m\.?|beats (?:per|a) minute)\b(?:\s+tempo\b)?", re.I
)
_TEMPO: Final = re.compile(
    rf"{_BEFORE}\b(?:bpm|tempo)\b\s*(?:[:=]|of|at|is)?\s*{_NUMBER}(?!\s*-?\s*bars?\b)(?![\d/])", re.I
)

_SCALES: Final = "|".join(re.escape(name) for name in sorted(SCALES, key=len, reverse=True))
_ACCIDENTAL: Final = r"(?:\s?[#b]\b|[#b]|[\s-]?(?:sharp|flat)\b)?"
_NAMED_KEY: Final = re.compile(
    rf"(?P<before>\b(?:in\s+)?(?:the\s+)?(?:key\s+of|key\s*[:=]|in)\s+)?"
    rf"(?P<tonic>\b[A-Ga-g]{_ACCIDENTAL})\s*-?\s*(?P<mode>{_SCALES}|maj|min)\b(?P<after>\s+(?:key|scale|tonality))?",
    re.I,
)
_CHORD_KEY: Final = re.compile(r"(?P<before>\bin\s+)?(?P<tonic>\b[A-G][#b]?)(?P<mode>m|min|maj)\b(?!\s+I\b)(?!\d)")
_TONIC_ALONE: Final = re.compile(
    rf"\bin\s+(?:the\s+key\s+of\s+)?(?P<tonic>[A-G]{_ACCIDENTAL})(?=\s*(?:$|[,.;:!?]|\s(?:with|at|and|for)\b))"
)
_KEY_OF: Final = re.compile(rf"\b(?:in\s+)?(?:the\s+)?key\s*(?:of|:|=)\s*(?P<tonic>[A-G]{_ACCIDENTAL})(?!\w)", re.I)
_METER: Final = re.compile(rf"{_BEFORE}\b(\d{{1,2}}/(?:1|2|4|8|16))\b(?:\s+(?:time|meter|metre|signature)\b)?", re.I)
_WALTZ: Final = re.compile(r"\bwaltz(?:es)?\b", re.I)
WALTZ: Final = Meter(3, 4)


class Figures(NamedTuple):
    """The figures of a text (None where absent), and the text without tempo, key and length.

    The meter stays in the text, as models have no other input for it.
    """

    bpm: float | None
    key: Key | None
    meter: Meter | None
    bars: int | None
    rest: str


def read_figures(text: str, numbers: Mapping[str, int]) -> Figures:
    """Read the figures of a text; `numbers` are number words allowed before "bars".

    Impossible values, such as 4000 bpm, count as words.

    >>> read_figures("4 bars of techno at 132 bpm in F# minor", {})
    Figures(bpm=132.0, key=Key(tonic=6, scale='Minor'), meter=None, bars=4, rest='techno')
    """
    rest, bpm = _take_tempo(text)
    rest, bars = _take_bars(rest, numbers)
    rest, key = _take_key(rest)
    return Figures(bpm, key, find_meter(rest), bars, tidy(rest))


def find_meter(text: str) -> Meter | None:
    """Return the meter a text names; a waltz is in three.

    >>> print(find_meter("slow waltz"), find_meter("in 6/8"), find_meter("funk"))
    3/4 6/8 None
    """
    for match in _METER.finditer(text):
        try:
            return Meter.parse(match[1])
        except ParamError:
            continue
    return WALTZ if _WALTZ.search(text) else None


def take_meter(text: str) -> str:
    """Return the text without its time signature."""
    return tidy(_METER.sub(" ", text))


def tidy(text: str) -> str:
    """Tidy up gaps and punctuation where something was removed from a text.

    >>> tidy("funk , , with bass .")
    'funk, with bass'
    """
    filled = re.sub(r"\(\s*\)", " ", text)
    spaced = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(filled.split()))
    return re.sub(r"([,.;:])(?:\s*[,.;:])+", r"\1", spaced).strip(" ,.;:-")


def _take_tempo(text: str) -> tuple[str, float | None]:
    for pattern in (_BPM, _TEMPO):
        for match in pattern.finditer(text):
            low = float(match[1].replace(",", "."))
            high = float(match[2].replace(",", ".")) if match[2] else low
            bpm = (low + high) / 2.0
            if MIN_BPM <= bpm <= MAX_BPM and low <= high:
                return f"{text[: match.start()]} {text[match.end() :]}", bpm
    return text, None


def _take_bars(text: str, numbers: Mapping[str, int]) -> tuple[str, int | None]:
    words = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in sorted(numbers, key=len, reverse=True))
    pattern = rf"\b(?:an?\s+)?(\d{{1,2}}{'|' if words else ''}{words})[\s-]*(?:bars?|measures?)\b(?:\s+of\b)?"
    match = re.search(pattern, text, re.I)
    if match is None:
        return text, None
    given = " ".join(re.split(r"[\s-]+", fold(match[1])))
    bars = numbers[given] if given in numbers else int(given)
    if not 1 <= bars <= MAX_BARS:
        return text, None
    return f"{text[: match.start()]} {text[match.end() :]}", bars


def _take_key(text: str) -> tuple[str, Key | None]:
    for pattern in (_NAMED_KEY, _CHORD_KEY, _KEY_OF, _TONIC_ALONE):
        for match in pattern.finditer(text):
            found = match.groupdict()
            if pattern is _NAMED_KEY and not _is_key(text, match):
                continue
            tonic = re.sub(r"[\s-]", "", found["tonic"].lower().replace("sharp", "#").replace("flat", "b"))
            try:
                key = Key.parse(f"{tonic[0].upper()}{tonic[1:]} {found.get('mode') or 'major'}")
            except ParamError:
                continue
            return f"{text[: match.start()]} {text[match.end() :]}", key
    return text, None


def _is_key(text: str, match: re.Match[str]) -> bool:
    """Return whether a letter and a scale's name are a key: not in "a minor change" or "a major hit"."""
    if match["tonic"] != "a":
        return True
    return bool(match["before"] or match["after"] or not re.match(r"\s+\w", text[match.end() :]))
