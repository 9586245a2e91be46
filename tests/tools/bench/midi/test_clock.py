"""The bench of the beat clock: its simulated senders do what they say, and its rows judge the right ticks."""

import pytest

from musearoo.tools.bench.midi import clock
from musearoo.tools.bench.midi.clock import Sender, follow


def test_a_clock_without_jitter_is_followed_exactly() -> None:
    errors = follow(Sender(lambda _: 93.0, 12.0, lambda _: 0.0), 1)
    assert len(errors) == 12 * 24
    assert max(abs(error.ms) for error in errors[24:]) < 0.01


def test_an_error_of_the_sender_is_an_error_of_the_clock() -> None:
    errors = follow(Sender(lambda _: 93.0, 12.0, lambda _: 0.004), 1)
    assert errors[-1].ms == pytest.approx(-4.0, abs=0.01)


def test_lost_ticks_never_arrive_and_held_ones_come_late() -> None:
    lost = follow(Sender(lambda _: 120.0, 32.0, lambda _: 0.0, lost=0.1), 1)
    assert 0.85 * 32 * 24 < len(lost) < 0.97 * 32 * 24
    held = follow(Sender(lambda _: 120.0, 32.0, lambda _: 0.0, held=0.02), 1)
    assert max(abs(error.ms) for error in held[24:]) < 2.0


def test_the_rows_of_the_start_hold_the_target() -> None:
    rows = list(clock._judge_start("within ±3 ms", clock.NOISES["within ±3 ms"], 1))
    assert [row.met for row in rows] == [None, None, None, None, None, True]
    assert rows[-1].ours == pytest.approx(0.6, abs=0.3)
