"""Takes: what engines made in a session, numbered from 1 in the order of making."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.store.records import Take
from musearoo.bridge.store.rows import find_all, find_one, missing, newest_first, pick, put
from musearoo.bridge.store.tables import sessions, takes


def add_take(connection: Connection, take: Take) -> Take:
    """Add a take that no step has placed; returns it with its number. Raises MissingError if its session is gone."""
    counted = sessions.update().where(sessions.c.id == take.session).values(takes=sessions.c.takes + 1)
    number = connection.execute(counted.returning(sessions.c.takes)).scalar_one_or_none()
    if number is None:
        raise missing("session")
    numbered = msgspec.structs.replace(take, number=number)
    put(connection, takes, numbered)
    return numbered


def read_take(connection: Connection, take: str) -> Take:
    """Return a take by id. Raises MissingError."""
    found = find_one(connection, Take, pick(takes, Take).where(takes.c.id == take))
    if found is None:
        raise missing("take")
    return found


def list_takes(connection: Connection, session: str, *, limit: int = 50, after: int | None = None) -> tuple[Take, ...]:
    """Return a session's takes, newest first; `after`: the number of the last one of the page before."""
    wanted = pick(takes, Take).where(takes.c.session == session)
    return find_all(connection, Take, newest_first(wanted, takes.c.number, limit=limit, after=after))
