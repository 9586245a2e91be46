"""The virtual and the real clock of the simulated Max, in microseconds; and Max's two threads."""

import time
from enum import Enum
from typing import Protocol

SECOND = 1_000_000
"""Microseconds."""

MILLISECOND = 1_000


class Thread(Enum):
    """Max's two threads."""

    MAIN = "main"
    SCHEDULER = "scheduler"


class Clock(Protocol):
    """The host's clock."""

    is_virtual: bool

    def now(self) -> int:
        """Return the microseconds since the start."""

    def jump(self, to: int) -> None:
        """Advance to a time that is due; does nothing for a real clock."""


class VirtualClock:
    """Time that passes only when the host waits, instantly."""

    is_virtual = True

    def __init__(self) -> None:
        self._now = 0

    def now(self) -> int:
        """Return the microseconds since the start."""
        return self._now

    def jump(self, to: int) -> None:
        """Advance to `to`; never back."""
        self._now = max(self._now, to)


class RealClock:
    """The machine's time, for a device that communicates with a daemon."""

    is_virtual = False

    def __init__(self) -> None:
        self._start = time.monotonic_ns()

    def now(self) -> int:
        """Return the microseconds since the start."""
        return (time.monotonic_ns() - self._start) // 1_000

    def jump(self, to: int) -> None:
        """Do nothing: real time passes by itself."""
