"""Clocks for the simulator's main thread: real time, or time stepped by a test."""

from __future__ import annotations

import abc
import threading
import time


class Clock(abc.ABC):
    """The time source of the main loop, in seconds from an arbitrary start."""

    @abc.abstractmethod
    def now(self) -> float:
        """Return the current time in seconds."""

    @abc.abstractmethod
    def wait_until(self, deadline: float) -> None:
        """Return at the deadline, or earlier when woken."""

    @abc.abstractmethod
    def sleep(self, seconds: float) -> None:
        """Let time pass while nothing else happens, as in a frozen main thread."""

    @abc.abstractmethod
    def wake(self) -> None:
        """Make a running `wait_until` return; may be called from another thread."""


class RealClock(Clock):
    """The machine's monotonic clock. Waiting sleeps and does not spin."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def now(self) -> float:
        return time.perf_counter()

    def wait_until(self, deadline: float) -> None:
        remaining = deadline - time.perf_counter()
        if remaining > 0 and self._woken.wait(remaining):
            self._woken.clear()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wake(self) -> None:
        self._woken.set()


class ManualClock(Clock):
    """A clock that moves only when the simulator waits, so that a test can step through hours instantly."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def wait_until(self, deadline: float) -> None:
        self._now = max(self._now, deadline)

    def sleep(self, seconds: float) -> None:
        self._now += seconds

    def wake(self) -> None:
        """Do nothing: nobody waits on a manual clock."""
