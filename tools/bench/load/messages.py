"""What the bench tells the process of its clients, and what that answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from musearoo.tools.bench.load.arrivals import Arrival

DONE = 200
"""The status of a request that gave a take; problems have their own."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user with a session of their own."""

    session: str
    token: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect more people, each at a time in seconds from now."""

    port: int
    people: tuple[Person, ...]
    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Connected:
    """How many of all are connected, and the milliseconds that each new one took from TCP to its welcome.

    `refused` counts the problems that came in place of a welcome, by status.
    """

    connections: int
    milliseconds: tuple[float, ...]
    refused: dict[int, int]


@dataclass(frozen=True, slots=True)
class RunOpen:
    """Send requests when they are meant to begin, answered or not."""

    arrivals: tuple[Arrival, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class RunClosed:
    """As many people at once ask again as soon as they are answered, for so long."""

    people: int
    seconds: float


@dataclass(slots=True)
class Ran:
    """What came of a run's requests.

    `milliseconds` are those of takes, from the intended start; `late` how much later requests were sent than meant.
    `statuses` counts the answers; `lost` had none; `without_retry` were shed without a time to try again. `requests`
    are the ids of what was acknowledged.
    """

    seconds: float
    sent: int = 0
    milliseconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    lost: int = 0
    without_retry: int = 0
    requests: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0


Command = Connect | RunOpen | RunClosed
