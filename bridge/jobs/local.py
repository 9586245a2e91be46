"""Jobs in a thread of this process, for the command line."""

from __future__ import annotations

import time
from collections.abc import Mapping

from musearoo.bridge.jobs.contract import Deliver, Job, JobCancelled, JobResult, Report, call_here
from musearoo.bridge.jobs.kinds import JOB_KINDS, JobKind
from musearoo.bridge.jobs.performing import Reporter, perform, warm
from musearoo.bridge.jobs.queueing import QueueBackend
from musearoo.bridge.jobs.tickets import Ticket

CLOSING = 5.0
"""Seconds in which a running job must reach its next report; its thread ends with the process at the latest."""


class LocalBackend(QueueBackend):
    """A JobBackend without a process of its own: a job that never reports cannot be stopped."""

    def __init__(self, kinds: Mapping[str, JobKind] = JOB_KINDS, deliver: Deliver = call_here) -> None:
        super().__init__(_LocalPerformer(kinds), kinds, deliver, CLOSING)


def perform_here(job: Job, report: Report) -> JobResult:
    """Run a job in this process and return its result; whatever `report` raises ends it. Raises its JobError."""
    backend = LocalBackend()
    try:
        handle = backend.submit(job)
        return handle.wait(on_progress=lambda current: report(current.progress.fraction, current.progress.text))
    finally:
        backend.close()


class _LocalPerformer:
    def __init__(self, kinds: Mapping[str, JobKind]) -> None:
        self._kinds = kinds

    def start(self) -> None:
        pass

    def perform(self, ticket: Ticket) -> JobResult:
        arrays = {name: array.view() for name, array in ticket.job.arrays.items()}
        for array in arrays.values():
            array.flags.writeable = False
        report = Reporter(ticket.move, lambda: ticket.is_to_stop)
        started = time.monotonic()
        try:
            data, results = perform(ticket.job.kind, self._kinds[ticket.job.kind], ticket.job.params, arrays, report)
        except JobCancelled:
            ticket.require_active()
            raise
        return JobResult(data, results, time.monotonic() - started)

    def warm(self, ticket: Ticket) -> JobResult:
        started = time.monotonic()
        warm(self._kinds[ticket.job.kind])
        return JobResult({}, {}, time.monotonic() - started)

    def interrupt(self, ticket: Ticket) -> None:
        """Do nothing: the job checks its ticket at its next report."""

    def close(self) -> None:
        pass
