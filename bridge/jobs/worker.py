"""The default job backend: one spawned worker process, which keeps its models loaded and does all heavy work.

A worker that dies, stops its heartbeat for ten seconds, or whose job reports nothing for minutes, is killed and
replaced; its job is retried once.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import secrets
import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.jobs.contract import Deliver, Fault, JobCancelled, JobError, JobResult, call_here
from musearoo.bridge.jobs.kinds import JOB_KINDS, JobKind
from musearoo.bridge.jobs.messages import Failed, Moved, Perform, Ready, Succeeded, Taken, Warm
from musearoo.bridge.jobs.queueing import QueueBackend
from musearoo.bridge.jobs.shared_arrays import SharedArrays, remove_segment
from musearoo.bridge.jobs.tickets import Ticket
from musearoo.bridge.jobs.worker_process import CANCELLED_JOB, REPORTS, SHARED_NUMBERS, WorkerSetup, run_worker
from musearoo.bridge.process.supervised import SupervisedProcess
from musearoo.bridge.process.watchdog import STARTS_WITHIN, Watchdog
from musearoo.bridge.settings.logs import DETAILS, LOG

HUNG_AFTER: Final = 10.0
"""Seconds without a heartbeat, or after a cancel or deadline that the job ignores, after which a worker is killed."""

SILENT_AFTER: Final = 600.0
"""Seconds without a report of its job after which a worker counts as hung in a library despite its heartbeat: steps
take seconds, and the longest step of any job, the chords of half an hour, some minutes on a slow machine."""

CLOSE_WITHIN: Final = 1.0
"""Seconds that a worker has to exit by itself."""

LOOK_EVERY: Final = 0.25
"""Seconds between two checks of a worker's heartbeat."""

TRIES: Final = 2
"""Attempts at a job whose worker dies."""


class _DeadWorkerError(Exception):
    """The worker has ended, or must be ended; the message says how."""


class WorkerBackend(QueueBackend):
    """A JobBackend with one process of its own, started at once. `output` is the file for library output."""

    def __init__(
        self,
        kinds: Mapping[str, JobKind] = JOB_KINDS,
        deliver: Deliver = call_here,
        output: Path | None = None,
        budget: int | None = None,
        hung_after: float = HUNG_AFTER,
        silent_after: float = SILENT_AFTER,
    ) -> None:
        self._worker = _WorkerPerformer(WorkerSetup(dict(kinds), output, budget), hung_after, silent_after)
        super().__init__(self._worker, kinds, deliver, CLOSE_WITHIN * 3)

    @property
    def pid(self) -> int | None:
        """The worker's process id, None without one."""
        return self._worker.pid

    def close(self) -> None:
        self._worker.hurry()
        super().close()


class _WorkerPerformer:
    def __init__(self, setup: WorkerSetup, hung_after: float, silent_after: float) -> None:
        self._setup = setup
        self._hung_after = hung_after
        self._silent_after = silent_after
        self._shared: Any = multiprocessing.get_context("spawn").RawArray("Q", SHARED_NUMBERS)
        self._child: SupervisedProcess | None = None
        self._name = f"musearoo-{os.getpid()}-{secrets.token_hex(4)}"
        self._hurry = threading.Event()

    @property
    def pid(self) -> int | None:
        child = self._child
        return None if child is None else child.pid

    def start(self) -> None:
        try:
            self._connect()
        except _DeadWorkerError as died:
            # The first job tries again, and reports a failure to its caller.
            LOG.warning("The worker %s at its start", died)

    def hurry(self) -> None:
        """Kill jobs that do not stop at once, because the daemon closes."""
        self._hurry.set()

    def interrupt(self, ticket: Ticket) -> None:
        self._shared[CANCELLED_JOB] = ticket.number

    def perform(self, ticket: Ticket) -> JobResult:
        job = ticket.job
        # A preempted job restarts under the same number.
        self._shared[CANCELLED_JOB] = 0
        given = None
        if job.arrays:
            try:
                given = SharedArrays.write(f"{self._name}-{ticket.number}-in", job.arrays)
            except OSError as error:
                size = sum(array.nbytes for array in job.arrays.values())
                raise JobError(
                    f"The audio for the job {job.kind} ({size / 1e6:.0f} MB) does not fit into shared memory "
                    f"({error.strerror}): give it a shorter piece, or enlarge /dev/shm.",
                    Fault.MACHINE,
                ) from error
        results = f"{self._name}-{ticket.number}-out"
        layout = given.layout if given else None
        command = Perform(ticket.number, job.kind, job.params, layout, results, request=job.request)
        if given is not None and os.name == "posix":
            # The worker opens it by name; kept open here, it would count as the daemon's memory.
            given.release()
        try:
            return self._insist(ticket, command)
        finally:
            if given is not None:
                given.release()
                remove_segment(given.layout.segment)

    def warm(self, ticket: Ticket) -> JobResult:
        return self._insist(ticket, Warm(ticket.number, ticket.job.kind))

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end(CLOSE_WITHIN)

    def _insist(self, ticket: Ticket, command: Perform | Warm) -> JobResult:
        """Return the worker's answer; a worker that dies is replaced, and the job retried once."""
        tries = 0
        while True:
            tries += 1
            when = "at its start"
            try:
                child = self._connect()
                when = f"during the job {ticket.job.kind}"
                self._send(child, command)
                return self._take(child, self._follow(child, ticket))
            except _DeadWorkerError as died:
                self._bury(command)
                ticket.require_active()
                LOG.warning("The worker %s %s (job %d)", died, when, ticket.number)
                if tries == TRIES:
                    raise JobError(
                        f"The worker {died} {when}, {TRIES} times: memory may be short, or a library be broken; "
                        "worker.log beside the log may tell.",
                        Fault.MACHINE,
                    ) from died

    def _connect(self) -> SupervisedProcess:
        """Return the worker, started now if there is none."""
        if self._child is not None and self._child.process.is_alive():
            return self._child
        self.close()
        try:
            child = SupervisedProcess("worker", run_worker, (self._shared, self._setup), self._hung_after, LOOK_EVERY)
        except OSError as error:
            raise _DeadWorkerError(f"could not be started ({error})") from error
        self._child = child
        until = time.monotonic() + STARTS_WITHIN
        while not _has_news(child.connection, LOOK_EVERY):
            if self._hurry.is_set() or time.monotonic() > until:
                raise _DeadWorkerError(f"did not start within {STARTS_WITHIN:g} s")
        if not isinstance(self._receive(child), Ready):
            raise _DeadWorkerError("said something else than that it is ready")
        return child

    def _follow(self, child: SupervisedProcess, ticket: Ticket) -> Succeeded:
        """Return the job's result, passing its progress on and watching the worker meanwhile."""
        shared = self._shared
        reports = Watchdog(lambda: shared[REPORTS], LOOK_EVERY)
        cancelled_since: float | None = None
        while True:
            ready = wait([child.connection, child.process.sentinel], LOOK_EVERY)
            if _has_news(child.connection):
                answer = self._receive(child)
                match answer:
                    case Moved() if answer.number == ticket.number:
                        ticket.move(answer.progress)
                    case Succeeded():
                        return answer
                    case Failed(fault=Fault.CANCELLED):
                        ticket.require_active()
                        raise JobCancelled
                    case Failed():
                        if answer.details:
                            LOG.error(
                                "Job %d (%s) failed", ticket.number, ticket.job.kind, extra={DETAILS: answer.details}
                            )
                        raise answer.as_error()
            elif child.process.sentinel in ready:
                raise _DeadWorkerError(child.describe_end(CLOSE_WITHIN))
            elif child.is_hung():
                raise _DeadWorkerError(f"showed no sign of life for {self._hung_after:g} s")
            elif reports.look() > self._silent_after:
                raise _DeadWorkerError(f"got no further for {self._silent_after:g} s")
            if ticket.is_to_stop:
                self._shared[CANCELLED_JOB] = ticket.number
            if ticket.is_cancelled or ticket.is_late:
                cancelled_since = cancelled_since or time.monotonic()
                if time.monotonic() - cancelled_since > (CLOSE_WITHIN if self._hurry.is_set() else self._hung_after):
                    raise _DeadWorkerError("did not give the job up")

    def _take(self, child: SupervisedProcess, answer: Succeeded) -> JobResult:
        if answer.arrays is None:
            return JobResult(answer.data, {}, answer.seconds)
        try:
            shared = SharedArrays.open(answer.arrays)
        except FileNotFoundError as error:
            raise _DeadWorkerError("ended before its results were taken") from error
        try:
            arrays = shared.copy()
        finally:
            shared.release()
            remove_segment(answer.arrays.segment)
        with contextlib.suppress(_DeadWorkerError):
            # The job is done: the next one notices that the worker has gone.
            self._send(child, Taken())
        return JobResult(answer.data, arrays, answer.seconds)

    def _send(self, child: SupervisedProcess, command: Perform | Warm | Taken) -> None:
        try:
            child.connection.send(command)
        except OSError as error:
            raise _DeadWorkerError("ended") from error

    def _receive(self, child: SupervisedProcess) -> Any:
        try:
            return child.connection.recv()
        except (EOFError, OSError) as error:
            raise _DeadWorkerError(child.describe_end(CLOSE_WITHIN)) from error

    def _bury(self, command: Perform | Warm) -> None:
        """Kill the worker and remove its shared memory."""
        child, self._child = self._child, None
        if child is not None:
            child.connection.close()
            child.kill()
        if isinstance(command, Perform):
            remove_segment(command.results)


def _has_news(connection: Connection[Any, Any], seconds: float = 0.0) -> bool:
    """Whether something can be read, including the end of the connection."""
    try:
        return connection.poll(seconds)
    except OSError:
        return True
