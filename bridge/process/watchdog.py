"""Watchdog: how long another process's heartbeat counter has not changed. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

STARTS_WITHIN: Final = 60.0
"""Seconds until a process's first heartbeat must come: usually half a second, but a cold disk or a virus scanner is
slower."""


class Watchdog:
    """Measure how long a counter has not changed. Call `look` every `every` seconds.

    Looks are counted and no clock is read, because a computer that sleeps suspends the watched process too.

    >>> turns = iter([0, 0, 0, 1, 1])
    >>> watchdog = Watchdog(lambda: next(turns), 0.5)
    >>> [watchdog.look() for _ in range(4)]
    [0.5, 1.0, 0.0, 0.5]
    """

    def __init__(self, read: Callable[[], int], every: float) -> None:
        self._read = read
        self._every = every
        self._seconds = 0.0
        self.seen = read()
        """The counter at the last look."""

    def look(self) -> float:
        """Return the seconds without a change; 0 if the counter has moved since the last look."""
        seen = self._read()
        self._seconds = self._seconds + self._every if seen == self.seen else 0.0
        self.seen = seen
        return self._seconds
