"""The script's tick: Live's fast timer, and a watchdog on Live's slow timer that restarts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from .live import start_timer

if TYPE_CHECKING:
    from .live import Timer
    from .log import Log

_INTERVAL_MS = 10
"""The shortest interval of Live's timer: a smaller value changes nothing."""


class Pump:
    """Calls `tick` about every 10 ms on Live's main thread, whatever it raises."""

    def __init__(
        self,
        tick: Callable[[], None],
        schedule: Callable[[int, Callable[[], None]], None],
        clock: Callable[[], float],
        log: Log,
    ) -> None:
        self._tick, self._schedule, self._clock, self._log = tick, schedule, clock, log
        self._timer: Timer | None = None
        self._last = clock()
        self._largest_gap = 0.0
        self._ticks = 0
        self._ticks_seen = 0
        self._running = False

    def start(self) -> None:
        """Start timer and watchdog."""
        self._running = True
        self._last = self._clock()
        self._start_timer()
        self._schedule(1, self._watch)

    def stop(self) -> None:
        """Stop both; nothing is called afterwards."""
        self._running = False
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()

    def take_largest_gap(self) -> float:
        """Return the longest interval between two ticks since the last call, in seconds."""
        largest, self._largest_gap = self._largest_gap, 0.0
        return largest

    def _start_timer(self) -> None:
        try:
            self._timer = start_timer(self._beat, _INTERVAL_MS)
        except Exception:
            # Without the fast timer the watchdog calls the tick, ten times slower: better late than never.
            self._timer = None
            self._log.traceback("starting Live's timer")

    def _beat(self) -> None:
        if not self._running:
            return
        try:
            now = self._clock()
            self._largest_gap = max(self._largest_gap, now - self._last)
            self._last = now
            self._ticks += 1
            self._tick()
        except Exception:
            # The outermost loop: an escaping exception would stop Live's timer permanently.
            self._log.traceback("working in a tick")

    def _watch(self) -> None:
        if not self._running:
            return
        self._schedule(1, self._watch)
        if self._ticks == self._ticks_seen:
            self._mend()
        self._ticks_seen = self._ticks

    def _mend(self) -> None:
        timer = self._timer
        try:
            if timer is None:
                self._start_timer()
            elif not timer.running:
                self._log.line("Live's timer had stopped and was started again")
                timer.start()
        except Exception:
            self._log.traceback("starting Live's timer again")
        self._beat()
