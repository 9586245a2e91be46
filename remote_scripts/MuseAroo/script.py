"""The parts of the script wired together: one tick of work whenever the pump beats.

It holds no music logic: it tells the set to the daemon and performs the daemon's edits.
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
"""What a tick may spend on requests, and again on telling changes: Live draws its screen in the rest."""

_HEARTBEAT_S = 0.25
_LOOK_AGAIN_EVERY = 4
"""Heartbeats between two looks at what Live cannot observe."""

_MOST_WAITING = 256
"""Packets that may wait; beyond these the socket is not read, and the daemon waits."""


class Script:
    """What runs in Live, from `start` to `stop`.

    `schedule` calls back after so many 100 ms ticks; `library` is the folder of the User Library, "" where the script
    lies elsewhere.
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
        # Live makes the script anew for each set: ids of one set must never be taken for another's.
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
        transactions = Transactions(song, self._identities, self._watch, self._library, log)
        self._requests = Requests(transactions, self._identities, link.send, show, wall_clock, log)
        self._pump = Pump(self._tick, schedule, clock, log)

    def start(self) -> None:
        """Begins to look for the daemon."""
        self._log.line(f"version {SCRIPT_VERSION} started in Live {live_version()}")
        self._pump.start()

    def stop(self) -> None:
        """Ends everything: Live closes the set or quits."""
        self._pump.stop()
        self._requests.stop()
        self._link.close()
        self._watch.stop()
        self._transport.stop()
        self._waiting.clear()

    def _begin(self) -> None:
        self._pump.take_largest_gap()
        self._next_heartbeat = self._clock() + _HEARTBEAT_S
        self._watch.start()
        self._transport.start()

    def _end(self) -> None:
        # What the lost daemon asked for and nobody waits for any more is not done behind the user's back.
        self._waiting.clear()
        self._watch.stop()
        self._transport.stop()

    def _tick(self) -> None:
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.extend(self._link.poll())
        until = self._clock() + _BUDGET_S
        self._requests.go_on()
        while self._waiting and not self._requests.is_busy and self._clock() < until:
            self._requests.answer(self._waiting.popleft())
        if self._link.is_admitted:
            # What a transaction has half done is not told: its result comes with all of it, or with nothing.
            if not self._requests.is_busy:
                self._watch.flush(self._clock() + _BUDGET_S)
            self._transport.flush()
            self._beat()
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
