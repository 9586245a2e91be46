"""The daemon's clock: what it looks at now and then, often while something happens, seldom while nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

TICK: Final = 0.1
"""Seconds between two ticks while something happens: messages to devices are repeated every 0.25 s."""
IDLE_TICK: Final = 0.3
"""Seconds between two ticks while nothing does: waking up is most of what an idle daemon costs."""
EARLY_TICK: Final = 0.2
"""Seconds after a tick from which `ride` brings the next one forward: Live's script sends a heartbeat every 0.25 s."""


class Ticker:
    """Call `tick` at intervals. For the event loop's thread only.

    `is_lively` says whether something happens; who knows that it begins calls `hurry`.
    """

    def __init__(self, tick: Callable[[], None], is_lively: Callable[[], bool]) -> None:
        self._tick = tick
        self._is_lively = is_lively
        self._next: asyncio.TimerHandle | None = None
        self._last = 0.0
        self.lag = 0.0
        """Seconds by which the last tick was late."""

    def start(self) -> None:
        """Begin to tick."""
        self._schedule(TICK)

    def stop(self) -> None:
        """Tick no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def hurry(self) -> None:
        """Bring the next tick forward, if something happens now."""
        if self._next is None or self._next.when() <= asyncio.get_running_loop().time() + TICK:
            return
        if self._is_lively():
            self._next.cancel()
            self._schedule(TICK)

    def ride(self) -> None:
        """Tick after what calls this, if the next tick is soon: the process has woken up anyway."""
        if self._next is not None and asyncio.get_running_loop().time() - self._last >= EARLY_TICK:
            self._next.cancel()
            self._schedule(0.0)

    def _schedule(self, seconds: float) -> None:
        self._next = asyncio.get_running_loop().call_later(seconds, self._run)

    def _run(self) -> None:
        if self._next is not None:
            self.lag = max(0.0, asyncio.get_running_loop().time() - self._next.when())
        # Scheduled first: a tick that fails must not be the last.
        self._schedule(TICK if self._is_lively() else IDLE_TICK)
        self._last = asyncio.get_running_loop().time()
        self._tick()
