"""The playing tempo relative to the set's: equal, half or double, so that whole bars still fit."""

from __future__ import annotations

from typing import Final, NamedTuple

from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.players.params import MAX_BARS
from musearoo.engines.prompts.reading import PromptReading
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.styles.schema import Style, TempoRange

SAME_WITHIN: Final = 0.02
"""Tempos closer than this fraction count as equal: 2 % is inaudible, and the loop is stretched."""
STYLE_GIVES: Final = 0.05
"""Fraction by which a style may be played outside its usual tempo range."""
PACE_REACH: Final = 0.8
"""How far a slow or fast prompt moves towards a style's slowest or fastest tempo, as a fraction."""
ANY_TEMPO: Final = TempoRange(low=70.0, usual=120.0, high=170.0)
"""Slow, usual and fast tempo for music of no particular style."""
_FACTORS: Final = ((1.0, ""), (0.5, "half"), (2.0, "twice"))


class Tempo(NamedTuple):
    """The playing tempo (bpm), its ratio to the set's (0.5, 1 or 2), and messages for the user."""

    bpm: float
    factor: float = 1.0
    messages: tuple[str, ...] = ()


def choose_tempo(reading: PromptReading, facts: SetFacts, style: Style | None) -> Tempo | None:
    """Choose the tempo to play: the set's, halved or doubled where the prompt or its style needs it.

    `style` is None if it asks for none. Returns None if neither set nor prompt has a tempo.
    """
    grid, wanted = facts.bpm, reading.bpm
    if grid is None:
        return None if wanted is None else Tempo(wanted)
    factors = [(factor, word) for factor, word in _FACTORS if _fits(grid, factor, facts.bars)]
    if wanted is not None:
        for factor, word in factors:
            if abs(wanted - factor * grid) <= SAME_WITHIN * wanted:
                sentence = f"The prompt's {_show(wanted)} bpm are {word} {_show(grid)} bpm: every bar fits."
                return Tempo(factor * grid, factor, (sentence,) if word else ())
        sentence = f"It is made at {_show(grid)} bpm, to fit, and not at the prompt's {_show(wanted)} bpm."
        return Tempo(grid, 1.0, (sentence,))
    if style is not None:
        low, high = style.tempo.low * (1.0 - STYLE_GIVES), style.tempo.high * (1.0 + STYLE_GIVES)
        for factor, word in factors:
            if low <= factor * grid <= high:
                sentence = f"As {style.name} it is made at {_show(factor * grid)} bpm, {word} {_show(grid)} bpm."
                return Tempo(factor * grid, factor, (sentence,) if word else ())
    return Tempo(grid)


def usual_tempo(reading: PromptReading, style: Style | None) -> float:
    """Return the tempo (whole bpm) if neither set nor prompt has one: the style's, adjusted to the prompt's pace."""
    tempo = style.tempo if style else ANY_TEMPO
    end = tempo.low if reading.pace < 0.0 else tempo.high
    return float(round(tempo.usual + PACE_REACH * abs(reading.pace) * (end - tempo.usual)))


def _fits(grid: float, factor: float, bars: int | None) -> bool:
    """Return whether a loop fits a multiple of the grid's tempo in whole bars, and not too many."""
    played = (bars or 2) * factor
    return MIN_BPM <= factor * grid <= MAX_BPM and played.is_integer() and played <= MAX_BARS


def _show(bpm: float) -> str:
    return f"{round(bpm, 2):g}"
