"""Live's transport as a clock: noise in what is read of it, tempo, loop and jumps."""

import math
from random import Random

import pytest

from musearoo.bridge.midi.clock.live import GONE_AFTER, LiveClock
from musearoo.bridge.protocol.midi_process import Transport
from tests.each_case import each_case

BEAT = 0.5
"""Seconds, at 120 BPM."""


def _told(time: float, beat: float, bpm: float = 120.0, loop: tuple[float, float] | None = None) -> Transport:
    return Transport(time, True, beat, bpm, loop)


def _playing(loop: tuple[float, float] | None = None, seconds: float = 1.0) -> LiveClock:
    """A clock that follows a song which began at 100 s, at beat 0."""
    clock = LiveClock()
    for number in range(round(seconds * 20)):
        clock.receive(_told(100.0 + 0.05 * number, 0.1 * number, loop=loop))
    return clock


def test_a_position_read_up_to_ten_milliseconds_old_wanders_less_than_two() -> None:
    chance = Random(5)
    clock = LiveClock()
    late = []
    for number in range(800):
        now = 100.0 + 0.05 * number
        clock.receive(_told(now, (now - 100.0 - chance.uniform(0.0, 0.010)) / BEAT))
        if number >= 80:
            late.append((now - 100.0) - clock.line(now).beat_at(now) * BEAT)
    assert max(late) - min(late) < 0.004
    assert sum(late) / len(late) == pytest.approx(0.005, abs=0.001)


def test_an_interface_that_runs_a_little_fast_is_followed() -> None:
    clock = LiveClock()
    for number in range(1200):
        clock.receive(_told(100.0 + 0.05 * number, 0.1 * number * 1.0001))
    assert clock.line(160.0).beat_at(160.0) == pytest.approx(60.0 / BEAT * 1.0001, abs=0.001)


def test_a_jump_is_one_epoch_and_a_correction_none() -> None:
    clock = _playing()
    before = clock.line(101.0).epoch
    clock.receive(_told(101.0, 2.003))
    assert clock.line(101.0).epoch == before
    clock.receive(_told(101.05, 40.0))
    line = clock.line(101.05)
    assert line.epoch > before
    assert line.beat_at(101.05) == pytest.approx(40.0)


def test_the_line_after_the_loops_end_is_known_before_it_comes() -> None:
    clock = _playing(loop=(0.0, 2.4))
    line = clock.line(101.0)
    turn = clock.after(line)
    assert turn is not None
    wrap, later = turn
    assert wrap == pytest.approx(101.2, abs=1e-3)
    assert later.beat_at(wrap) == pytest.approx(0.0, abs=1e-6)
    assert later.epoch == line.epoch + 1
    assert clock.line(101.25) == later
    again = clock.after(later)
    assert again is not None
    assert again[0] == pytest.approx(102.4, abs=1e-3)


@each_case("told_late", [2.39, 0.01])
def test_a_word_from_the_loops_edge_is_no_jump(told_late: float) -> None:
    clock = _playing(loop=(0.0, 2.4))
    clock.line(101.2)
    before = clock.line(101.201)
    clock.receive(_told(101.201, told_late, loop=(0.0, 2.4)))
    assert clock.line(101.201).epoch == before.epoch
    assert clock.line(101.201).beat_at(101.201) == pytest.approx(0.002, abs=0.01)


@each_case("now, told, beat", [(101.2001, 10.399, 8.0), (101.198, 8.001, 10.396)])
def test_a_loop_in_the_middle_of_a_song_is_gone_round_without_a_jump(now: float, told: float, beat: float) -> None:
    """What was read just before the turn may come after it, and the other way round."""
    clock = LiveClock()
    for number in range(20):
        clock.receive(_told(100.0 + 0.05 * number, 8.0 + 0.1 * number, loop=(8.0, 10.4)))
    before = clock.line(now)
    clock.receive(_told(now, told, loop=(8.0, 10.4)))
    assert clock.line(now).epoch == before.epoch
    assert clock.line(now).beat_at(now) == pytest.approx(beat, abs=0.01)


def test_a_loop_that_was_switched_off_in_time_does_not_go_round() -> None:
    clock = _playing(loop=(0.0, 2.4))
    clock.receive(_told(101.0, 2.0))
    assert clock.line(101.3).beat_at(101.3) == pytest.approx(2.6, abs=1e-3)


def test_a_loop_before_the_song_position_is_ignored() -> None:
    clock = _playing(loop=(0.0, 1.0))
    clock.receive(_told(101.0, 8.0, loop=(0.0, 1.0)))
    assert clock.after(clock.line(101.0)) is None


def test_a_stop_and_a_start_are_at_lives_position() -> None:
    clock = _playing()
    clock.receive(Transport(101.0, False, 2.0, 120.0))
    line = clock.line(105.0)
    assert (line.is_running, line.beat_at(105.0)) == (False, 2.0)
    clock.receive(Transport(103.0, False, 2.0, 120.0))
    assert clock.line(105.0) is line
    clock.receive(_told(106.0, 2.0, 90.0))
    assert clock.line(107.0).beat_at(107.0) == pytest.approx(3.5)


def test_live_is_gone_when_it_says_nothing_any_more() -> None:
    clock = _playing()
    assert clock.is_there(101.0 + GONE_AFTER - 0.1)
    assert not clock.is_there(101.0 + GONE_AFTER)


def test_no_report_breaks_it() -> None:
    chance = Random(7)
    for _ in range(40):
        clock, now = LiveClock(), 100.0
        for _ in range(150):
            now += chance.choice((0.0, 0.05, 0.05, 0.05, 4.0))
            loop = chance.choice((None, None, (0.0, 2.0), (3.0, 3.0), (5.0, 5.25)))
            beat = chance.choice((2.0 * (now - 100.0), 2.0 * (now - 100.0), -1.0, 1.0, 1e6))
            bpm = chance.choice((120.0, 120.0, 120.0, 20.0, 999.0))
            clock.receive(Transport(now - chance.choice((0.0, 0.03)), chance.random() < 0.9, beat, bpm, loop))
            line = clock.line(now)
            assert 10.0 <= line.bpm <= 1200.0
            assert math.isfinite(line.beat_at(now))
