"""Jobs and the contract that every job backend keeps, on this machine or another. Types only.

A job's function has this form, whatever the backend; it stands in the table of kinds (`bridge.jobs.kinds`):

    def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]

`params` are plain data, `arrays` cannot be written to. `report(fraction, text)` tells how far the work is, and raises
`JobCancelled` when it is no longer wanted: call it between steps, every tenth of a second where that can be, from the
thread that the function runs in, and let the exception pass. What the user gave wrongly is a ParamError, what the
machine lacks an EngineError. A module that has a function `warm()` besides has it called ahead of the first job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    # For types alone: the daemon starts without NumPy.
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

Params = Mapping[str, Any]
"""Names and plain data: None, truth, numbers, text, bytes, and lists, tuples and dicts with text for keys of these."""

Arrays = Mapping[str, "Array"]
Report = Callable[[float, str], None]
JobFunction = Callable[[Params, Arrays, Report], tuple[Params, Arrays]]


class Priority(IntEnum):
    """Whose turn it is first; within one priority, who came first."""

    PRESS = 0
    """Someone pressed a button and waits."""
    ASKED = 1
    """Someone asked, and does other things meanwhile."""
    BACKGROUND = 2
    """Nobody asked: while it runs it makes way for whoever did, and begins anew after them."""


class JobState(Enum):
    """The state of a job. The last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether nothing follows."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Fault(Enum):
    """Whose fault it is that a job gave no result."""

    USER = "user"
    """A value that cannot be worked with: the sentence names it."""
    MACHINE = "machine"
    """Something is missing, too small or died: the sentence says what to do."""
    OURS = "ours"
    """A bug in the job: the traceback is in the log."""
    LATE = "late"
    """The job's own deadline passed."""
    CANCELLED = "cancelled"
    """Nobody's: it was not wanted any more."""


class JobError(Exception):
    """The reason why a job has no result, in one sentence, and whose fault it is."""

    def __init__(self, sentence: str, fault: Fault) -> None:
        super().__init__(sentence)
        self.fault = fault

    def __reduce__(self) -> tuple[type[JobError], tuple[str, Fault]]:
        return type(self), (str(self), self.fault)


class JobCancelled(BaseException):
    """Raised by `report` in a job that was cancelled; no library's `except Exception` catches it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job: `fraction` of 0 to 1, which never falls, and its current step."""

    fraction: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Work to be done. Its arrays must stay as they are until it has ended.

    `seconds`: how long after being submitted it is still of use, None for ever; looked at when its turn comes and as
    it runs. `key`: a job with the same key as one that has not ended is that one; "" for none.
    """

    kind: str
    params: Params = field(default_factory=dict)
    arrays: Arrays = field(default_factory=dict)
    priority: Priority = Priority.ASKED
    seconds: float | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class JobResult:
    """The result of a job, and how long its function ran."""

    data: Params
    arrays: Arrays
    seconds: float


class JobHandle(Protocol):
    """A submitted job. All methods may be called from any thread."""

    @property
    def number(self) -> int:
        """The number of the job, counted from 1 within its backend."""

    @property
    def state(self) -> JobState:
        """The state of the job."""

    @property
    def progress(self) -> Progress:
        """The progress of the job."""

    @property
    def result(self) -> JobResult | None:
        """The result, once the job is DONE."""

    @property
    def error(self) -> JobError | None:
        """The error, once the job has FAILED or was CANCELLED."""

    def cancel(self) -> None:
        """Cancel the job: at once while it waits, at its next report while it runs.

        A job that is past its last report ends as it would have.
        """

    def wait(self, seconds: float | None = None, on_progress: Callable[[JobHandle], None] | None = None) -> JobResult:
        """Its result, waited for in this thread, which calls `on_progress` too; raises its JobError or TimeoutError."""


class JobBackend(Protocol):
    """Performs jobs, one at a time, in the order of their priority.

    `on_progress` is called at most ten times a second, `on_end` once and after it, and each where the backend was told
    to call (see `Deliver`); a repeat of a key adds its callbacks to the job that there is, and may raise its priority.
    A job that runs out of memory is tried once more, smaller where its kind knows how. What dies or hangs while it
    performs a job is replaced, and the job tried once more. Jobs may be submitted from any thread, callbacks included.
    """

    def submit(
        self,
        job: Job,
        on_progress: Callable[[JobHandle], None] | None = None,
        on_end: Callable[[JobHandle], None] | None = None,
    ) -> JobHandle:
        """The handle of a job, at once; raises JobError for a kind that is unknown, and when closed."""

    def warm(self, kind: str) -> JobHandle:
        """Load ahead of time what jobs of a kind need; the handle ends when that is done."""

    def close(self) -> None:
        """Cancel everything and end what it started, within seconds; a second call does nothing."""


Deliver = Callable[[Callable[[], None]], object]
"""Has a callback called: `loop.call_soon_threadsafe` has an event loop do it, `call_here` the backend's own thread."""


def call_here(callback: Callable[[], None]) -> None:
    """Call the function at once, in the caller's thread."""
    callback()


def require_plain(value: object, where: str) -> None:
    """Raise TypeError, naming the place, unless a value is plain data that any backend can carry.

    >>> require_plain({"bpm": 120.0, "path": object()}, "params")
    Traceback (most recent call last):
    TypeError: params.path must be plain data, but is object
    """
    if isinstance(value, Mapping):
        for name, part in value.items():
            if not isinstance(name, str):
                raise TypeError(f"{where} must have text for keys, but has {name!r}")
            require_plain(part, f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            require_plain(part, f"{where}[{place}]")
    elif value is not None and not isinstance(value, bool | int | float | str | bytes):
        raise TypeError(f"{where} must be plain data, but is {type(value).__name__}")
