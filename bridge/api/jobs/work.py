"""A job: what it is to do, and its state while it is done."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.messages import SetSource
from musearoo.bridge.api.jobs.runner import TaskRunner
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.types.answers import JobPhase, JobState, Problem
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.files import add_file
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.jobs import report_job
from musearoo.bridge.store.records import File, Job

Lane = Literal["heavy", "light", "live"]
"""Jobs of a lane run one after the other; those in Live are performed by the daemon."""

Work = Callable[["RunningJob"], Awaitable[dict[str, Any]]]
"""What a job does; returns its result. Raises ApiError or StoreError where it fails."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to do: its kind and lane, the request as data, the session that it is for.

    With `undo` the session was made for the job alone, and is removed by it if the job comes to nothing.
    """

    kind: str
    lane: Lane
    session: str
    request: dict[str, Any]
    work: Work
    undo: Callable[[], Awaitable[None]] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class RunningJob:
    """An unfinished job, as its work and the board see it.

    `folder` is where its files go; what is there is removed if the job comes to nothing. `stored`: when its progress
    was stored last.
    """

    record: Job
    who: Who
    new: NewJob
    folder: Path
    database: Database
    runner: TaskRunner | None
    note: Callable[[RunningJob, JobPhase, float, str], None]
    task: asyncio.Task[None] | None = None
    stored: float = 0.0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> str:
        """The job's id."""
        return self.record.id

    def show(self, phase: JobPhase, fraction: float, text: str) -> None:
        """Note its progress; the fraction never decreases."""
        self.note(self, phase, max(self.record.fraction, min(1.0, fraction)), text)

    async def perform(
        self, task: str, arguments: dict[str, Any], fetch: Callable[[], Awaitable[SetSource]] | None = None
    ) -> Any:
        """Return what a task in the lane's process comes to. `fetch` returns the session's set."""
        if self.runner is None:
            raise ValueError(f"the lane {self.new.lane} has no process")
        return await self.runner.perform(task, arguments, self.show, fetch)

    async def keep_files(self, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put files on the list of the session's, and return them as clients see them."""
        now = time.time()
        kept: dict[str, Any] = {"session": self.new.session, "user": self.who.user, "made": now}
        files = [File(id=new_id(now, secrets.token_bytes(RANDOM_BYTES)), **kept, **each) for each in made]
        await self.database.run(partial(_add_files, files=files))
        return [
            {
                "id": file.id,
                "name": file.name,
                "kind": file.kind,
                "bytes": file.bytes,
                "url": f"/api/v3/files/{file.id}",
            }
            for file in files
        ]

    async def begin_writing(self) -> None:
        """Note that the set is being written, and that the job cannot be cancelled any more, by no server."""
        if self.record.ended is not None:
            raise asyncio.CancelledError
        self.show("writing", 1.0, "")
        if not await self.database.run(partial(report_job, job=self.id, phase="writing", fraction=1.0, text="")):
            raise asyncio.CancelledError


def _add_files(connection: Connection, files: list[File]) -> None:
    for file in files:
        add_file(connection, file)


def fault_of(error: Exception) -> Problem:
    """Return the fault of a job that failed; a fault of ours is logged."""
    try:
        return problem_of(error).problem()
    except Exception:
        LOG.error("A job failed by a fault of ours", exc_info=error)
        return ApiError(500, "fault", "That failed by a fault of ours: the log says where.").problem()


def state_of_record(record: Job) -> JobState:
    """Return a stored job as clients see it."""
    return JobState(
        id=record.id,
        kind=record.kind,
        state=record.state,
        session=record.session,
        phase="" if record.ended is not None else msgspec.convert(record.phase, JobPhase),
        fraction=round(record.fraction, 4),
        text=record.text,
        made=record.made,
        began=record.began,
        ended=record.ended,
        request=record.request,
        result=record.result,
        fault=None if record.fault is None else msgspec.convert(record.fault, Problem),
    )
