"""The lanes of jobs: what runs, what waits, and how long each should still take.

Jobs of a lane run one after the other, first come, first served; heavy ones (models) do not hold up light ones
(renders).
"""

from __future__ import annotations

import time
from typing import Final

from musearoo.bridge.api.jobs.work import Lane, RunningJob
from musearoo.bridge.store.records import JobStateName

AT_ONCE: Final[dict[Lane, int]] = {"heavy": 1, "light": 1, "live": 8}
"""Jobs of a lane that run at once. Those in Live are performed by the daemon, which has a queue of its own."""
SMOOTHING: Final = 0.3
USUAL_SECONDS: Final = 10.0
"""What a job is expected to take before one of its kind was done."""
SURE_FROM: Final = 0.02
"""The fraction from which on the time that is left can be told."""


class Lanes:
    """The unfinished jobs of this server. For the event loop's thread only."""

    def __init__(self) -> None:
        self._waiting: dict[Lane, list[RunningJob]] = {lane: [] for lane in AT_ONCE}
        self._running: dict[Lane, list[RunningJob]] = {lane: [] for lane in AT_ONCE}
        self._usual: dict[str, float] = {}

    @property
    def running(self) -> list[RunningJob]:
        """The jobs that run."""
        return [job for jobs in self._running.values() for job in jobs]

    @property
    def waiting(self) -> list[RunningJob]:
        """The jobs that wait."""
        return [job for jobs in self._waiting.values() for job in jobs]

    @property
    def unfinished(self) -> list[RunningJob]:
        """All jobs, those of a lane that run before those that wait."""
        return [job for lane in AT_ONCE for job in (*self._running[lane], *self._waiting[lane])]

    def find(self, id: str) -> RunningJob | None:
        """Return a job by id, None where there is none."""
        return next((job for job in self.unfinished if job.id == id), None)

    def count(self, kind: str, state: JobStateName) -> int:
        """Return how many jobs of a kind wait or run."""
        return sum(job.record.kind == kind and job.record.state == state for job in self.unfinished)

    def add(self, job: RunningJob) -> None:
        """Let a job wait."""
        self._waiting[job.new.lane].append(job)

    def start_next(self, lane: Lane) -> RunningJob | None:
        """Return the job that runs from now on, None where none waits or the lane has no room."""
        if not self._waiting[lane] or len(self._running[lane]) >= AT_ONCE[lane]:
            return None
        job = self._waiting[lane].pop(0)
        self._running[lane].append(job)
        return job

    def withdraw(self, job: RunningJob) -> bool:
        """Remove a job that waits; returns False if it does not wait."""
        if job not in self._waiting[job.new.lane]:
            return False
        self._waiting[job.new.lane].remove(job)
        return True

    def leave(self, job: RunningJob) -> None:
        """Remove a job that runs."""
        self._running[job.new.lane].remove(job)

    def learn(self, kind: str, seconds: float) -> None:
        """Note how long a job of a kind took."""
        usual = self._usual.get(kind, seconds)
        self._usual[kind] = usual + SMOOTHING * (seconds - usual)

    def place_of(self, job: RunningJob) -> int | None:
        """Return how many jobs come before one that waits, None where it does not wait."""
        waiting = self._waiting[job.new.lane]
        return waiting.index(job) + len(self._running[job.new.lane]) if job in waiting else None

    def seconds_left(self, job: RunningJob) -> float | None:
        """Return the seconds that a job should still take, None before that can be told."""
        record = job.record
        if job in self._running[job.new.lane]:
            took = max(0.0, time.time() - (record.began or record.made))
            if record.fraction >= SURE_FROM:
                return round(took * (1.0 - record.fraction) / record.fraction, 1)
            usual = self._usual.get(record.kind)
            return None if usual is None else round(max(0.0, usual - took), 1)
        waiting = self._waiting[job.new.lane]
        if job not in waiting:
            return None
        running = self._running[job.new.lane]
        left = [self.seconds_left(each) for each in running]
        before = [*(each for each, told in zip(running, left, strict=True) if told is None), *waiting]
        before = before[: before.index(job) + 1]
        expected = sum(told for told in left if told is not None) + sum(self._expect(each) for each in before)
        return round(expected / AT_ONCE[job.new.lane], 1)

    def _expect(self, job: RunningJob) -> float:
        """Return the seconds that a job of its kind usually takes."""
        return self._usual.get(job.record.kind, USUAL_SECONDS)
