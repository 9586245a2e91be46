"""MIDI clock: what start, stop, continue and song position mean, in and out."""

import math
from itertools import pairwise
from random import Random

import pytest

from musearoo.bridge.midi.clock.beat_clock import ClockLine
from musearoo.bridge.midi.clock.midi import ClockOut, MidiClock
from tests.each_case import each_case

TICK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
STEP = 0.5 / 24.0
"""Seconds, at 120 BPM."""


class Sender:
    """Ticks at 120 BPM, on and on; what it says besides comes in between."""

    def __init__(self) -> None:
        self.clock = MidiClock(100.0)
        self.now = 20.0

    def tick(self, count: int = 1) -> None:
        """Sends so many."""
        for _ in range(count):
            self.clock.receive(self.now, TICK)
            self.now += STEP

    def say(self, data: bytes) -> None:
        """Sends a message just after the last tick."""
        assert self.clock.receive(self.now - STEP + 0.001, data)

    @property
    def beat(self) -> float:
        """Where the clock is when the next tick is due."""
        return self.clock.line.beat_at(self.now)


def test_ticks_alone_tell_the_tempo_and_nothing_runs() -> None:
    sender = Sender()
    sender.tick(96)
    line = sender.clock.line
    assert not line.is_running
    assert line.bpm == pytest.approx(120.0, abs=0.01)
    assert line.time_of(1.0) == math.inf


def test_start_is_beat_0_at_the_next_tick() -> None:
    sender = Sender()
    sender.tick(48)
    sender.say(START)
    assert sender.beat == pytest.approx(0.0, abs=1e-3)
    sender.tick(25)
    assert sender.beat == pytest.approx(25 / 24, abs=1e-3)


def test_start_without_ticks_before_it_waits_for_the_first() -> None:
    sender = Sender()
    sender.say(START)
    assert not sender.clock.line.is_running
    sender.tick(24)
    assert sender.beat == pytest.approx(1.0, abs=1e-2)


def test_stop_keeps_the_place_and_continue_goes_on_from_it() -> None:
    sender = Sender()
    sender.say(START)
    sender.tick(36)
    sender.say(STOP)
    assert not sender.clock.line.is_running
    assert sender.clock.line.beat == pytest.approx(1.5)
    sender.tick(17)
    sender.say(CONTINUE)
    sender.tick(12)
    assert sender.beat == pytest.approx(2.0, abs=1e-3)


@each_case("is_running", [False, True])
def test_song_position_counts_in_sixteenths(is_running: bool) -> None:
    sender = Sender()
    sender.tick(24)
    if is_running:
        sender.say(START)
        sender.tick(10)
    before = sender.clock.line.epoch
    sender.say(bytes((0xF2, 2, 1)))
    if not is_running:
        assert sender.clock.line.beat == 32.5
        sender.say(CONTINUE)
    assert sender.clock.line.epoch > before
    sender.tick(12)
    assert sender.beat == pytest.approx(33.0, abs=1e-3)


def test_ticks_that_restart_at_start_are_followed_at_once() -> None:
    sender = Sender()
    sender.tick(96)
    sender.say(START)
    sender.now += 0.009
    sender.tick(1)
    assert sender.beat == pytest.approx(1 / 24, abs=1e-3)
    sender.tick(23)
    assert sender.beat == pytest.approx(1.0, abs=1e-3)


def test_a_clock_that_falls_silent_is_gone_and_comes_back() -> None:
    sender = Sender()
    sender.say(START)
    sender.tick(24)
    assert sender.clock.is_there(sender.now + 0.9)
    assert not sender.clock.is_there(sender.now + 1.1)
    sender.now += 5.0
    sender.tick(24)
    assert sender.beat == pytest.approx(2.0, abs=1e-2)


def test_ticks_that_were_lost_count_when_it_stops_and_when_it_falls_silent() -> None:
    sender = Sender()
    sender.say(START)
    sender.tick(96)
    sender.now += 2 * STEP
    sender.tick(22)
    assert sender.beat == pytest.approx(5.0, abs=1e-3)
    sender.now += 5.0
    sender.tick(24)
    assert sender.beat == pytest.approx(6.0, abs=1e-2)
    sender.say(STOP)
    assert sender.clock.line.beat == pytest.approx(6.0)


@each_case("data", [b"", b"\x90\x40\x40", b"\xf2\x01", b"\xff", b"\xf0\x7e\xf7"])
def test_what_is_no_clock_is_left_to_others(data: bytes) -> None:
    assert not MidiClock().receive(1.0, data)


def test_active_sensing_says_nothing() -> None:
    clock = MidiClock()
    assert clock.receive(1.0, b"\xfe")
    assert not clock.is_there(1.0)


def _sent(line: ClockLine, start: float, seconds: float, out: ClockOut | None = None) -> list[tuple[float, bytes]]:
    """What goes out in windows of 7 ms."""
    out = out or ClockOut()
    found: list[tuple[float, bytes]] = []
    windows = round(seconds / 0.007)
    for number in range(windows):
        found += out.messages(line, start + 0.007 * number, start + 0.007 * (number + 1))
    return found


def test_what_goes_out_comes_in_as_the_same_beats() -> None:
    chance = Random(4)
    for beat in (0.0, 3.14):
        line = ClockLine(time=50.0, beat=beat, bpm=133.0, is_running=True, epoch=3)
        clock = MidiClock()
        for time, data in _sent(line, 50.0, 4.0):
            clock.receive(time + chance.uniform(0.0, 0.001), data)
        assert clock.line.beat_at(54.0) == pytest.approx(line.beat_at(54.0), abs=0.005)


def test_no_tick_is_lost_or_doubled_at_the_edge_of_a_window_or_by_a_correction() -> None:
    out = ClockOut()
    sent = _sent(ClockLine(10.0, 0.0, 120.0, True, 1), 10.0, 1.05, out)
    later = sent[-1][0] + 0.004
    sent += out.messages(ClockLine(10.001, 0.0, 120.0, True, 1), later, later + 0.1)
    ticks = [time for time, data in sent if data == TICK]
    assert sent[0][1] == START
    gaps = [after - before for before, after in pairwise(ticks)]
    assert all(STEP - 1e-6 < gap < STEP + 0.0011 for gap in gaps)


def test_a_line_that_stops_says_stop_and_ticks_on() -> None:
    out = ClockOut()
    _sent(ClockLine(10.0, 0.0, 120.0, True, 1), 10.0, 0.49, out)
    sent = _sent(ClockLine(0.0, 0.98, 120.0, False, 2), 10.49, 0.49, out)
    assert sent[0][1] == STOP
    assert [data for _, data in sent].count(TICK) in (23, 24)


def test_a_place_beyond_what_song_position_can_tell_still_ticks_in_time() -> None:
    sent = _sent(ClockLine(10.0, 5000.1, 120.0, True, 1), 10.0, 0.49)
    assert sent[0][1] == b"\xf2\x7f\x7f"
    assert 18 <= [data for _, data in sent].count(TICK) <= 22


def test_nothing_that_comes_makes_it_stumble() -> None:
    chance = Random(6)
    for _ in range(40):
        clock, now = MidiClock(), 10.0
        for _ in range(200):
            now += chance.choice((0.0, 0.0, 1e-4, 0.02, 0.02, 0.02, 0.3, 3.0))
            clock.receive(now, chance.choice((TICK,) * 12 + (START, CONTINUE, STOP, b"\xf2\x05\x00")))
            line = clock.line
            assert 10.0 <= line.bpm <= 1200.0 + 1e-6
            assert math.isfinite(line.beat_at(now))
