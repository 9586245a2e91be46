"""Live's main thread: one loop that runs timers, the 100 ms display tick and the user's commands.

It sleeps until the next event is due and never spins. `Timer` is `Live.Base.Timer`, as measured on a real Live 12.4: an
interval of 10 ms gives a median of 10.3, an interval of 1 ms still about 10, and an exception in the callback stops the
timer permanently.
"""

from __future__ import annotations

import collections
import heapq
import itertools
import random
import traceback
import weakref
from typing import Any, Callable, NamedTuple

from musearoo.tools.live_simulator.core.clock import Clock

DISPLAY_SECONDS = 0.1
"""The period of `update_display`, which drives `schedule_message`."""

PULSE_SECONDS = 0.01
"""The delay of the transport after a request, and its period while it runs."""

SHORTEST_TIMER_MS = 10
TYPICAL_LATENESS_SECONDS = 0.0003
LATENESS_SPREAD = 0.6
"""Sigma of a timer's log-normal lateness."""

HICCUP_CHANCE = 0.003
HICCUP_SECONDS = (0.002, 0.0115)
"""Occasional delays while Live draws: the latest timer that was measured came after 22 ms."""


class Event(NamedTuple):
    """An action and its due time; `number` keeps events with equal times in order."""

    due: float
    number: int
    action: Callable[[float], None]


class LoopStats:
    """The loop's timing: the longest time that one action blocked it, and the largest lateness."""

    def __init__(self) -> None:
        self.events = 0
        self.display_ticks = 0
        self.largest_lateness = 0.0
        self.largest_gap = 0.0


class MainLoop:
    """The main thread's queue of events."""

    def __init__(self, clock: Clock, seed: int, log_error: Callable[[str], None]) -> None:
        self.clock = clock
        self.random = random.Random(seed)
        self.log_error = log_error
        self.stats = LoopStats()
        self.timers: weakref.WeakSet[Any] = weakref.WeakSet()
        self.is_stopped = False
        self._events: list[Event] = []
        self._numbers = itertools.count()
        self._hands: collections.deque[Callable[[], None]] = collections.deque()
        self._catch_up_until = float("-inf")

    def call_at(self, due: float, action: Callable[[float], None]) -> None:
        """Run an action at a time; it receives the time at which it was due."""
        heapq.heappush(self._events, Event(due, next(self._numbers), action))

    def post(self, action: Callable[[], None]) -> None:
        """Run an action between ticks. The only method that other threads may call."""
        self._hands.append(action)
        self.clock.wake()

    def run_until(self, deadline: float) -> None:
        """Run the events that are due up to a time."""
        while not self.is_stopped:
            self._run_posted()
            if self.is_stopped:
                return
            due = self._events[0].due if self._events else deadline
            if min(due, deadline) > self.clock.now():
                self.clock.wait_until(min(due, deadline))
                continue
            if due > deadline or not self._events:
                return
            event = heapq.heappop(self._events)
            self._note(event)
            self._guarded(lambda event=event: event.action(event.due))  # type: ignore[misc]

    def freeze(self, seconds: float, replay: bool) -> None:
        """Freeze the main thread; with `replay`, every missed tick runs afterwards."""
        self.clock.sleep(seconds)
        if replay:
            self._catch_up_until = self.clock.now()

    def kill_timers(self) -> None:
        """Stop every running timer without notifying its owner."""
        for timer in list(self.timers):
            timer.stop()

    def next_due(self, due: float, period: float) -> float:
        """Return when a repeating event is due again: counted from now, or from its own due time when catching up."""
        if due + period <= self._catch_up_until:
            return due + period
        return max(due, self.clock.now()) + period

    def _run_posted(self) -> None:
        while self._hands:
            self._guarded(self._hands.popleft())

    def _guarded(self, action: Callable[[], None]) -> None:
        """The main thread's outermost catch: log an exception that escapes a script and continue."""
        began = self.clock.now()
        try:
            action()
        except Exception:
            self.log_error(traceback.format_exc())
        self.stats.largest_gap = max(self.stats.largest_gap, self.clock.now() - began)

    def _note(self, event: Event) -> None:
        self.stats.events += 1
        self.stats.largest_lateness = max(self.stats.largest_lateness, self.clock.now() - event.due)


def make_timer_class(loop: MainLoop) -> type:
    """Return `Live.Base.Timer` for a main loop."""

    class Timer:
        """Calls back on the main thread, once or repeatedly."""

        def __init__(
            self, callback: Callable[[], Any], interval: int, repeat: bool = False, start: bool = False
        ) -> None:
            self._callback = callback
            self._seconds = max(SHORTEST_TIMER_MS, int(interval)) / 1000.0
            self._repeat = bool(repeat)
            self._epoch = 0
            self._running = False
            if start:
                self.start()

        @property
        def running(self) -> bool:
            """Whether the timer is waiting for its next call."""
            return self._running

        def start(self) -> None:
            """Start the timer; does nothing when it is already running."""
            if not self._running:
                self.restart()

        def stop(self) -> None:
            """Stop the timer; its pending call is cancelled."""
            self._epoch += 1
            self._running = False

        def restart(self) -> None:
            """Restart the interval."""
            self._epoch += 1
            self._running = True
            loop.timers.add(self)
            self._wait(loop.clock.now())

        def _wait(self, since: float) -> None:
            epoch = self._epoch
            due = loop.next_due(since, self._seconds)
            loop.call_at(due + _lateness(loop.random), lambda due: self._fire(epoch, due))

        def _fire(self, epoch: int, due: float) -> None:
            if epoch != self._epoch:
                return
            self._running = self._repeat
            try:
                self._callback()
            except Exception:
                self.stop()
                raise
            if self._running and epoch == self._epoch:
                self._wait(due)

    Timer.__module__ = "Base"
    Timer.__qualname__ = "Timer"
    return Timer


def _lateness(generator: random.Random) -> float:
    """Return a random lateness of a timer in seconds: typically 0.3 ms, rarely up to a dozen."""
    if generator.random() < HICCUP_CHANCE:
        return generator.uniform(*HICCUP_SECONDS)
    return TYPICAL_LATENESS_SECONDS * generator.lognormvariate(0.0, LATENESS_SPREAD)
