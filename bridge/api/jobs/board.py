"""The board of jobs: takes them on, runs them, tells their progress, cancels them, and notes how they ended."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.jobs.lanes import USUAL_SECONDS, Lanes
from musearoo.bridge.api.jobs.runner import TaskRunner
from musearoo.bridge.api.jobs.servers import SERVERS, LiveServers
from musearoo.bridge.api.jobs.stored import STOPPED, StoredJobs
from musearoo.bridge.api.jobs.work import Lane, NewJob, RunningJob, fault_of, state_of_record
from musearoo.bridge.api.problems.errors import ApiError, ConflictError
from musearoo.bridge.api.types.answers import JobPhase, JobState, Problem
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import StoreError
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.jobs import add_job, begin_job, report_job
from musearoo.bridge.store.records import Job, JobStateName

IDLE_AFTER: Final[dict[Lane, float]] = {"heavy": 600.0, "light": 300.0}
"""Seconds without a job after which a lane's process ends: a model takes long to load."""
MOST_OF_USER: Final = 8
"""Unfinished jobs of one user."""
MOST: Final = 200
STORED_EVERY: Final = 1.0
"""Seconds between two times that a job's progress is stored; clients get it ten times as often."""
LONGEST_WAIT: Final = 60.0
"""Seconds that a long poll may last."""

CLOSING: Final = 2.0
"""Seconds that jobs which are writing have left when the server ends."""


class JobBoard:
    """All jobs of this server. For the event loop's thread only.

    `made` is the folder of what jobs make; `tell` is called with each change of a session's job.
    """

    def __init__(self, database: Database, home: Path, made: Path, tell: Callable[[str, JobState], None]) -> None:
        self.database = database
        self.runners = {lane: TaskRunner(home, seconds) for lane, seconds in IDLE_AFTER.items()}
        self.servers = LiveServers(home / SERVERS)
        self._stored = StoredJobs(database, self.servers, made)
        self._lanes = Lanes()
        self._made = made
        self._tell = tell
        self._beginning: list[str] = []
        """The users of jobs that are being stored, and are on no lane yet."""
        self._asides: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self.observe: Callable[[str, str], None] = lambda _kind, _state: None
        """Called with the kind and the state of each job that has ended."""

    async def open(self) -> None:
        """Let other servers know that this one lives, and end the jobs that dead ones have left."""
        await asyncio.to_thread(self.servers.open)
        await self._stored.end_abandoned()

    async def begin(self, new: NewJob, who: Who) -> JobState:
        """Put a job on the board, and return its state. Raises ApiError where the user, or all, have too many."""
        who.require("make")
        self._require_room(who)
        self._beginning.append(who.user)
        try:
            return await self._begin(new, who)
        finally:
            self._beginning.remove(who.user)

    def _require_room(self, who: Who) -> None:
        """Raise ApiError where the user, or all, have too many jobs, with those that are being stored now."""
        if self._is_closed:
            raise ApiError(503, "stopping", "The server is being stopped: ask again in a moment.", retry_after=5.0)
        mine = [job for job in self._lanes.unfinished if job.who.user == who.user]
        if len(mine) + self._beginning.count(who.user) >= MOST_OF_USER:
            sentence = f"You have {MOST_OF_USER} unfinished jobs: wait for one, or cancel one."
            left = self._lanes.seconds_left(mine[0]) if mine else None
            raise ApiError(429, "too_many_jobs", sentence, retry_after=max(1.0, left or USUAL_SECONDS))
        if len(self._lanes.unfinished) + len(self._beginning) >= MOST:
            raise ApiError(503, "overloaded", "The server has too many jobs: try again later.", retry_after=30.0)

    async def _begin(self, new: NewJob, who: Who) -> JobState:
        now = time.time()
        record = Job(
            id=new_id(now, secrets.token_bytes(RANDOM_BYTES)),
            # The row of a job outlives the session that was made for it alone.
            session=new.session if new.undo is None else None,
            user=who.user,
            kind=new.kind,
            phase="waiting",
            request=new.request if new.undo is None else {**new.request, "session": new.session},
            made=now,
            server=self.servers.name,
        )
        await self.database.run(partial(add_job, job=record))
        job = RunningJob(
            record=record,
            who=who,
            new=new,
            folder=self._made / new.session / record.id,
            database=self.database,
            runner=self.runners.get(new.lane),
            note=self.note,
        )
        self._lanes.add(job)
        self._announce(job)
        self._advance(new.lane)
        return self.state_of(job)

    async def read(self, id: str, who: Who, wait: float = 0.0) -> JobState:
        """Return a job's state, at the latest `wait` seconds from now if it has not ended. Raises NotFoundError."""
        who.require("read")
        # Before its row is read: it may end meanwhile.
        job = self._lanes.find(id)
        record = await self._stored.find(id, who)
        if job is None:
            return state_of_record(record)
        if wait > 0.0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(wait, LONGEST_WAIT)):
                    await job.ended.wait()
        return self.state_of(job)

    async def page(self, who: Who, session: str | None, limit: int, after: str | None) -> tuple[JobState, ...]:
        """Return a user's jobs, newest first."""
        who.require("read")
        records = await self._stored.page(who.user, session, limit, after)
        known = {job.id: job for job in self._lanes.unfinished}
        return tuple(
            self.state_of(known[record.id]) if record.id in known else state_of_record(record) for record in records
        )

    async def cancel(self, id: str, who: Who) -> JobState:
        """Cancel a job; one that has ended stays as it is. Raises ConflictError for one that is being written."""
        who.require("make")
        record = await self._stored.find(id, who, to_change=True)
        job = self._lanes.find(id)
        if job is None:
            if record.ended is None:
                _require_not_writing(record)
                await self._stored.end_elsewhere(id)
                record = await self._stored.find(id, who)
            return state_of_record(record)
        if job.record.ended is not None:
            return self.state_of(job)
        _require_not_writing(job.record)
        await self._cancel(job)
        return self.state_of(job)

    async def sweep(self) -> None:
        """Store the ends of jobs that could not be stored when they came, also of those whose server has died."""
        if await self._stored.store_ends():
            await self._stored.end_abandoned()

    async def drop_session(self, session: str) -> None:
        """Cancel the jobs of a session that is removed, and delete what they have made."""
        for job in [job for job in self._lanes.unfinished if job.new.session == session and job.record.ended is None]:
            await self._cancel(job)
        await asyncio.to_thread(shutil.rmtree, self._made / session, ignore_errors=True)

    async def _cancel(self, job: RunningJob) -> None:
        if self._lanes.withdraw(job):
            await self._end(job, "cancelled")
            await self._undo(job)
            return
        if job.task is not None:
            # First: from here on it writes nothing any more.
            job.task.cancel()
        await self._end(job, "cancelled")

    async def close(self) -> None:
        """End all jobs as failed, and the processes."""
        self._is_closed = True
        writing = [job.task for job in self._lanes.running if job.record.phase == "writing" and job.task is not None]
        if writing:
            await asyncio.wait(writing, timeout=CLOSING)
        waiting = self._lanes.waiting
        for job in (*waiting, *self._lanes.running):
            await self._end(job, "failed", fault=STOPPED)
        for job in waiting:
            self._lanes.withdraw(job)
            await self._undo(job)
        for runner in self.runners.values():
            runner.close()
        tasks = [job.task for job in self._lanes.running if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *self._asides, return_exceptions=True)
        self.servers.close()

    def count(self, kind: str, state: JobStateName) -> int:
        """Return how many unfinished jobs of a kind wait or run."""
        return self._lanes.count(kind, state)

    def note(self, job: RunningJob, phase: JobPhase, fraction: float, text: str) -> None:
        """Note the progress of a job, tell it, and store it now and then."""
        if job.record.ended is not None:
            return
        entered = phase != job.record.phase
        job.record = msgspec.structs.replace(job.record, phase=phase, fraction=fraction, text=text)
        self._announce(job)
        now = time.monotonic()
        if entered or now - job.stored >= STORED_EVERY:
            job.stored = now
            self._aside(self._store_progress(job))

    def state_of(self, job: RunningJob) -> JobState:
        """Return the state of an unfinished job as clients see it."""
        state = state_of_record(job.record)
        if job.record.ended is not None:
            return state
        return msgspec.structs.replace(state, place=self._lanes.place_of(job), eta=self._lanes.seconds_left(job))

    # --- running -----------------------------------------------------------------------------------------------------

    def _advance(self, lane: Lane) -> None:
        """Start waiting jobs while the lane has room."""
        while not self._is_closed and (job := self._lanes.start_next(lane)) is not None:
            job.task = asyncio.create_task(self._run(job))

    async def _run(self, job: RunningJob) -> None:
        """Do a job; every error becomes its fault."""
        now = time.time()
        is_undone = False
        try:
            if await self.database.run(partial(begin_job, job=job.id, now=now)):
                job.record = msgspec.structs.replace(job.record, state="running", began=now)
                job.show("fetching", 0.0, "")
                result = await job.new.work(job)
                await self._end(job, "done", result=result)
            else:
                await self._end(job, "cancelled")
        except asyncio.CancelledError:
            await self._end(job, "cancelled")
        except Exception as error:
            # Before its end is told: who reads of it finds nothing left.
            is_undone = True
            await self._undo(job)
            await self._end(job, "failed", fault=fault_of(error))
        finally:
            # The place is given on once the work has really stopped, and left nothing behind.
            if job.new.lane in self.runners and not self._is_closed:
                await self.runners[job.new.lane].settle()
            if job.record.state != "done" and not is_undone:
                await self._undo(job)
            self._lanes.leave(job)
            self._advance(job.new.lane)

    async def _end(
        self,
        job: RunningJob,
        state: JobStateName,
        *,
        result: dict[str, Any] | None = None,
        fault: Problem | None = None,
    ) -> None:
        """Note how a job ended, once."""
        if job.record.ended is not None:
            return
        now = time.time()
        faulted = None if fault is None else msgspec.to_builtins(fault)
        fraction = 1.0 if state == "done" else job.record.fraction
        job.record = msgspec.structs.replace(
            job.record, state=state, ended=now, phase="", result=result, fault=faulted, fraction=fraction
        )
        if state == "done" and job.record.began is not None:
            # A clock may go back meanwhile.
            self._lanes.learn(job.record.kind, max(0.0, now - job.record.began))
        job.record = await self._stored.end(job.record)
        job.ended.set()
        self.observe(job.record.kind, state)
        self._announce(job)

    async def _undo(self, job: RunningJob) -> None:
        """Remove what a job that came to nothing has made."""
        await self._stored.remove_files(job.folder)
        if job.new.undo is not None:
            try:
                await job.new.undo()
            except (ApiError, StoreError) as error:
                LOG.error("The session of the job %s stays: %s", job.id, error)

    async def _store_progress(self, job: RunningJob) -> None:
        record = job.record
        report = partial(report_job, job=job.id, phase=record.phase, fraction=record.fraction, text=record.text)
        try:
            goes_on = await self.database.run(report)
        except StoreError as error:
            LOG.warning("The progress of the job %s cannot be stored: %s", job.id, error)
            return
        if not goes_on and job.record.ended is None and job.record.phase != "writing" and job.task is not None:
            # Cancelled by way of another server.
            job.task.cancel()

    def _announce(self, job: RunningJob) -> None:
        if job.record.session is not None:
            self._tell(job.record.session, self.state_of(job))

    def _aside(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


def _require_not_writing(record: Job) -> None:
    if record.phase == "writing":
        raise ConflictError("The job is writing what it has made: it ends in a moment, and can be undone.")
