"""The job queue of the local backends: one thread takes jobs by priority and passes them to a performer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Protocol

from musearoo.bridge.jobs.contract import (
    Deliver,
    Fault,
    Job,
    JobCancelled,
    JobError,
    JobHandle,
    JobResult,
    Priority,
    require_plain,
)
from musearoo.bridge.jobs.kinds import JobKind
from musearoo.bridge.jobs.performing import explain, require_numbers
from musearoo.bridge.jobs.tickets import Callback, Ticket
from musearoo.bridge.settings.logs import DETAILS, LOG, about_request


class Performer(Protocol):
    """Perform one job at a time, in the queue's thread."""

    def start(self) -> None:
        """Prepare for the first job; called once, in the queue's thread."""

    def perform(self, ticket: Ticket) -> JobResult:
        """Run a job and return its result; raises JobCancelled, JobError, or whatever its function raised."""

    def warm(self, ticket: Ticket) -> JobResult:
        """Load what jobs of this kind need; raises as `perform` does."""

    def interrupt(self, ticket: Ticket) -> None:
        """Interrupt a job that was cancelled. Any thread may call this, while the job may be running."""

    def close(self) -> None:
        """Release all resources. Called once, in the queue's thread, when no job runs."""


class QueueBackend:
    """A JobBackend: a queue in front of a performer. `deliver` chooses the thread of the callbacks."""

    def __init__(self, performer: Performer, kinds: Mapping[str, JobKind], deliver: Deliver, closing: float) -> None:
        self._performer = performer
        self._kinds = kinds
        self._deliver = deliver
        self._closing = closing
        self._news = threading.Condition()
        self._waiting: list[Ticket] = []
        self._running: Ticket | None = None
        self._made = 0
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="musearoo jobs", daemon=True)
        self._thread.start()

    def submit(self, job: Job, on_progress: Callback | None = None, on_end: Callback | None = None) -> JobHandle:
        require_plain(job.params, "params")
        require_numbers(job.arrays)
        return self._add(job, on_progress, on_end, is_warming=False)

    def warm(self, kind: str) -> JobHandle:
        return self._add(Job(kind, priority=Priority.BACKGROUND), None, None, is_warming=True)

    @property
    def unfinished(self) -> int:
        with self._news:
            return len(self._waiting) + (self._running is not None)

    def close(self) -> None:
        with self._news:
            self._closed = True
            tickets = [*self._waiting, *([self._running] if self._running else [])]
            self._news.notify_all()
        for ticket in tickets:
            ticket.cancel()
        if threading.current_thread() is not self._thread:
            self._thread.join(self._closing)

    def _add(self, job: Job, on_progress: Callback | None, on_end: Callback | None, *, is_warming: bool) -> Ticket:
        if job.kind not in self._kinds:
            raise JobError(f"There are no jobs of the kind {job.kind!r}, only {', '.join(self._kinds)}.", Fault.OURS)
        with self._news:
            if self._closed:
                raise JobError(f"The job {job.kind} came too late: MuseAroo is closing.", Fault.CANCELLED)
            ticket = self._find_twin(job)
            if ticket is None:
                self._made += 1
                ticket = Ticket(self._made, job, is_warming, self._deliver, self._drop)
                self._waiting.append(ticket)
            ticket.priority = min(ticket.priority, job.priority)
            ticket.add_callbacks(on_progress, on_end)
            self._news.notify_all()
            running = self._running
            yielding = running if running is not None and _goes_before(ticket, running) else None
        if yielding is not None:
            yielding.make_way()
            self._performer.interrupt(yielding)
        return ticket

    def _find_twin(self, job: Job) -> Ticket | None:
        """Return the unfinished job of the same key, unless it was cancelled."""
        alive = [*self._waiting, *([self._running] if self._running else [])]
        twins = (each for each in alive if job.key and each.job.key == job.key and not each.is_cancelled)
        return next(twins, None)

    def _drop(self, ticket: Ticket) -> None:
        """Cancel a job: at once if it waits, by the performer if it runs."""
        with self._news:
            is_waiting = ticket in self._waiting
            if is_waiting:
                self._waiting.remove(ticket)
        if is_waiting:
            ticket.end(explain(ticket.job.kind, JobCancelled())[0])
        else:
            self._performer.interrupt(ticket)

    def _serve(self) -> None:
        """Perform jobs until closed."""
        self._performer.start()
        while (ticket := self._take()) is not None:
            with about_request(ticket.job.request):
                outcome = self._attempt(ticket)
            if outcome is None:
                continue
            with self._news:
                self._running = None
            ticket.end(outcome)
        self._performer.close()

    def _attempt(self, ticket: Ticket) -> JobResult | JobError | None:
        """Perform a job and return its outcome; None if it was preempted and waits again."""
        try:
            return self._perform(ticket)
        except BaseException as error:
            if isinstance(error, JobCancelled) and self._put_back(ticket):
                return None
            # An exception ends its job alone: the queue goes on.
            outcome, details = explain(ticket.job.kind, error)
            if details:
                LOG.error("Job %d (%s) failed", ticket.number, ticket.job.kind, extra={DETAILS: details})
            return outcome

    def _put_back(self, ticket: Ticket) -> bool:
        """Queue a preempted job again; returns False if it was not preempted, or was cancelled."""
        with self._news:
            if self._closed or ticket.is_cancelled or not ticket.makes_way:
                return False
            ticket.wait_again()
            self._running = None
            self._waiting.append(ticket)
        return True

    def _perform(self, ticket: Ticket) -> JobResult:
        ticket.require_active()
        return self._performer.warm(ticket) if ticket.is_warming else self._performer.perform(ticket)

    def _take(self) -> Ticket | None:
        """Wait for the next job and return it; None once closed and empty."""
        with self._news:
            while not self._waiting and not self._closed:
                self._news.wait()
            if not self._waiting:
                return None
            ticket = min(self._waiting, key=lambda each: (each.priority, each.number))
            self._waiting.remove(ticket)
            self._running = ticket
            ticket.begin()
            return ticket


def _goes_before(ticket: Ticket, running: Ticket) -> bool:
    """Whether a job preempts the running one: the user asked for it, and the running one is in the background."""
    can_yield = running.priority is Priority.BACKGROUND and not running.is_warming
    return can_yield and ticket is not running and ticket.priority < Priority.BACKGROUND
