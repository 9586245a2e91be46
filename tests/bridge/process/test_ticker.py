"""Ticks: often while something happens, seldom while nothing does, and never twice where once is enough."""

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from musearoo.bridge.process.ticker import EARLY_TICK, IDLE_TICK, TICK, Ticker


class Clock:
    """As much of an event loop as a ticker needs, with a clock that is stepped by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        """The time of the loop."""
        return self.now

    def call_later(self, seconds: float, call: Callable[[], None]) -> SimpleNamespace:
        """A timer, as a loop's."""
        timer = (self.now + seconds, call)
        self.timers.append(timer)
        return SimpleNamespace(when=lambda: timer[0], cancel=lambda: self.timers.remove(timer))

    def run_until(self, until: float) -> None:
        """Let time pass."""
        while self.timers and min(timer[0] for timer in self.timers) <= until:
            timer = min(self.timers, key=lambda each: each[0])
            self.timers.remove(timer)
            self.now = timer[0]
            timer[1]()
        self.now = until


class Room:
    """A ticker, and when it ticked."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lively = False
        self.ticks: list[float] = []
        self.ticker = Ticker(lambda: self.ticks.append(round(clock.now, 6)), lambda: self.lively)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    clock = Clock()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    made = Room(clock)
    made.ticker.start()
    yield made
    made.ticker.stop()
    assert clock.timers == []


def test_an_idle_daemon_ticks_seldom(room: Room) -> None:
    room.clock.run_until(1.05)
    assert room.ticks == pytest.approx([TICK + number * IDLE_TICK for number in range(4)])


def test_while_something_happens_it_ticks_often(room: Room) -> None:
    room.lively = True
    room.clock.run_until(1.05)
    assert len(room.ticks) == 10
    room.lively = False
    room.clock.run_until(2.05)
    assert len(room.ticks) == 14


def test_what_begins_is_not_kept_waiting(room: Room) -> None:
    room.clock.run_until(0.15)
    room.lively = True
    room.ticker.hurry()
    room.ticker.hurry()
    room.clock.run_until(0.26)
    assert room.ticks == [TICK, 0.25]


def test_nothing_hurries_while_nothing_happens(room: Room) -> None:
    room.clock.run_until(0.15)
    room.ticker.hurry()
    room.clock.run_until(0.39)
    assert room.ticks == [TICK]


def test_an_idle_tick_comes_with_a_heartbeat(room: Room) -> None:
    # As Live's script sends them: after some that come between, none wakes the process a second time.
    beats = [number * 0.25 for number in range(1, 17)]
    for beat in beats:
        room.clock.run_until(beat)
        room.ticker.ride()
        room.clock.run_until(beat)
    assert room.ticks[-8:] == beats[-8:]


def test_many_messages_bring_no_more_ticks(room: Room) -> None:
    for number in range(1, 101):
        room.clock.run_until(number / 100)
        room.ticker.ride()
    assert len(room.ticks) <= 1 + 1 / EARLY_TICK


def test_a_tick_that_fails_is_not_the_last(room: Room) -> None:
    fails = iter((True, False))
    told: list[float] = []

    def tick() -> None:
        told.append(room.clock.now)
        if next(fails):
            raise ValueError("once")

    ticker = Ticker(tick, lambda: True)
    ticker.start()
    with pytest.raises(ValueError, match="once"):
        room.clock.run_until(0.15)
    room.clock.run_until(0.21)
    ticker.stop()
    assert len(told) == 2


def test_before_the_start_and_after_the_end_nothing_ticks(room: Room) -> None:
    room.ticker.stop()
    room.lively = True
    room.ticker.hurry()
    room.ticker.ride()
    room.clock.run_until(1.0)
    assert room.ticks == []


def test_a_tick_that_comes_late_says_by_how_much(room: Room) -> None:
    room.clock.run_until(TICK)
    assert room.ticker.lag == 0.0
    (due, call), room.clock.timers = room.clock.timers[0], []
    room.clock.now = due + 0.04
    call()
    assert room.ticker.lag == pytest.approx(0.04)
    room.clock.run_until(2.0)
    assert room.ticker.lag == 0.0
