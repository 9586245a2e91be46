"""Drum patterns for a rhythm section, one bar each, in a drummer's notation."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from musearoo.tools.bench.corpora.piece import Stroke
from musearoo.tools.workshop.corpora.band.time_map import TimeMap

_DRUMS: Final = {
    "kick": 36,
    "snare": 38,
    "rim": 37,
    "hat": 42,
    "open": 46,
    "pedal": 44,
    "ride": 51,
    "crash": 49,
    "clap": 39,
    "low tom": 43,
    "mid tom": 47,
    "high tom": 50,
    "cowbell": 56,
    "claves": 75,
    "brush": 38,
}


class Line(NamedTuple):
    """One drum's bar: a digit per step, 0 to 9 for loudness, a dot for none."""

    drum: str
    steps: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A bar of a meter, in steps of `step` quarter notes."""

    name: str
    meter: str
    step: float
    lines: tuple[Line, ...]


def _pattern(name: str, meter: str, step: float, **lines: str) -> Pattern:
    return Pattern(name, meter, step, tuple(Line(drum.replace("_", " "), steps) for drum, steps in lines.items()))


# fmt: off
JAZZ: Final = (
    _pattern("swing", "4/4", 0.5, ride="7.857.85", pedal="..7...7.", kick="3.3.3.3."),
    _pattern("swing", "4/4", 0.5, ride="7.857.85", pedal="..7...7.", kick="2.2.2.2.", snare="...2...3"),
    _pattern("swing", "4/4", 0.5, ride="7.857.85", pedal="..7...7.", snare=".....4.."),
    _pattern("brushes", "4/4", 0.5, brush="4.645.64", pedal="..6...6.", kick="3...3..."),
    _pattern("two", "4/4", 0.5, ride="7.857.85", pedal="..7...7.", kick="7...6..."),
    _pattern("waltz", "3/4", 0.5, ride="7.856.", pedal="..6.6.", kick="6....."),
    _pattern("waltz", "3/4", 0.5, ride="7.8567", pedal="..6...", kick="5...3.", snare=".....3"),
)
BOSSA: Final = (
    _pattern("bossa", "4/4", 0.5, hat="64646464", kick="7..57..5", rim="7..7..7.", pedal="..4...4."),
    _pattern("bossa", "4/4", 0.5, ride="64546454", kick="7..57..5", rim="..7..7..", pedal="..4...4."),
)
FOLK: Final = (
    _pattern("waltz", "3/4", 0.5, kick="8.....", hat="5.6.6.", snare="..5.5."),
    _pattern("waltz", "3/4", 0.5, kick="8.....", snare="..4.6.", ride="6.6.6."),
    _pattern("three", "3/4", 0.5, kick="8..6..", snare="....8.", hat="757575"),
    _pattern("jig", "6/8", 0.5, kick="8.....", snare="...8..", hat="646646"),
    _pattern("jig", "6/8", 0.5, kick="8..6..", snare="..45.5", hat="7.57.5"),
    _pattern("ballad", "6/8", 0.5, kick="8....6", snare="...8..", ride="755755"),
    _pattern("slip jig", "9/8", 0.5, kick="8.....6..", snare="...6..7..", hat="646646646"),
    _pattern("slip jig", "9/8", 0.5, kick="8..6.....", snare="......8..", hat="7.57.57.5"),
    _pattern("shuffle", "12/8", 0.5, kick="8....67.....", snare="...8.....8..", hat="7.57.57.57.5"),
    _pattern("ballad", "12/8", 0.5, kick="8.....8.....", snare="...8.....8..", hat="645645645645"),
    _pattern("straight", "4/4", 0.5, kick="8...7.5.", snare="..8...8.", hat="75757575"),
    _pattern("reel", "4/4", 0.5, kick="8...8...", snare="..7...7.", hat="64646464"),
)
# fmt: on


def play(pattern: Pattern, bars: int, at: TimeMap, chance: Random, looseness: float) -> list[Stroke]:
    """Return `bars` bars of the pattern at the times of `at`, with random timing of `looseness` seconds and occasional
    crashes.
    """
    numerator, denominator = (int(part) for part in pattern.meter.split("/"))
    bar_quarters = numerator * 4.0 / denominator
    late = {line.drum: chance.gauss(0.0, looseness) for line in pattern.lines}
    strokes: list[Stroke] = []
    for bar in range(bars):
        start = bar * bar_quarters
        if bar % 8 == 0 and chance.random() < 0.4:
            strokes.append(Stroke(at.seconds(start) + chance.gauss(0.0, looseness), _DRUMS["crash"], 96))
        for line in pattern.lines:
            for step, loud in enumerate(line.steps):
                if loud == "." or chance.random() < 0.03:
                    continue
                velocity = max(1, min(127, int(loud) * 12 + 12 + chance.randrange(-9, 10)))
                time = at.seconds(start + step * pattern.step) + late[line.drum] + chance.gauss(0.0, looseness)
                strokes.append(Stroke(time, _DRUMS[line.drum], velocity))
    return strokes
