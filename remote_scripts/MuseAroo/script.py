"""The composition of the script's parts, and the work of one tick.

It has no music logic: it reports the set to the daemon and performs the daemon's edits.
"""

from __future__ import annotations

import os
import platform
import uuid
from collections import deque
from typing import TYPE_CHECKING, Callable

from .edits.loading import needs_library
from .host.config import home
from .host.live import live_version
from .host.log import Log
from .host.pump import Pump
from .live_set.browsing import BrowserIndex
from .live_set.identities import Identities
from .live_set.transport import Transport
from .live_set.watch import Watch
from .requests.dispatch import Requests
from .requests.transaction import Transactions
from .wire.link import Link
from .wire.messages import packet
from .wire.table import WIRE_VERSION

if TYPE_CHECKING:
    from .host.live import CInstance

SCRIPT_VERSION = "0.1.0"

_BUDGET_S = 0.005
"""The time budget of a tick for requests, and again for reporting changes: Live draws its screen in the rest."""

_HEARTBEAT_S = 0.25
_LOOK_AGAIN_EVERY = 4
"""Heartbeats between two checks of what Live cannot observe."""

_MOST_WAITING = 256
"""The limit of queued packets; beyond it the socket is not read, and the daemon waits."""


class Script:
    """The script running in Live, from `start` to `stop`.

    `schedule` calls back after a number of 100 ms ticks; `library` is the folder of the User Library, "" where the
    script is elsewhere.
    """

    def __init__(
        self,
        c_instance: CInstance,
        schedule: Callable[[int, Callable[[], None]], None],
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        library: str,
    ) -> None:
        song, show = c_instance.song(), c_instance.show_message
        # Live creates the script again for each set, so ids of one set are never used in another.
        self._library = library if needs_library(song) else ""
        self._instance = uuid.uuid4().hex
        self._clock = clock
        self._waiting: deque[bytes] = deque()
        self._beats = 0
        self._next_heartbeat = 0.0
        self._log = log = Log(c_instance.log_message, clock)
        self._link = link = Link(home(os.environ), self._hello, self._begin, self._end, show, clock, log)
        self._identities = Identities()
        self._watch = Watch(song, self._identities, link.send, clock, log)
        self._transport = Transport(song, link.send, clock)
        self._index = BrowserIndex(clock, log)
        transactions = Transactions(song, self._identities, self._watch, self._index, self._library, log)
        self._requests = Requests(transactions, self._identities, link.send, show, wall_clock, log)
        self._pump = Pump(self._tick, schedule, clock, log)

    def start(self) -> None:
        """Start looking for the daemon."""
        self._log.line(f"version {SCRIPT_VERSION} started in Live {live_version()}")
        self._pump.start()

    def stop(self) -> None:
        """Stop everything: Live closes the set or quits."""
        self._pump.stop()
        self._requests.stop()
        self._link.close()
        self._watch.stop()
        self._transport.stop()
        self._index.stop()
        self._waiting.clear()

    def _begin(self) -> None:
        self._pump.take_largest_gap()
        self._next_heartbeat = self._clock() + _HEARTBEAT_S
        self._watch.start()
        self._index.start()
        self._transport.start()

    def _end(self) -> None:
        # Pending requests of a lost daemon are dropped, because no one waits for them.
        self._waiting.clear()
        self._watch.stop()
        self._index.stop()
        self._transport.stop()

    def _tick(self) -> None:
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.extend(self._link.poll())
        until = self._clock() + _BUDGET_S
        self._requests.go_on()
        while self._waiting and not self._requests.is_busy and self._clock() < until:
            self._requests.answer(self._waiting.popleft())
        # Someone waits for an answer, and nobody for what follows, which may take the whole budget.
        self._link.flush()
        if self._link.is_admitted:
            # A half-finished transaction is not reported: its result is sent with all of it, or with nothing.
            if not self._requests.is_busy:
                self._watch.flush(self._clock() + _BUDGET_S)
            self._transport.flush()
            self._beat()
            if not self._requests.is_busy and not self._waiting:
                self._index.advance()
        self._link.flush()

    def _beat(self) -> None:
        now = self._clock()
        if now < self._next_heartbeat:
            return
        self._next_heartbeat = now + _HEARTBEAT_S
        gap_ms = 1000.0 * self._pump.take_largest_gap()
        beat = packet("/roo/script/heartbeat", self._beats, gap_ms, len(self._waiting), len(self._identities))
        self._link.send(beat)
        self._beats += 1
        if self._beats % _LOOK_AGAIN_EVERY == 0:
            self._watch.look_again()

    def _hello(self, token: str) -> bytes:
        versions = (SCRIPT_VERSION, live_version(), platform.python_version())
        return packet("/roo/script/hello", token, WIRE_VERSION, *versions, self._instance, self._library)
