"""Whether another process goes on: how long a number that it counts up has stood still. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

STARTS_WITHIN: Final = 60.0
"""Seconds that a process may take to its first sign of life: half of one here, but a cold disk or a virus scanner is
slower."""


class Watchdog:
    """How long a number has stood still, as far as it was looked at: to be looked at every so many seconds.

    Looks are counted and no clock is read: a computer that slept comes back to a process that did too.

    >>> turns = iter([0, 0, 0, 1, 1])
    >>> standstill = Watchdog(lambda: next(turns), 0.5)
    >>> [standstill.look() for _ in range(4)]
    [0.5, 1.0, 0.0, 0.5]
    """

    def __init__(self, read: Callable[[], int], every: float) -> None:
        self._read = read
        self._every = every
        self._seconds = 0.0
        self.seen = read()
        """The number when it was looked at last."""

    def look(self) -> float:
        """Seconds, 0 where it has gone on since the last look."""
        seen = self._read()
        self._seconds = self._seconds + self._every if seen == self.seen else 0.0
        self.seen = seen
        return self._seconds
