"""The interface of the simulated Max to objects and devices; implemented by `MaxHost`."""

from collections.abc import Callable
from typing import Any, Protocol

from musearoo.tools.max_simulator.outside.clock import Clock, Thread
from musearoo.tools.max_simulator.outside.files import Files, System
from musearoo.tools.max_simulator.outside.live_api import LiveAccess
from musearoo.tools.max_simulator.outside.network import Network
from musearoo.tools.max_simulator.outside.transport import Transport

Action = Callable[[], None]


class Host(Protocol):
    """Time, threads, queues and the outside world."""

    live: LiveAccess
    clock: Clock
    network: Network
    sample_rate: int
    os: System
    files: Files
    ids_are_text: bool
    reenters: bool
    transport: Transport
    thread: Thread
    on_frame: list[Action]

    @property
    def devices(self) -> list[Any]:
        """The devices that run in it."""

    @property
    def now(self) -> float:
        """Return the seconds since the start."""

    def sample_at(self, time: int) -> int:
        """Return the number of the audio sample at a time in microseconds."""

    def at(self, due: int, action: Action) -> None:
        """Run an action in the scheduler thread at a time in microseconds."""

    def soon(self, action: Action) -> None:
        """Run an action in the scheduler thread at its next tick."""

    def defer(self, action: Action) -> None:
        """Put an action at the front of the low-priority queue, as `defer` does."""

    def defer_low(self, action: Action) -> None:
        """Put an action at the end of the low-priority queue, as `deferlow` does."""

    def redraw(self) -> None:
        """Request a redraw."""

    def play(self, bpm: float | None = None, beat: float | None = None) -> None:
        """Start Live's transport, or change its tempo or position while it runs."""

    def run_for(self, seconds: float) -> None:
        """Let time pass."""

    def run_until(self, condition: Callable[[], bool], within: float = 5.0, what: str = "") -> None:
        """Let time pass until a condition is true. Raises HostTimeout, which names `what`, when it takes too long."""
