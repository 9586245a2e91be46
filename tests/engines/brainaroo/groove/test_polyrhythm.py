"""Pulses against the beat: found where two bars hold them, and nowhere else."""

from __future__ import annotations

from random import Random

import pytest

from engines.brainaroo.groove import find_polyrhythms
from engines.brainaroo.groove.polyrhythm import RATIOS
from engines.music.meter import Meter
from tests.engines.brainaroo.groove.drumming import EIGHTHS, SIXTEENTHS, beats_of, play

BEATS = [beat * 0.5 for beat in range(32)]


def pulse(against: int, over: int, beats: float, jitter: float = 0.0) -> list[tuple[float, str, float]]:
    chance, period = Random(1), over / against
    return [
        (0.5 * (number * period + chance.gauss(0.0, jitter)), "snare", 90.0) for number in range(int(beats / period))
    ]


@pytest.mark.parametrize(("against", "over"), RATIOS)
@pytest.mark.parametrize("jitter", [0.0, 0.02])
def test_each_ratio_is_found_and_no_other_one_surer(against: int, over: int, jitter: float) -> None:
    strokes = pulse(against, over, 20.0, jitter) + [(beat, "hat", 80.0) for beat in BEATS]
    found = find_polyrhythms(strokes, BEATS, Meter(), exact=True)
    assert (found[0].against, found[0].beats) == (against, over)
    assert found[0].confidence > 0.3


@pytest.mark.parametrize("pattern", [EIGHTHS, SIXTEENTHS])
@pytest.mark.parametrize("swing", [1.0, 2.0])
def test_plain_drumming_has_none(pattern: dict[str, tuple[float, ...]], swing: float) -> None:
    strokes = play(pattern, swing=swing, jitter_ms=8.0)  # type: ignore[arg-type]
    assert find_polyrhythms(strokes, beats_of(), Meter()) == ()


def test_a_bar_of_it_is_a_fill() -> None:
    assert find_polyrhythms(pulse(3, 2, 4.0), BEATS, Meter(), exact=True) == ()


def test_accents_carry_it_too() -> None:
    strokes = [(0.125 * step, "hat", 110.0 if step % 3 == 0 else 60.0) for step in range(48)]
    found = find_polyrhythms(strokes, BEATS, Meter(), exact=True)
    assert (found[0].against, found[0].beats) == (4, 3)


def test_without_beats_there_is_none() -> None:
    assert find_polyrhythms(pulse(3, 2, 16.0), [], None) == ()
