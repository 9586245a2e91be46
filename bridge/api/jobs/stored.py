"""Jobs as the store knows them: a row for each, which outlives the server that performs it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.jobs.servers import LiveServers
from musearoo.bridge.api.problems.errors import NotFoundError
from musearoo.bridge.api.types.answers import Problem
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError, StoreError
from musearoo.bridge.store.files import forget_files_in
from musearoo.bridge.store.jobs import end_job, list_jobs, list_unfinished_jobs, read_job
from musearoo.bridge.store.records import Job
from musearoo.bridge.store.sessions import find_role, remove_session
from musearoo.bridge.store.steps import find_step_of

STOPPED: Final = Problem(
    title="Not now",
    status=503,
    detail="The server was stopped before this was done, and nothing was written: ask for it again.",
    code="stopped",
)


class StoredJobs:
    """The jobs of all servers that share the database. `made` is the folder of what jobs make."""

    def __init__(self, database: Database, servers: LiveServers, made: Path) -> None:
        self._database = database
        self._servers = servers
        self._made = made
        self._unstored: dict[str, Job] = {}
        """Jobs that have ended, of which the store does not know it yet."""

    async def find(self, id: str, who: Who, to_change: bool = False) -> Job:
        """Return a job that is the user's, or of a session that is shared with the user. Raises NotFoundError.

        `to_change`: the user must be allowed to change the session.
        """

        def work(connection: Connection) -> Job | None:
            try:
                record = read_job(connection, id)
            except MissingError:
                return None
            if record.user == who.user:
                return record
            role = find_role(connection, record.session, who.user) if record.session else None
            return record if role in (("owner", "editor") if to_change else ("owner", "editor", "listener")) else None

        record = await self._database.read(work)
        if record is None:
            raise NotFoundError("There is no such job, or its session is not shared with you.")
        return self._unstored.get(id, record)

    async def page(self, user: str, session: str | None, limit: int, after: str | None) -> tuple[Job, ...]:
        """Return a user's jobs, newest first."""
        find = partial(list_jobs, user=user, session=session, limit=limit, after=after)
        return tuple(self._unstored.get(record.id, record) for record in await self._database.read(find))

    async def end(self, record: Job) -> Job:
        """Store how a job has ended, now or later, and return the end that counts: another server's came first."""
        try:
            if not await self._database.run(partial(_store_end, record=record)):
                # It has ended by way of another server, or its session has gone.
                with contextlib.suppress(MissingError):
                    return await self._database.read(partial(read_job, job=record.id))
        except Exception as error:
            # Whatever it was, whoever asks is told the truth, and the end is stored when that can be done.
            LOG.error("The end of the job %s cannot be stored now", record.id, exc_info=error)
            self._unstored[record.id] = record
        return record

    async def end_elsewhere(self, id: str) -> None:
        """Cancel a job of another server, which notices when it next stores the progress."""
        await self._database.run(partial(end_job, job=id, state="cancelled", now=time.time()))

    async def store_ends(self) -> bool:
        """Store the ends of jobs that could not be stored when they came; returns False if they still cannot."""
        for record in list(self._unstored.values()):
            try:
                await self._database.run(partial(_store_end, record=record))
            except StoreError as error:
                LOG.warning("The end of the job %s still cannot be stored: %s", record.id, error)
                return False
            del self._unstored[record.id]
        return True

    async def end_abandoned(self) -> None:
        """End the jobs of servers that have died: those that had written are done, the others failed."""
        unfinished = await self._database.read(list_unfinished_jobs)
        names = {job.server for job in unfinished}
        dead = {name for name in names if not await asyncio.to_thread(self._servers.is_alive, name)}
        for job in unfinished:
            if job.server not in dead:
                continue
            step = None
            if job.session is not None:
                step = await self._database.read(partial(find_step_of, session=job.session, request_id=job.id))
            end = partial(end_job, job=job.id, now=time.time())
            if step is not None:
                await self._database.run(partial(end, state="done", result={"version": step.version}))
                continue
            session = job.session or job.request.get("session", "")
            await self.remove_files(self._made / session / job.id)
            if job.session is None:
                with contextlib.suppress(MissingError):
                    await self._database.run(partial(remove_session, session=session))
            await self._database.run(partial(end, state="failed", fault=msgspec.to_builtins(STOPPED)))

    async def remove_files(self, folder: Path) -> None:
        """Delete what a job has made in its folder."""
        try:
            await self._database.run(partial(forget_files_in, folder=str(folder)))
        except StoreError as error:
            LOG.error("The files in %s stay on the list: %s", folder.name, error)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _store_end(connection: Connection, record: Job) -> bool:
    now = time.time() if record.ended is None else record.ended
    return end_job(connection, record.id, state=record.state, now=now, result=record.result, fault=record.fault)
