"""The right hand and the left foot, on hand-made takes."""

from __future__ import annotations

from musearoo.engines.players.drums.skeleton import lay_skeleton
from musearoo.engines.players.drums.timekeeping import (
    close_hats,
    cross_the_beat,
    keep_time,
    make_linear,
    open_hats,
    turn_in_cycles,
)
from musearoo.engines.styles.drums import CrossRhythm, Groove, Timekeeper
from musearoo.engines.styles.rows import OnsetRow
from tests.engines.players.drums.hits import PLAIN, places, strokes, take

GROOVE = PLAIN.grooves[0]


def test_time_is_steady_and_the_left_foot_keeps_it_too() -> None:
    ride = Timekeeper(name="ride", voice="ride", hits=OnsetRow("x x x x"), pedal=OnsetRow(". x . x"))
    hits = keep_time([], take(bars=1, timekeepers=(ride,)))
    assert places(hits, "ride") == [0.0, 1.0, 2.0, 3.0]
    assert places(hits, "pedal_hat") == [1.0, 3.0]


def test_in_six_eight_no_third_of_a_pulse_is_left_out() -> None:
    assert places(keep_time([], take(bars=1, meter="6/8")), "closed_hat") == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]


def test_a_cycle_of_three_beats_moves_against_the_bar_and_restarts_with_a_section() -> None:
    waltz = Timekeeper(name="waltz", hits=OnsetRow("X... x... x... ...."), cycle=3.0)
    there = take(bars=9, timekeepers=(waltz,))
    assert keep_time([], there) == []
    hits = turn_in_cycles([], there)
    accents = sorted(hit.at for hit in hits if hit.strength == 3)
    assert accents == [3.0 * n for n in range(11)] + [32.0, 35.0]
    assert len(hits) == 36


def test_a_figure_of_dotted_eighths_crosses_two_bars_and_lands_with_the_phrase() -> None:
    crossed = take(bars=4, complexity=1.0, crossing=1.0, cross_rhythms=(CrossRhythm(every=0.75, voice="ride_bell"),))
    hits = cross_the_beat(keep_time([], crossed), crossed)
    assert places(hits, "closed_hat") == [0.5 * n for n in range(16)]
    assert places(hits, "ride_bell") == [8.0 + 0.75 * n for n in range(11)]
    plain = take(bars=4, complexity=0.5, crossing=1.0)
    assert cross_the_beat(keep_time([], plain), plain) == keep_time([], plain)


def test_in_a_linear_groove_no_two_limbs_strike_together() -> None:
    linear = Groove(name="linear", linear=True, kick=GROOVE.kick, snare=GROOVE.snare)
    there = take(bars=1, grooves=(linear,))
    hits = make_linear(keep_time(lay_skeleton([], there), there), there)
    assert places(hits, "closed_hat") == [0.5, 1.5, 2.5, 3.5]
    assert len({hit.at for hit in hits}) == len(hits)


def test_the_hat_opens_where_the_style_breathes() -> None:
    hat = Timekeeper(name="hat", hits=OnsetRow("x.x. x.x. x.x. x.x."), opens=OnsetRow(".... .... .... ..x."))
    there = take(bars=1, timekeepers=(hat,))
    assert places(open_hats(keep_time([], there), there), "open_hat") == [3.5]


def test_an_open_hat_that_nothing_ends_is_choked_by_the_foot() -> None:
    there = take(bars=1)
    assert places(close_hats(strokes("open_hat", 0.5), there), "pedal_hat") == [1.0]
    closed = strokes("open_hat", 0.5) + strokes("closed_hat", 1.0)
    assert close_hats(closed, there) == closed
    assert places(close_hats(strokes("open_hat", 3.5), there), "pedal_hat") == []  # the next clip closes it
    assert places(close_hats(strokes("open_hat", 0.5), take(bars=1, meter="6/8")), "pedal_hat") == [1.5]
