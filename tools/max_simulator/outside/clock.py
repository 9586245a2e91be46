"""The two clocks of the simulated Max, a virtual and a real one, in microseconds; and its two threads."""

import time
from enum import Enum
from typing import Protocol

SECOND = 1_000_000
"""Microseconds."""

MILLISECOND = 1_000


class Thread(Enum):
    """Which of Max's two threads something runs in."""

    MAIN = "main"
    SCHEDULER = "scheduler"


class Clock(Protocol):
    """What the host asks for the time."""

    is_virtual: bool

    def now(self) -> int:
        """Microseconds since the start."""

    def jump(self, to: int) -> None:
        """Goes on to a time that is due; a real clock is there already."""


class VirtualClock:
    """Time that passes only when somebody waits, and costs nothing."""

    is_virtual = True

    def __init__(self) -> None:
        self._now = 0

    def now(self) -> int:
        """Microseconds since the start."""
        return self._now

    def jump(self, to: int) -> None:
        """Goes on to `to`; never back."""
        self._now = max(self._now, to)


class RealClock:
    """The machine's time, for a device that speaks with a daemon."""

    is_virtual = False

    def __init__(self) -> None:
        self._start = time.monotonic_ns()

    def now(self) -> int:
        """Microseconds since the start."""
        return (time.monotonic_ns() - self._start) // 1_000

    def jump(self, to: int) -> None:
        """Nothing: it runs by itself."""
