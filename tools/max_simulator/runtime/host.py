"""The simulated Max itself: the scheduler, the low-priority queue, the frames, and the devices.

The figures are the defaults of Max's scheduler preferences (docs.cycling74.com, "Advanced Scheduler Settings").
Overdrive is on, as always in Live: timed events run in the scheduler thread, all others in the main thread.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from musearoo.tools.max_simulator.formats.faults import HostTimeout
from musearoo.tools.max_simulator.objects.host import Action
from musearoo.tools.max_simulator.outside.clock import MILLISECOND, SECOND, Clock, Thread, VirtualClock
from musearoo.tools.max_simulator.outside.files import Files, System, secret_files
from musearoo.tools.max_simulator.outside.live_api import LiveAccess
from musearoo.tools.max_simulator.outside.network import MemoryNetwork, Network, SocketNetwork
from musearoo.tools.max_simulator.outside.transport import Transport
from musearoo.tools.max_simulator.runtime.device import Device

SCHEDULER_INTERVAL = 1 * MILLISECOND
"""The interval between two scheduler ticks."""

POLL_THROTTLE = 20
"""The maximum number of events per scheduler tick."""

EVENT_INTERVAL = 2 * MILLISECOND
"""The interval between two services of the low-priority queue."""

QUEUE_THROTTLE = 10
"""The maximum number of events per service of the queue."""

FRAME_INTERVAL = 35 * MILLISECOND
"""The interval between two redraws: a little more than the documented 33 ms."""

LONGEST_WAIT = 10 * MILLISECOND
"""The interval of real time between two checks of an awaited condition, which may change outside Max."""


class MaxHost:
    """One Max with its devices, created for a Live, a clock and a network.

    The default network is MemoryNetwork under a virtual clock and SocketNetwork under a real one. `os` is the script's
    `max.os`. `files` are what its `File` can read: by default this machine's files under a real clock, a daemon's key
    in memory (SIMULATED_SECRET) under a virtual one. The documentation of Max 8 has a LiveAPI's id as text, older
    documentation as a number: `ids_are_text`. It is undocumented whether a message that returns to the script while it
    sends is handled immediately: `reenters`.
    """

    def __init__(
        self,
        live: LiveAccess,
        clock: Clock | None = None,
        network: Network | None = None,
        *,
        sample_rate: int = 48_000,
        os: System = "macintosh",
        files: Files | None = None,
        ids_are_text: bool = True,
        reenters: bool = True,
    ) -> None:
        self.live = live
        self.clock: Clock = VirtualClock() if clock is None else clock
        self.network: Network = network or (MemoryNetwork() if self.clock.is_virtual else SocketNetwork())
        self.sample_rate = sample_rate
        self.os: System = os
        self.files = files or (secret_files() if self.clock.is_virtual else Files())
        self.ids_are_text = ids_are_text
        self.reenters = reenters
        self.transport = Transport(sample_rate)
        self.devices: list[Device] = []
        self.thread = Thread.MAIN
        self.on_frame: list[Action] = []
        self._timed: list[tuple[int, int, Action]] = []
        self._counter = itertools.count()
        self._queue: deque[Action] = deque()
        self._next_service = 0
        self._next_frame = FRAME_INTERVAL
        self._is_dirty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def now(self) -> float:
        """Return the seconds since the start."""
        return self.clock.now() / SECOND

    def load(
        self,
        device: str | Path | bytes,
        *,
        key: int = 0,
        state: dict[str, Any] | None = None,
        restore: Literal["before", "after"] = "before",
    ) -> Device:
        """Load a device as Live does when it is dropped on a track or its set is opened; it runs with the host.

        `device` is an .amxd or its bytes; `key` identifies its position to the Live. `state` is a result of
        `save_state`. It is undocumented whether parameters are sent before or after `live.thisdevice`; `restore`
        chooses.
        """
        loaded = Device(self, device, key=key, state=state, restore=restore)
        self.devices.append(loaded)
        return loaded

    def sample_at(self, time: int) -> int:
        """Return the number of the audio sample at a time in microseconds."""
        return time * self.sample_rate // SECOND

    def play(self, bpm: float | None = None, beat: float | None = None) -> None:
        """Start Live's transport, or change its tempo or position while it runs, from the next sample on."""
        self.transport.change(self.sample_at(self.clock.now()), True, bpm, beat)

    def stop(self) -> None:
        """Stop Live's transport."""
        self.transport.change(self.sample_at(self.clock.now()), False)

    def close(self) -> None:
        """Delete all devices and close all ports."""
        for device in list(self.devices):
            device.delete()
        self.network.close()

    # ------------------------------------------------------------------------------------------ events

    def at(self, due: int, action: Action) -> None:
        """Run an action in the scheduler thread at a time in microseconds."""
        heapq.heappush(self._timed, (due, next(self._counter), action))

    def soon(self, action: Action) -> None:
        """Run an action in the scheduler thread at its next tick."""
        self.at(self.clock.now(), action)

    def defer(self, action: Action) -> None:
        """Put an action at the front of the low-priority queue, as `defer` does."""
        self._wake()
        self._queue.appendleft(action)

    def defer_low(self, action: Action) -> None:
        """Put an action at the end of the low-priority queue, as `deferlow` does."""
        self._wake()
        self._queue.append(action)

    def _wake(self) -> None:
        """Schedule the next service of an empty queue: on the grid of the event interval, never immediately."""
        if not self._queue:
            self._next_service = max(self._next_service, _next_multiple(self.clock.now(), EVENT_INTERVAL))

    def redraw(self) -> None:
        """Request a redraw."""
        if not self._is_dirty:
            self._is_dirty = True
            self._next_frame = _next_multiple(self.clock.now(), FRAME_INTERVAL)

    def run_for(self, seconds: float) -> None:
        """Let time pass."""
        self._run(None, self.clock.now() + round(seconds * SECOND))

    def run_until(self, condition: Callable[[], bool], within: float = 5.0, what: str = "what was waited for") -> None:
        """Let time pass until a condition is true. Raises HostTimeout, which names `what`, when it takes too long."""
        if not self._run(condition, self.clock.now() + round(within * SECOND)):
            raise HostTimeout(f"no {what} within {within:g} s")

    def _run(self, condition: Callable[[], bool] | None, until: int) -> bool:
        while True:
            if condition is not None and condition():
                return True
            due = self._next_due()
            now = self.clock.now()
            if due > until and now >= until:
                return False
            if due > now:
                self._wait(min(due, until) - now)
            else:
                self._serve(now)

    def _wait(self, microseconds: int) -> None:
        if self.clock.is_virtual:
            self.network.poll(0.0)
            self.clock.jump(self.clock.now() + microseconds)
        else:
            self.network.poll(min(microseconds, LONGEST_WAIT) / SECOND)

    def _next_due(self) -> int:
        """Return the time of the next event, each kind on its own grid."""
        dues = [2**63]
        if self._timed:
            dues.append(_next_multiple(self._timed[0][0], SCHEDULER_INTERVAL))
        if self._queue:
            dues.append(self._next_service)
        if self._is_dirty:
            dues.append(self._next_frame)
        return min(dues)

    def _serve(self, now: int) -> None:
        """Run what is due: the scheduler thread first."""
        if not self.clock.is_virtual:
            self.network.poll(0.0)
        self._tick(now)
        if self._queue and now >= self._next_service:
            self._next_service = _after(now, EVENT_INTERVAL)
            for _ in range(min(QUEUE_THROTTLE, len(self._queue))):
                self._do(self._queue.popleft(), Thread.MAIN)
        if self._is_dirty and now >= self._next_frame:
            self._is_dirty = False
            for drawn in self.on_frame:
                drawn()

    def _tick(self, now: int) -> None:
        for _ in range(POLL_THROTTLE):
            if not self._timed or _next_multiple(self._timed[0][0], SCHEDULER_INTERVAL) > now:
                return
            self._do(heapq.heappop(self._timed)[2], Thread.SCHEDULER)
        # The rest waits for the next tick.
        late = [entry for entry in self._timed if entry[0] <= now]
        if late:
            tick = _after(now, SCHEDULER_INTERVAL)
            self._timed = [(max(due, tick), turn, action) for due, turn, action in self._timed]
            heapq.heapify(self._timed)

    def _do(self, action: Action, thread: Thread) -> None:
        before, self.thread = self.thread, thread
        try:
            action()
        finally:
            self.thread = before


def _next_multiple(time: int, step: int) -> int:
    """Return the first multiple of `step` that is not before `time`."""
    return -(-time // step) * step


def _after(time: int, step: int) -> int:
    """Return the first multiple of `step` after `time`."""
    return (time // step + 1) * step
