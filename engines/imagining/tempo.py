"""The tempo that is played, beside the set's grid: the same, half of it or double, so that every bar still fits."""

from __future__ import annotations

from typing import Final, NamedTuple

from engines.imagining.facts import SetFacts
from engines.imagining.reading import PromptReading
from engines.styles.style import Style

SAME_WITHIN: Final = 0.02
"""Tempos nearer to each other than this share are the same: nobody hears two per cent, and the loop is stretched."""
STYLE_GIVES: Final = 0.05
"""The share by which a style bears to be slower or faster than its players usually are."""
_FACTORS: Final = ((1.0, ""), (0.5, "half"), (2.0, "double"))


class Tempo(NamedTuple):
    """The tempo that is played (bpm), how it relates to the set's (0.5, 1 or 2), and sentences for the user."""

    bpm: float
    factor: float = 1.0
    told: tuple[str, ...] = ()


def choose_tempo(reading: PromptReading, facts: SetFacts, style: Style | None) -> Tempo | None:
    """The tempo to play: the set's, halved or doubled where the prompt or the style it names asks for that.

    None where neither set nor prompt has one.
    """
    grid, wanted = facts.bpm, reading.bpm
    if grid is None:
        return None if wanted is None else Tempo(wanted)
    if wanted is not None:
        for factor, word in _FACTORS:
            if abs(wanted - factor * grid) <= SAME_WITHIN * wanted:
                sentence = f"{_show(wanted)} bpm is {word} the set's {_show(grid)}: every bar fits." if word else ""
                return Tempo(factor * grid, factor, (sentence,) if sentence else ())
        sentence = f"The set is at {_show(grid)} bpm, which counts for more than the prompt's {_show(wanted)} bpm."
        return Tempo(grid, 1.0, (sentence,))
    if style is not None and not reading.near and reading.style == style.name:
        low, high = style.tempo.low * (1.0 - STYLE_GIVES), style.tempo.high * (1.0 + STYLE_GIVES)
        for factor, word in _FACTORS:
            if low <= factor * grid <= high:
                sentence = (
                    f"{style.name} at {_show(factor * grid)} bpm, {word} the set's {_show(grid)}: every bar fits."
                )
                return Tempo(factor * grid, factor, (sentence[:1].upper() + sentence[1:],) if word else ())
    return Tempo(grid)


def _show(bpm: float) -> str:
    return f"{round(bpm, 2):g}"
