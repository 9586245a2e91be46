"""Jobs as their users see them: they outlive the process that performs them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection

from musearoo.bridge.store.idempotency import note_done
from musearoo.bridge.store.records import Job, JobStateName
from musearoo.bridge.store.rows import find_all, find_one, missing, newest_first, pick, put
from musearoo.bridge.store.tables import jobs

UNFINISHED: Final = ("waiting", "running")


def add_job(connection: Connection, job: Job) -> None:
    """Add a job. Raises MissingError if its user or session is gone."""
    put(connection, jobs, job)
    note_done(connection, "job", job.id)


def read_job(connection: Connection, job: str) -> Job:
    """Return a job by id. Raises MissingError."""
    found = find_one(connection, Job, pick(jobs, Job).where(jobs.c.id == job))
    if found is None:
        raise missing("job")
    return found


def list_jobs(
    connection: Connection, user: str, *, session: str | None = None, limit: int = 50, after: str | None = None
) -> tuple[Job, ...]:
    """Return a user's jobs, of one session or all, newest first; `after`: the id of the last one before."""
    wanted = pick(jobs, Job).where(jobs.c.user == user)
    if session is not None:
        wanted = wanted.where(jobs.c.session == session)
    return find_all(connection, Job, newest_first(wanted, jobs.c.id, limit=limit, after=after))


def list_unfinished_jobs(connection: Connection) -> tuple[Job, ...]:
    """Return all jobs that wait or run, the oldest first."""
    return find_all(connection, Job, pick(jobs, Job).where(jobs.c.state.in_(UNFINISHED)).order_by(jobs.c.id))


def begin_job(connection: Connection, job: str, now: float) -> bool:
    """Note that a waiting job runs; returns False if it waits no more, as after a cancel."""
    return _move(connection, job, ("waiting",), state="running", began=now)


def report_job(connection: Connection, job: str, *, phase: str, fraction: float, text: str) -> bool:
    """Note a running job's progress; returns False if it runs no more."""
    return _move(connection, job, ("running",), phase=phase, fraction=fraction, text=text)


def end_job(
    connection: Connection,
    job: str,
    *,
    state: JobStateName,
    now: float,
    result: dict[str, Any] | None = None,
    fault: dict[str, Any] | None = None,
) -> bool:
    """Note how an unfinished job ended; returns False if it had ended already. Done is the whole: its fraction is 1."""
    ended: dict[str, Any] = {"state": state, "ended": now, "result": result, "fault": fault}
    if state == "done":
        ended["fraction"] = 1.0
    return _move(connection, job, UNFINISHED, **ended)


def _move(connection: Connection, job: str, states: tuple[str, ...], **values: Any) -> bool:
    moved = jobs.update().where(jobs.c.id == job, jobs.c.state.in_(states)).values(**values)
    return connection.execute(moved).rowcount == 1
