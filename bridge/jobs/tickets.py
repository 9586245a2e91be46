"""The job handle of the local backends: its state, and the callbacks on changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from musearoo.bridge.jobs.contract import (
    Deliver,
    Fault,
    Job,
    JobCancelled,
    JobError,
    JobHandle,
    JobResult,
    JobState,
    Progress,
)
from musearoo.bridge.settings.logs import LOG

Callback = Callable[[JobHandle], None]


class Ticket:
    """A JobHandle. Only the backend that made it calls `begin`, `make_way`, `wait_again`, `move` and `end`."""

    def __init__(
        self, number: int, job: Job, is_warming: bool, deliver: Deliver, ask_to_cancel: Callable[[Ticket], None]
    ) -> None:
        self.number = number
        self.job = job
        self.is_warming = is_warming
        self.priority = job.priority
        self.due = None if job.seconds is None else time.monotonic() + job.seconds
        self._deliver = deliver
        self._ask_to_cancel = ask_to_cancel
        self._news = threading.Condition()
        self._state = JobState.WAITING
        self._progress = Progress()
        self._result: JobResult | None = None
        self._error: JobError | None = None
        self._on_progress: list[Callback] = []
        self._on_end: list[Callback] = []
        self._unwanted = threading.Event()
        self._aside = threading.Event()

    @property
    def state(self) -> JobState:
        return self._state

    @property
    def progress(self) -> Progress:
        return self._progress

    @property
    def result(self) -> JobResult | None:
        return self._result

    @property
    def error(self) -> JobError | None:
        return self._error

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled, though it may still be running."""
        return self._unwanted.is_set()

    @property
    def is_late(self) -> bool:
        """Whether its deadline has passed."""
        return self.due is not None and time.monotonic() > self.due

    @property
    def makes_way(self) -> bool:
        """Whether the job is to be restarted after another one."""
        return self._aside.is_set()

    @property
    def is_to_stop(self) -> bool:
        """Whether it is to stop for now, for whatever reason."""
        return self.is_cancelled or self.is_late or self.makes_way

    def require_active(self) -> None:
        """Raise the error of a job that was cancelled or is late, else do nothing."""
        if self.is_cancelled:
            raise JobCancelled
        if self.is_late:
            raise JobError(
                f"The job {self.job.kind} was not done within its {self.job.seconds:g} s: it or others took longer.",
                Fault.LATE,
            )

    def cancel(self) -> None:
        if not self._state.is_end:
            self._unwanted.set()
            self._ask_to_cancel(self)

    def wait(self, seconds: float | None = None, on_progress: Callback | None = None) -> JobResult:
        until = None if seconds is None else time.monotonic() + seconds
        seen = Progress()
        while True:
            with self._news:
                while self._progress == seen and not self._state.is_end:
                    left = None if until is None else until - time.monotonic()
                    if left is not None and left <= 0.0:
                        raise TimeoutError(f"Job {self.number} ({self.job.kind}) has not ended within {seconds:g} s.")
                    self._news.wait(left)
                seen = self._progress
                if self._state.is_end:
                    break
            if on_progress is not None:
                on_progress(self)
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise JobError(f"Job {self.number} ended without a result.", Fault.OURS)
        return self._result

    def add_callbacks(self, on_progress: Callback | None, on_end: Callback | None) -> None:
        """Add callbacks; `on_end` is called now if the job has ended already."""
        with self._news:
            if on_progress is not None:
                self._on_progress.append(on_progress)
            if on_end is None:
                return
            if not self._state.is_end:
                self._on_end.append(on_end)
                return
        self._call(on_end)

    def begin(self) -> None:
        """Note that the job runs now."""
        with self._news:
            self._state = JobState.RUNNING

    def make_way(self) -> None:
        """Let another job run first, from the next report on."""
        self._aside.set()

    def wait_again(self) -> None:
        """Note that the job was preempted and waits again."""
        with self._news:
            self._state = JobState.WAITING
        self._aside.clear()

    def move(self, progress: Progress) -> None:
        """Update the progress, or restart it, which its fraction does not show."""
        with self._news:
            self._progress = Progress(max(progress.fraction, self._progress.fraction), progress.text)
            self._news.notify_all()
            callbacks = tuple(self._on_progress)
        for callback in callbacks:
            self._call(callback)

    def end(self, outcome: JobResult | JobError) -> None:
        """Note the job's result or error, and release its arrays."""
        self.job = replace(self.job, arrays={})
        with self._news:
            if isinstance(outcome, JobResult):
                self._result, self._state = outcome, JobState.DONE
                self._progress = Progress(1.0, self._progress.text)
            else:
                self._error = outcome
                self._state = JobState.CANCELLED if outcome.fault is Fault.CANCELLED else JobState.FAILED
            self._news.notify_all()
            callbacks = tuple(self._on_end)
        for callback in callbacks:
            self._call(callback)

    def _call(self, callback: Callback) -> None:
        def call() -> None:
            try:
                callback(self)
            except Exception:
                # The caller's code runs here: its exceptions must not stop other jobs.
                LOG.exception("A callback of job %d (%s) failed", self.number, self.job.kind)

        try:
            self._deliver(call)
        except RuntimeError as error:
            # The caller's event loop is closed: nobody is left to notify.
            LOG.debug("Nobody hears of job %d any more: %s", self.number, error)
