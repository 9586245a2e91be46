"""Swing and microtiming of performances that were made with a known swing and a known looseness."""

from random import Random

import pytest

from musearoo.tools.bench.corpora.feel import beat_places, microtiming_rms, onsets_of, swing_ratio
from tests.each_case import each_case

BEATS = [0.5 * number for number in range(33)]


def swung(ratio: float) -> list[float]:
    half = ratio / (1.0 + ratio)
    return [time for beat in BEATS[:-1] for time in (beat, beat + half * 0.5)]


@each_case("ratio", [1.0, 1.2, 1.5, 2.0, 2.4])
def test_swing_is_found_as_it_was_played(ratio: float) -> None:
    assert swing_ratio(swung(ratio), BEATS) == pytest.approx(ratio, abs=1e-6)


def test_a_drummer_behind_the_beat_swings_no_more() -> None:
    late = [time + 0.02 for time in swung(1.5)]
    assert swing_ratio(late, BEATS) == pytest.approx(1.5, abs=1e-6)


def test_sixteenths_are_no_swing() -> None:
    sixteenths = [beat + quarter * 0.125 for beat in BEATS[:-1] for quarter in range(4)]
    assert swing_ratio(sixteenths, BEATS) is None


def test_too_few_off_beats_say_nothing() -> None:
    assert swing_ratio([*BEATS, 0.25, 0.75, 1.25], BEATS) is None
    assert swing_ratio([0.0, 0.25], BEATS[:1]) is None


def test_microtiming_is_the_looseness_that_was_put_in() -> None:
    chance = Random(3)
    loose = [time + chance.gauss(0.0, 0.008) for time in swung(1.6)]
    found = microtiming_rms(loose, BEATS, 1.6)
    assert found is not None
    assert found[0] == pytest.approx(8.0, abs=1.5)


def test_a_constant_delay_counts_as_microtiming_but_not_when_centred() -> None:
    found = microtiming_rms([time + 0.01 for time in swung(1.0)], BEATS, 1.0)
    assert found == pytest.approx((10.0, 0.0), abs=1e-6)


def test_microtiming_is_against_the_grid_that_swings() -> None:
    exact = microtiming_rms(swung(2.0), BEATS, 2.0)
    straight = microtiming_rms(swung(1.3), BEATS, 1.0)
    assert exact is not None
    assert straight is not None
    assert exact[0] == pytest.approx(0.0, abs=1e-6)
    assert straight[0] > 10.0


def test_strokes_together_are_one_onset() -> None:
    assert onsets_of([1.0, 0.99, 1.005, 2.0]) == pytest.approx([0.998333, 2.0], abs=1e-5)


def test_places_go_on_beyond_the_first_and_last_beat() -> None:
    assert beat_places([-0.25, 0.25, 1.5], [0.0, 0.5, 1.0]).tolist() == [-0.5, 0.5, 3.0]
    with pytest.raises(ValueError, match="two beats or more"):
        beat_places([0.0], [0.0])
