"""What the server and a task runner, a process for long tasks, send each other: plain data, pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from musearoo.bridge.api.composers.messages import Ready, Refused, Returned, SetSource
from musearoo.bridge.api.types.answers import JobPhase


@dataclass(frozen=True, slots=True)
class Task:
    """Perform a function of `tasks.TASKS` by name, with plain data."""

    number: int
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SetNeeded:
    """To the server: send the set of the task's session, as it is now."""

    number: int


@dataclass(frozen=True, slots=True)
class SetGiven:
    """To the task runner: the set, or why there is none: the session may have been closed meanwhile."""

    source: SetSource | None
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """To the server: a task's progress."""

    number: int
    phase: JobPhase
    fraction: float
    text: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """To the server: a cancelled task has stopped."""

    number: int


@dataclass(frozen=True, slots=True)
class DiskFull:
    """To the server: a task has failed for a full disk."""

    number: int


FromRunner = Ready | SetNeeded | Moved | Stopped | DiskFull | Returned | Refused
