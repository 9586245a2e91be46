"""What objects and devices need of the simulated Max that they run in; `MaxHost` is the one class that has it."""

from collections.abc import Callable
from typing import Any, Protocol

from musearoo.tools.max_simulator.outside.clock import Clock, Thread
from musearoo.tools.max_simulator.outside.files import Files, System
from musearoo.tools.max_simulator.outside.live_api import LiveAccess
from musearoo.tools.max_simulator.outside.network import Network
from musearoo.tools.max_simulator.outside.transport import Transport

Action = Callable[[], None]


class Host(Protocol):
    """Time, threads and queues, and what lies outside of Max."""

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
        """Seconds since the start."""

    def sample_at(self, time: int) -> int:
        """The number of the audio sample at a time in microseconds."""

    def at(self, due: int, action: Action) -> None:
        """Has something done in the scheduler's thread at a time in microseconds."""

    def soon(self, action: Action) -> None:
        """Has something done in the scheduler's thread at its next tick."""

    def defer(self, action: Action) -> None:
        """Puts something in front of the queue of low priority, as `defer` does."""

    def defer_low(self, action: Action) -> None:
        """Puts something at the end of the queue of low priority, as `deferlow` does."""

    def redraw(self) -> None:
        """Says that something on a face has changed."""

    def play(self, bpm: float | None = None, beat: float | None = None) -> None:
        """Starts Live's transport, or changes its tempo or place while it runs."""

    def run_for(self, seconds: float) -> None:
        """Lets time pass."""

    def run_until(self, condition: Callable[[], bool], within: float = 5.0, what: str = "") -> None:
        """Lets time pass until something holds; raises HostTimeout naming `what` when it does not in time."""
