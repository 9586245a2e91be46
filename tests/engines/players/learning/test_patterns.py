"""Patterns: similar bars are grouped, and written with their likelihoods."""

import pytest

from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.patterns import Unit, group_units, rates_of, row_of, unit_bars, write_row
from musearoo.engines.styles.rows import OnsetRow


def unit(*steps: int) -> Unit:
    return frozenset(("kick", step) for step in steps)


def test_two_patterns_are_separated_and_the_commoner_one_comes_first() -> None:
    fours = [unit(0, 4, 8, 12), unit(0, 4, 8, 12, 15), unit(0, 4, 8, 12)] * 4
    breaks = [unit(0, 6, 10), unit(0, 6, 10, 13)] * 2
    groups = group_units([*fours, *breaks, unit()], 4)
    assert groups == [tuple(range(12)), tuple(range(12, 16))]
    assert row_of(rates_of(fours, tuple(range(12))), "kick")[15] == pytest.approx(1 / 3)


def test_a_bar_like_no_other_makes_no_pattern_of_its_own() -> None:
    assert len(group_units([*[unit(0, 8)] * 20, unit(3, 7, 11)], 4)) == 1


def test_without_bars_there_is_no_pattern() -> None:
    assert group_units([unit(), unit()], 4) == []


def test_two_bars_make_a_unit_where_they_differ_in_turn() -> None:
    one, other = unit(0, 6), unit(4, 12)
    assert unit_bars([one, other] * 4) == 2
    assert unit_bars([one, one, one, other] * 3) == 1


def test_rows_have_likelihoods_and_every_row_can_be_read() -> None:
    row = write_row({0: 1.0, 3: 0.5, 8: 0.9, 12: 0.05}, 1, Meter(), {0: "X"})
    assert row == "X..5 .... x... ...."
    assert OnsetRow(row).text == row


def test_bars_that_are_alike_are_written_once() -> None:
    assert write_row({0: 1.0, 16: 1.0}, 2, Meter()) == "x... .... .... ...."
    assert write_row({0: 1.0, 20: 1.0}, 2, Meter()) == "x... .... .... .... | .... x... .... ...."


def test_the_beat_that_three_four_never_plays_is_filled_for_other_meters() -> None:
    assert write_row({0: 1.0, 6: 1.0}, 1, Meter(3, 4)) == "x... ..x. x... ...."
