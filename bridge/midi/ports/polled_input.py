"""A JACK input, polled from RtMidi's queue instead of by a callback.

A callback would run Python in JACK's own thread, which cannot wait for the GIL: by then the next period has overwritten
the buffer, and messages arrive truncated, twice or not at all. The queue is filled without Python.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any, Final

FETCH_EVERY: Final = 0.001
"""Seconds between two polls. JACK's own periods are mostly longer."""

QUEUE: Final = 8192
"""Size of RtMidi's queue in messages: some seconds of any playing."""

STOPS_WITHIN: Final = 1.0
"""Seconds in which the thread must end."""


class Stamps:
    """Time stamps of messages, from the driver's intervals and the time of fetching.

    No message is fetched before it arrives, so the one with the shortest delay gives the offset of the driver's clock.

    >>> stamps = Stamps()
    >>> stamps.stamp(0.0, 10.0), stamps.stamp(0.5, 10.503), stamps.stamp(0.5, 11.0)
    (10.0, 10.5, 11.0)
    """

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._began = math.inf

    def stamp(self, since_last: float, fetched: float) -> float:
        """Return when a message arrived, on the clock of `fetched`."""
        self._elapsed += since_last
        self._began = min(self._began, fetched - self._elapsed)
        return self._began + self._elapsed


class PolledInput:
    """Pass on the messages of an RtMidi port, in a thread of its own; it has the port's interface for closing."""

    def __init__(self, port: Any, on_message: Callable[[float, bytes], None]) -> None:
        self._port = port
        self._on_message = on_message
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._fetch, name="MIDI input", daemon=True)
        self._thread.start()

    def close_port(self) -> None:
        """Close the port; messages that were not fetched are lost."""
        self._is_closed.set()
        self._thread.join(STOPS_WITHIN)
        self._port.close_port()

    def delete(self) -> None:
        """Free the port's resources."""
        self._port.delete()

    def _fetch(self) -> None:
        stamps = Stamps()
        while not self._is_closed.is_set():
            while (found := self._port.get_message()) is not None:
                message, since_last = found
                self._on_message(stamps.stamp(since_last, time.perf_counter()), bytes(message))
            time.sleep(FETCH_EVERY)
