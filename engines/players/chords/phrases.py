"""A phrase grammar of tonic, predominant and dominant regions.

After Martin Rohrmeier, "Towards a generative syntax of tonal harmony" (2011): a phrase is a tonic region; a region is
split in two, prolonged by itself or prepared by the function that leads to it, until every region is one chord.
"""

from __future__ import annotations

from random import Random
from typing import Final

from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.numeral import Numeral, parse_numeral
from musearoo.engines.styles.harmony import Mode

_RULES: Final[dict[str, tuple[tuple[float, tuple[str, str]], ...]]] = {
    # A phrase opens with the tonic and closes through the dominant; an open one ends on the dominant.
    "phrase": ((1.0, ("T", "close")),),
    "open": ((1.0, ("T", "half")),),
    "close": ((3.0, ("D", "t")), (2.0, ("S", "dominant close")), (1.0, ("S", "t"))),
    "dominant close": ((1.0, ("D", "t")),),
    "half": ((2.0, ("S", "D")), (1.0, ("T", "D"))),
    "T": ((3.0, ("T", "T")), (2.0, ("t", "Tp")), (2.0, ("t", "S")), (1.0, ("D", "t"))),
    "Tp": ((2.0, ("Tp", "S")), (1.0, ("t", "Tp"))),
    "S": ((2.0, ("s", "Sp")), (1.0, ("S", "S")), (1.0, ("Tp", "S"))),
    "Sp": ((1.0, ("s", "Sp")),),
    "D": ((3.0, ("S", "D")), (2.0, ("d", "d")), (1.0, ("D", "D"))),
}
_CHORDS: Final[dict[str, dict[str, tuple[tuple[float, str], ...]]]] = {
    "major": {
        "t": ((1.0, "I"),),
        "Tp": ((3.0, "vi"), (1.0, "iii")),
        "s": ((1.0, "IV"),),
        "S": ((3.0, "IV"), (2.0, "ii")),
        "Sp": ((1.0, "ii"),),
        "D": ((1.0, "V"),),
    },
    "minor": {
        "t": ((1.0, "i"),),
        "Tp": ((2.0, "bVI"), (2.0, "bIII")),
        "s": ((1.0, "iv"),),
        "S": ((3.0, "iv"), (1.0, "bVI"), (1.0, "iio")),
        "Sp": ((2.0, "bVI"), (1.0, "iio")),
        "D": ((2.0, "V"), (1.0, "bVII")),
    },
}
_SAME: Final = {"T": "t", "d": "D", "phrase": "t", "close": "t", "dominant close": "t", "open": "D", "half": "D"}
"""The function of a region of one chord."""
DECEIVES: Final = 0.12
"""The probability of a deceptive cadence in the middle of a phrase, to the tonic's parallel."""


def write_phrase(count: int, mode: Mode, closes: bool, chance: Random) -> list[Numeral]:
    """Return `count` chords of a phrase that closes on the tonic, or stays open on the dominant.

    From eight chords on it is a period of two halves, the first of which stays open.
    """
    if count >= 8:
        half = count // 2
        first = _grow("open" if chance.random() >= DECEIVES else "phrase", half, chance)
        if first[-1] == "t":
            first[-1] = "Tp"
        functions = first + _grow("phrase" if closes else "open", count - half, chance)
    else:
        functions = _grow("phrase" if closes else "open", count, chance)
    chords = _CHORDS[mode]
    return [
        parse_numeral(pick(chance, [text for _, text in choices], [weight for weight, _ in choices]))
        for choices in (chords[function] for function in functions)
    ]


def _grow(region: str, count: int, chance: Random) -> list[str]:
    """Return the functions of a region of `count` chords, split recursively near the middle."""
    if count == 1 or region not in _RULES:
        return [_SAME.get(region, region)] * count
    rules = _RULES[region]
    left, right = pick(chance, [parts for _, parts in rules], [weight for weight, _ in rules])
    middle = count // 2 if region != "dominant close" else count - 1
    return _grow(left, middle, chance) + _grow(right, count - middle, chance)
