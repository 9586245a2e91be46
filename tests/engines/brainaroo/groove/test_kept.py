"""Grooves as they were measured, of drummers whose swing and lateness are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.brainaroo.groove.feel import measure_groove
from engines.brainaroo.groove.grid import fit_grid
from engines.brainaroo.groove.polyrhythm import find_polyrhythms
from engines.brainaroo.groove.swing import find_swing
from engines.music.meter import Meter
from tests.engines.brainaroo.groove.drumming import EIGHTHS, SIXTEENTHS, play
from tests.kept import Outcome, check_kept


def outcomes() -> Iterator[Outcome]:
    for number in range(24):
        bpm, swing = (64.0, 97.0, 120.0, 171.0)[number % 4], (1.0, 1.3, 1.67, 2.0, 3.0)[number % 5]
        pattern = (EIGHTHS, SIXTEENTHS)[number % 2]
        strokes = play(
            pattern, 8, bpm, swing, number % 7, {"snare": 3.0 * (number % 4), "hat": -2.0 * (number % 3)}, number
        )
        beats = [beat * 60.0 / bpm for beat in range(33)]
        yield f"groove {number}", measure_groove(strokes, beats, beats[::4], Meter())
        yield f"waltz {number}", measure_groove(strokes, beats, beats[::3], Meter(3, 4))
        uneven = [beat + 0.01 * ((place * 7) % 5 - 2) * (number % 3) for place, beat in enumerate(beats)]
        yield f"grid {number}", fit_grid(uneven, number % 2 == 0)
        yield f"swing {number}", find_swing([stroke.time * bpm / 60.0 for stroke in strokes])
        crossing = [(0.75 * step * 60.0 / bpm, "hat" if step % 3 else "snare", 90.0 - step) for step in range(40)]
        crossing += [(beat, "kick", 100.0) for beat in beats]
        yield f"crossing {number}", find_polyrhythms(sorted(crossing[number:]), beats, Meter())


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
