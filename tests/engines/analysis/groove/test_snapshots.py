"""Grooves, swings, grids and polyrhythms of many made strokes, as they were kept.

Chance gives the strokes, so that no two of them lie on a border at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sin
from pathlib import Path
from random import Random

from musearoo.engines.analysis.groove import GrooveOnset, find_polyrhythms, measure_groove
from musearoo.engines.analysis.groove.beat_grid import fit_grid
from musearoo.engines.analysis.groove.swing import find_swing, middle
from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import Swing
from tests.snapshots import Outcome, check_snapshots

METERS = ("4/4", "4/4", "4/4", "3/4", "6/8", "12/8", "7/8", "5/4", "2/2", "5/16")
PLACES = ((0.0, 0.5), (0.0, 0.25, 0.5, 0.75), (0.0, 1 / 3, 2 / 3), (0.0, 0.5, 0.75), (0.5,), (0.0,))


def outcomes() -> Iterator[Outcome]:
    for case, count, times in CASES:
        for number in range(count):
            chance = stream(number, "kept", case.__name__)
            yield f"{case.__name__[1:]} {number}", [case(chance) for _ in range(times)]


def _any(chance: Random, *choices: float) -> float:
    return choices[int(chance.random() * len(choices))]


def _swing(chance: Random) -> object:
    return find_swing(_places(chance))


def _middle(chance: Random) -> object:
    return [middle([chance.random() for _ in range(count)]) for count in range(1, 9)]


def _grid(chance: Random) -> object:
    grid = fit_grid(_beats(chance), chance.random() < 0.15)
    return grid and (grid, grid.beat_seconds, [grid.position(20.0 * chance.random() - 2.0) for _ in range(4)])


def _places(chance: Random) -> list[float]:
    """Onsets of some beats, swung, late and scattered; some of them stray."""
    parts = PLACES[int(chance.random() * len(PLACES))]
    swing = Swing(1.0 + _any(chance, 0.0, 0.3, 0.5, 1.0, 1.0, 1.3, 2.0) * _any(chance, 1.0, chance.random()))
    late, spread, stretch = 0.1 * chance.random() - 0.05, 0.06 * chance.random(), _any(chance, 1.0, 1.0, 2.0)
    more = _any(chance, 0.0, 0.0, 0.03, 0.05)
    found = [
        stretch
        * (swing.warp(beat + part) + (more if part in (0.25, 0.75) else 0.0) + late + spread * bell(chance) / 2.0)
        for beat in range(int(1 + 30 * chance.random()))
        for part in parts
        if chance.random() < 0.9
    ]
    return found + [30.0 * chance.random() for _ in range(int(6 * chance.random()))]


def _beats(chance: Random) -> list[float]:
    """Beats as found in audio: to a click, wandering, with a jump, some wrong; a few stand twice."""
    count = int(_any(chance, 0, 1, 2, 3, 4, 5, 7, 12, 24, 48, 48, 64))
    step, first = 0.3 + 0.5 * chance.random(), 3.0 * chance.random()
    wander, period = _any(chance, 0.0, 0.0, 0.02, 0.08, 0.3), 3.0 + 25.0 * chance.random()
    scatter, jump = _any(chance, 0.0, 0.004, 0.012, 0.03), _any(chance, 1.0, 1.0, 0.8)
    times, at = [], first
    for beat in range(count):
        times.append(
            at + wander * sin(beat / period) + scatter * bell(chance) + (0.2 if chance.random() < 0.02 else 0.0)
        )
        at += step * (jump if beat > count // 2 else 1.0)
        if chance.random() < 0.02:
            times.append(times[-1])
    return times


def _groove(chance: Random) -> object:
    """The groove of a drummer, each drum with its own lag, held against beats that may be exact."""
    meter = Meter.parse(METERS[int(chance.random() * len(METERS))])
    bpm, swing = 60.0 + 100.0 * chance.random(), Swing(1.0 + _any(chance, 0.0, 0.2, 0.7, 1.0, 1.4))
    beats_of_bar, bars, first = max(1, round(meter.bar_beats)), int(1 + 8 * chance.random()), chance.random()
    beats = [first + beat * 60.0 / bpm for beat in range(beats_of_bar * bars)]
    jitter, lag = _any(chance, 0.0, 0.004, 0.012), 0.03 * chance.random()
    strokes = []
    for kind in (*DRUM_KINDS, None):
        parts, often = PLACES[int(chance.random() * len(PLACES))], chance.random()
        late = _any(chance, 0.0, 0.015, -0.01) + lag
        for beat in range(beats_of_bar * bars):
            for part in parts:
                if chance.random() < often:
                    at = first + swing.warp(beat + part) * 60.0 / bpm + late + jitter * bell(chance)
                    strokes.append(GrooveOnset(at, kind, 20.0 + 100.0 * chance.random()))
    strokes = strokes[: int(_any(chance, 0, 3, 5, 400, 400, 400, 400))]
    upbeat = int(_any(chance, 0, 0, 1))
    downbeats = [] if chance.random() < 0.2 else beats[upbeat::beats_of_bar][: int(_any(chance, 1, 99, 99))]
    return measure_groove(
        strokes,
        [beat + _any(chance, 0.0, 0.005) * bell(chance) for beat in beats],
        downbeats,
        None if chance.random() < 0.1 else meter,
        chance.random() < 0.4,
    )


def _polyrhythm(chance: Random) -> object:
    """Streams that step by a period of their own, or by accents, beside one on the beat."""
    meter = Meter.parse(METERS[int(chance.random() * len(METERS))])
    beats = [beat * 0.5 for beat in range(int(_any(chance, 0, 1, 8, 20, 32)))]
    strokes: list[tuple[float, int, float]] = []
    for line in range(3):
        period = _any(chance, 2 / 3, 3 / 4, 4 / 3, 3 / 2, 4 / 5, 3 / 5, 0.5, 1.0, 0.7, 1.6) * 0.5
        at, spread = 8.0 * chance.random(), _any(chance, 0.0, 0.01, 0.04)
        accents = int(_any(chance, 1, 1, 3, 4))
        for step in range(int(24 * accents * chance.random())):
            loud = 90.0 + (_any(chance, 25.0, 25.0, 13.0) if accents > 1 and step % accents == 0 else 0.0)
            strokes.append((at, line, loud))
            at += (period / accents if accents > 1 else period) + spread * bell(chance)
    return find_polyrhythms(strokes, beats, None if chance.random() < 0.1 else meter, chance.random() < 0.5)


CASES = ((_swing, 40, 5), (_middle, 1, 1), (_grid, 25, 4), (_groove, 60, 2), (_polyrhythm, 40, 4))
"""What makes a case, how many lines of it there are, and how many cases stand in a line."""


def test_grooves_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
