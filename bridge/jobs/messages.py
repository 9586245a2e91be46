"""Messages between the daemon and its worker process. Arrays travel in shared memory instead."""

from __future__ import annotations

from dataclasses import dataclass

from musearoo.bridge.jobs.contract import Fault, JobError, Params, Progress
from musearoo.bridge.jobs.shared_arrays import Layout


@dataclass(frozen=True, slots=True)
class Perform:
    """To the worker: perform a job. `results` names the shared memory for its arrays."""

    number: int
    kind: str
    params: Params
    arrays: Layout | None
    results: str
    request: str = ""
    """The id of the request that it is for, for the log."""


@dataclass(frozen=True, slots=True)
class Warm:
    """To the worker: load what jobs of this kind need."""

    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Taken:
    """To the worker: the arrays of the last result have been copied."""


@dataclass(frozen=True, slots=True)
class Ready:
    """To the daemon: the worker accepts jobs."""


@dataclass(frozen=True, slots=True)
class Moved:
    """To the daemon: a job's progress."""

    number: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Succeeded:
    """To the daemon: the result of a job."""

    number: int
    data: Params
    arrays: Layout | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """To the daemon: why a job failed; `details` are for the log."""

    number: int
    sentence: str
    fault: Fault
    details: str = ""

    def as_error(self) -> JobError:
        """The error that the caller gets."""
        return JobError(self.sentence, self.fault)
