"""Positions of played notes while the set loops, jumps, stops and starts."""

from __future__ import annotations

import pytest

from musearoo.engines.improvisation.listening.time_line import TimeLine
from musearoo.engines.music.meter import Meter


def follow(line: TimeLine, beat: float, seconds: float, length: float, bpm: float = 120.0) -> None:
    """The set runs on for some beats, told of five times a second."""
    steps = int(length * 60.0 / bpm / 0.2)
    for step in range(steps + 1):
        line.clock(beat + step * 0.2 * bpm / 60.0, seconds + step * 0.2, bpm, True)


@pytest.fixture
def line() -> TimeLine:
    """A set that has run from beat 0 at second 0 to beat 8."""
    line = TimeLine(Meter())
    follow(line, 0.0, 0.0, 8.0)
    return line


def test_a_running_set_is_one_stretch(line: TimeLine) -> None:
    assert line.place(8.5, 4.25) == (8.5, 4.25, 1)
    assert line.stretches[1].is_running
    assert line.stretches[1].bpm == 120.0


def test_a_loop_counts_on_round_after_round(line: TimeLine) -> None:
    for turn in range(3):
        follow(line, 0.0, 4.0 + 4.0 * turn, 7.9)
        assert line.number == 1
        assert line.place(3.0, 5.5 + 4.0 * turn).beat == pytest.approx(11.0 + 8.0 * turn)
    assert line.stretches[1].offset == 24.0


def test_a_late_delivered_note_is_placed_before_the_loop(line: TimeLine) -> None:
    follow(line, 0.0, 4.0, 1.0)
    assert line.place(7.9, 3.95).beat == pytest.approx(7.9)
    assert line.place(1.0, 4.5).beat == pytest.approx(9.0)


def test_a_click_into_the_arrangement_begins_a_new_stretch(line: TimeLine) -> None:
    follow(line, 33.3, 4.1, 4.0)
    assert line.number == 2
    assert line.place(34.3, 4.6) == (34.3, 4.6, 2)


def test_a_stop_and_a_start_begin_new_stretches(line: TimeLine) -> None:
    line.clock(8.0, 4.0, 120.0, False)
    assert line.place(8.0, 9.0) == (8.0, 9.0, 2)
    assert not line.stretches[2].is_running
    line.clock(8.0, 10.0, 120.0, True)
    assert line.place(9.0, 10.5) == (9.0, 10.5, 3)


def test_a_tempo_that_glides_is_no_jump(line: TimeLine) -> None:
    beat, seconds = 8.0, 4.0
    for step in range(100):
        bpm = 120.0 + step
        beat, seconds = beat + 0.2 * bpm / 60.0, seconds + 0.2
        line.clock(beat, seconds, bpm, True)
    assert line.number == 1
    assert line.stretches[1].bpm == 219.0


def test_a_new_time_signature_begins_a_new_stretch(line: TimeLine) -> None:
    line.meter = Meter(4, 4)
    assert line.number == 1
    line.meter = Meter(7, 8)
    assert line.place(8.2, 4.1) == (8.2, 4.1, 2)


def test_the_current_stretch_is_never_dropped(line: TimeLine) -> None:
    line.forget_before(100)
    assert list(line.stretches) == [1]
