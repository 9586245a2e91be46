"""Jobs, and the contract of every job backend, on this machine or another. Types only.

A job's function has this signature, whatever the backend; the table of kinds names it (`bridge.jobs.kinds`):

    def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]

`params` are plain data, `arrays` are read-only. `report(fraction, text)` reports progress, and raises `JobCancelled`
once the job is cancelled: call it between steps, every tenth of a second if possible, from the thread that the function
runs in, and let the exception pass. Raise ParamError for a user's wrong value, and EngineError for what the machine
lacks. If the module has a function `warm()`, it is called ahead of the first job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Protocol

from musearoo.bridge.settings.logs import REQUEST

if TYPE_CHECKING:
    # Imported for types only, because the daemon starts without NumPy.
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

Params = Mapping[str, Any]
"""Named plain data: None, bool, int, float, str, bytes, and lists, tuples and dicts (with str keys) of these."""

Arrays = Mapping[str, "Array"]
Report = Callable[[float, str], None]
JobFunction = Callable[[Params, Arrays, Report], tuple[Params, Arrays]]


def share_report(report: Report, begin: float, end: float) -> Report:
    """Return a report function that maps a step's progress to its share of a job, from `begin` to `end`."""
    return lambda fraction, text: report(begin + fraction * (end - begin), text)


class Priority(IntEnum):
    """The priority of a job; equal priorities run in the order of submission."""

    PRESS = 0
    """The user pressed a button and waits."""
    ASKED = 1
    """The user asked for it, and does other things meanwhile."""
    BACKGROUND = 2
    """Nobody asked for it: a job of higher priority preempts it, and it restarts afterwards."""


class JobState(Enum):
    """The state of a job. The last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether the state is final."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Fault(Enum):
    """The cause of a job's failure."""

    USER = "user"
    """An invalid value of the user's, which the sentence names."""
    MACHINE = "machine"
    """Something on the machine is missing, too small or died; the sentence says what to do."""
    OURS = "ours"
    """A bug in the job: the traceback is in the log."""
    LATE = "late"
    """The job's own deadline passed."""
    CANCELLED = "cancelled"
    """Not a failure: the job was cancelled."""


class JobError(Exception):
    """The reason why a job has no result, in one sentence, and the cause."""

    def __init__(self, sentence: str, fault: Fault) -> None:
        super().__init__(sentence)
        self.fault = fault

    def __reduce__(self) -> tuple[type[JobError], tuple[str, Fault]]:
        return type(self), (str(self), self.fault)


class JobCancelled(BaseException):
    """Raised by `report` in a job that was cancelled; no library's `except Exception` catches it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job: `fraction` (0..1, never decreasing), and its current step."""

    fraction: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A job to submit. Its arrays must not change until it has ended.

    `seconds`: its deadline, counted from submission, None for none; checked when it starts and as it runs. `key`: a job
    with the key of an unfinished one joins that one; "" for none.
    """

    kind: str
    params: Params = field(default_factory=dict)
    arrays: Arrays = field(default_factory=dict)
    priority: Priority = Priority.ASKED
    seconds: float | None = None
    key: str = ""
    request: str = field(default_factory=REQUEST.get)
    """The id of the request that it is for, for the log."""


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
        """The job's number, from 1 within its backend."""

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

        A job that is past its last report ends normally.
        """

    def wait(self, seconds: float | None = None, on_progress: Callable[[JobHandle], None] | None = None) -> JobResult:
        """Wait for the result in this thread, which also calls `on_progress`; raises its JobError or TimeoutError."""


class JobBackend(Protocol):
    """Perform jobs, one at a time, by priority.

    `on_progress` is called at most ten times a second, then `on_end` once, both by way of `Deliver`. A repeated key
    adds its callbacks to the existing job, and may raise its priority. A job that runs out of memory is retried once,
    smaller if its kind can shrink it. A process that dies or hangs in a job is replaced, and the job retried once. Any
    thread may submit jobs, also from callbacks.
    """

    def submit(
        self,
        job: Job,
        on_progress: Callable[[JobHandle], None] | None = None,
        on_end: Callable[[JobHandle], None] | None = None,
    ) -> JobHandle:
        """Return the handle of a job at once; raises JobError for an unknown kind, and after `close`."""

    def warm(self, kind: str) -> JobHandle:
        """Load what jobs of a kind need ahead of time; the handle ends when that is done."""

    @property
    def unfinished(self) -> int:
        """Jobs that wait or run."""

    def close(self) -> None:
        """Cancel all jobs and end all processes, within seconds; a second call does nothing."""


Deliver = Callable[[Callable[[], None]], object]
"""Run a callback: `loop.call_soon_threadsafe` in an event loop, `call_here` in the backend's own thread."""


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
