"""A JACK input, polled from RtMidi's queue instead of by a callback.

A callback would run Python in JACK's own thread, which has no time to wait for Python's lock: by then the next period
has overwritten what it reads, and messages come cut, twice or not at all. The queue is filled without Python.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any, Final

FETCH_EVERY: Final = 0.001
"""Seconds. JACK's own periods are longer, mostly."""

QUEUE: Final = 8192
"""Messages that RtMidi's queue holds, some seconds of anything that is played."""

STOPS_WITHIN: Final = 1.0
"""Seconds."""


class Stamps:
    """Time stamps of messages, from the driver's intervals and the time of fetching.

    None was fetched before it came; so what was fetched soonest after it came tells where the driver's clock stands.

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
    """Passes on what comes at a port of RtMidi's, in a thread of its own; it is closed as such a port is."""

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
        """Free what the port needs."""
        self._port.delete()

    def _fetch(self) -> None:
        stamps = Stamps()
        while not self._is_closed.is_set():
            while (found := self._port.get_message()) is not None:
                message, since_last = found
                self._on_message(stamps.stamp(since_last, time.perf_counter()), bytes(message))
            time.sleep(FETCH_EVERY)
