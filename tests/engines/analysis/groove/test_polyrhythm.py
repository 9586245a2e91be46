"""Pulses against the beat: found where two bars hold them, and nowhere else."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.analysis.groove import find_polyrhythms
from musearoo.engines.analysis.groove.polyrhythm import RATIOS
from musearoo.engines.music.meter import Meter
from tests.each_case import each_case
from tests.engines.analysis.groove.drumming import EIGHTHS, SIXTEENTHS, beats_of, play

BEATS = [beat * 0.5 for beat in range(32)]


def pulse(against: int, over: int, beats: float, jitter: float = 0.0) -> list[tuple[float, str, float]]:
    chance, period = Random(1), over / against
    return [
        (0.5 * (number * period + chance.gauss(0.0, jitter)), "snare", 90.0) for number in range(int(beats / period))
    ]


@each_case("against, over", RATIOS)
@each_case("jitter", [0.0, 0.02])
def test_each_ratio_is_found_and_no_other_one_surer(against: int, over: int, jitter: float) -> None:
    strokes = pulse(against, over, 20.0, jitter) + [(beat, "hat", 80.0) for beat in BEATS]
    found = find_polyrhythms(strokes, BEATS, Meter(), exact=True)
    assert (found[0].against, found[0].beats) == (against, over)
    assert found[0].confidence > 0.3


@each_case("pattern", [EIGHTHS, SIXTEENTHS])
@each_case("swing", [1.0, 2.0])
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


def test_five_strokes_are_the_fewest_that_are_a_pulse() -> None:
    """Two bars of 4/4 less a quarter of a bar: five strokes of three beats in two, or six of four in three."""
    for against, over, least in ((2, 3, 5), (3, 4, 6)):
        for count in (least - 1, least):
            strokes = [(0.5 * over / against * number, "snare", 90.0) for number in range(count)]
            found = find_polyrhythms(strokes, BEATS, Meter(), exact=True)
            assert ((against, over) in {(each.against, each.beats) for each in found}) == (count == least), (
                over,
                count,
            )


def test_a_pulse_is_as_sure_as_it_is_long_and_even() -> None:
    """Five strokes are half of what makes one sure; one that is struck late takes from it."""
    even = [(0.5 * 1.5 * number, "snare", 90.0) for number in range(5)]
    late = [(time + (0.03 if number == 2 else 0.0), "snare", 90.0) for number, (time, _, _) in enumerate(even)]
    longer = [(0.5 * 1.5 * number, "snare", 90.0) for number in range(9)]
    found = [
        find_polyrhythms(strokes, BEATS, Meter(3, 4), exact=True)[0].confidence for strokes in (late, even, longer)
    ]
    assert found[0] < found[1] == pytest.approx(0.5)
    assert found[2] == pytest.approx(1.0)


def test_strokes_may_come_in_any_order_and_a_break_ends_a_pulse() -> None:
    strokes = pulse(3, 2, 16.0)
    assert find_polyrhythms(strokes[::-1], BEATS, Meter(), exact=True) == find_polyrhythms(
        strokes, BEATS, Meter(), exact=True
    )
    broken = [(time + (1.5 if number >= 6 else 0.0), *rest) for number, (time, *rest) in enumerate(strokes[:12])]
    assert find_polyrhythms(broken, BEATS, Meter(), exact=True) == ()  # type: ignore[arg-type]


def test_few_or_faint_or_most_strokes_are_no_accents() -> None:
    """Accents are louder by 14 steps than the middle stroke, five or more, and fewer than seven in ten."""

    def accented(loud: float, strokes: int = 48) -> bool:
        line = [(0.125 * step, "hat", 60.0 + (loud if step % 3 == 0 else 0.0)) for step in range(strokes)]
        return find_polyrhythms(line, BEATS, Meter(), exact=True) != ()

    assert [accented(loud) for loud in (13.0, 14.0)] == [False, True]
    assert not accented(30.0, 12)
