"""Steps: the changes of a session's set, numbered without gaps. Adding one is the compare-and-set of the session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, select

from musearoo.bridge.store.errors import ConflictError
from musearoo.bridge.store.idempotency import note_done
from musearoo.bridge.store.records import Step, Take
from musearoo.bridge.store.rows import change, find_all, find_one, missing, newest_first, pick, put
from musearoo.bridge.store.tables import sessions, steps, takes

TRAVEL: Final = ("undo", "redo")
"""Requests that go through the history, and are no part of what can be undone."""

# Prepared once: it stands on the way of every request.
_moving: Final = (
    sessions.update()
    .where(
        sessions.c.id == bindparam("session"),
        sessions.c.version == bindparam("before"),
        sessions.c.closed.is_(None),
    )
    .values(
        version=bindparam("after"),
        takes=sessions.c.takes + bindparam("more", type_=sessions.c.takes.type),
        changed=bindparam("now", type_=sessions.c.changed.type),
    )
    .returning(sessions.c.takes)
)


def append_step(connection: Connection, step: Step, made: Sequence[Take] = ()) -> tuple[Take, ...]:
    """Add the step that follows a session's version, with the takes that it placed; returns them with their numbers.
    Raises ConflictError if the session has moved since (read the later steps, and try again) or is closed,
    MissingError if it is gone. An undo is a step of its own, with `mark_undone` in the same transaction.
    """
    moved = {
        "session": step.session,
        "before": step.version - 1,
        "after": step.version,
        "more": len(made),
        "now": step.made,
    }
    number = connection.execute(_moving, moved).scalar_one_or_none()
    if number is None:
        raise _explain(connection, step)
    numbered = tuple(
        msgspec.structs.replace(take, number=place, step=step.version)
        for place, take in enumerate(made, number - len(made) + 1)
    )
    for take in numbered:
        put(connection, takes, take)
    put(connection, steps, step)
    note_done(connection, "step", step.session, step.version)
    return numbered


def mark_undone(connection: Connection, session: str, version: int, undone: int | None) -> None:
    """Note by which step a step is undone, None for redone. Raises MissingError."""
    change(connection, steps, steps.c.session == session, steps.c.version == version, what="step", undone=undone)


def find_undoable(connection: Connection, session: str) -> Step | None:
    """Return the newest step that an undo takes back: none that is undone, and no undo or redo itself."""
    c = steps.c
    wanted = pick(steps, Step).where(c.session == session, c.undone.is_(None), c.request.not_in(TRAVEL))
    return find_one(connection, Step, wanted.order_by(c.version.desc()).limit(1))


def find_redoable(connection: Connection, session: str) -> Step | None:
    """Return the step that was undone last; None if the set was changed otherwise since."""
    c = steps.c
    undone = pick(steps, Step).where(c.session == session, c.undone.is_not(None))
    last = find_one(connection, Step, undone.order_by(c.undone.desc()).limit(1))
    if last is None or last.undone is None:
        return None
    since = select(c.version).where(c.session == session, c.version > last.undone, c.request.not_in(TRAVEL))
    return None if connection.execute(since.limit(1)).first() else last


def find_step_of(connection: Connection, session: str, request_id: str) -> Step | None:
    """Return the step of a request, None if it led to none."""
    wanted = pick(steps, Step).where(steps.c.session == session, steps.c.request_id == request_id)
    return find_one(connection, Step, wanted.order_by(steps.c.version.desc()).limit(1))


def list_steps_after(connection: Connection, session: str, version: int, *, limit: int = 500) -> tuple[Step, ...]:
    """Return the first `limit` steps after a version, oldest first: what is replayed on a document or by a client."""
    wanted = pick(steps, Step).where(steps.c.session == session, steps.c.version > version)
    return find_all(connection, Step, wanted.order_by(steps.c.version).limit(limit))


def list_steps(connection: Connection, session: str, *, limit: int = 50, after: int | None = None) -> tuple[Step, ...]:
    """Return a session's history, newest first; `after`: the version of the last step of the page before."""
    wanted = pick(steps, Step).where(steps.c.session == session)
    return find_all(connection, Step, newest_first(wanted, steps.c.version, limit=limit, after=after))


def _explain(connection: Connection, step: Step) -> Exception:
    wanted = select(sessions.c.version, sessions.c.closed).where(sessions.c.id == step.session)
    found = connection.execute(wanted).one_or_none()
    if found is None:
        return missing("session")
    version, closed = found
    if closed is not None:
        return ConflictError("The session is closed: resume it first.")
    return ConflictError(
        f"The session is at version {version}, so that no step {step.version} can follow: somebody else changed it "
        f"first; read the steps after yours, then try again."
    )
