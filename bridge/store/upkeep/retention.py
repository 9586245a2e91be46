"""Retention: delete what is older than the user's bound. What is liked stays, and so does what a session needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, exists, or_, select, tuple_

from musearoo.bridge.store.idempotency import is_late
from musearoo.bridge.store.jobs import UNFINISHED
from musearoo.bridge.store.tables import feedback, files, idempotency, jobs, sessions, steps, takes

DAY: Final = 86_400.0
BATCH: Final = 500
"""Most rows of a table that one transaction deletes: others wait for it."""


class Swept(NamedTuple):
    """What one transaction deleted: how many rows of each table, and the files that are to be deleted after it.

    `more`: whether there is more to delete, by another transaction.
    """

    rows: dict[str, int]
    paths: tuple[str, ...]
    more: bool


def sweep(connection: Connection, *, now: float, keep_days: float | None) -> Swept:
    """Delete one batch of what is older than `keep_days`, None for ever, and answers older than a day.

    Takes go by their making unless somebody likes them; sessions by their last change, with all that is in them, unless
    a liked take is in them, a younger take, job or file, or a job that has not ended; steps once the session's document
    contains them; jobs once they have ended; files with their session, or by their making where they have none.
    """
    doomed: list[tuple[Table, ColumnElement[bool]]] = [(idempotency, is_late(now))]
    if keep_days is not None:
        bound = now - keep_days * DAY
        old_sessions = and_(sessions.c.changed < bound, ~_has_liked_take(), ~_is_in_use(bound))
        files_to_go = files.c.session.in_(select(sessions.c.id).where(old_sessions)) | (
            files.c.session.is_(None) & (files.c.made < bound)
        )
        # Files before their sessions, so that their paths are known.
        rows = connection.execute(select(files.c.id, files.c.path).where(files_to_go).limit(BATCH)).all()
        if rows:
            return Swept({files.name: len(rows)}, delete_files(connection, rows), more=True)
        liked = exists().where(feedback.c.take == takes.c.id, feedback.c.value == 1)
        contained = exists().where(sessions.c.id == steps.c.session, sessions.c.checkpoint >= steps.c.version)
        doomed += [
            (jobs, and_(jobs.c.made < bound, jobs.c.state.not_in(UNFINISHED))),
            (takes, and_(takes.c.made < bound, ~liked)),
            (steps, and_(steps.c.made < bound, contained)),
            # The last: little is left in them to be deleted with them.
            (sessions, old_sessions),
        ]
    gone: dict[str, int] = {}
    for table, which in doomed:
        gone[table.name] = _delete_batch(connection, table, which)
        if gone[table.name] == BATCH:
            return Swept(gone, (), more=True)
    return Swept(gone, (), more=False)


def delete_files(connection: Connection, rows: Sequence[Row[Any, Any]]) -> tuple[str, ...]:
    """Take files (id, path) off the list; returns the paths that no other row has."""
    connection.execute(delete(files).where(files.c.id.in_([row.id for row in rows])))
    paths = sorted({row.path for row in rows})
    kept = set(connection.execute(select(files.c.path).where(files.c.path.in_(paths))).scalars())
    return tuple(path for path in paths if path not in kept)


def _has_liked_take() -> ColumnElement[bool]:
    judged = select(takes.c.id).join(feedback, feedback.c.take == takes.c.id)
    return exists(judged.where(takes.c.session == sessions.c.id, feedback.c.value == 1))


def _is_in_use(bound: float) -> ColumnElement[bool]:
    """Return the condition that a session has a young take, job or file, or a job that has not ended."""
    of_session = [(each.c.session == sessions.c.id, each.c.made >= bound) for each in (takes, jobs, files)]
    unfinished = (jobs.c.session == sessions.c.id, jobs.c.state.in_(UNFINISHED))
    return or_(*(exists().where(*each) for each in (*of_session, unfinished)))


def _delete_batch(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    keys = tuple(table.primary_key.columns)
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    found = select(*keys).where(which).limit(BATCH)
    return connection.execute(delete(table).where(key.in_(found))).rowcount
