"""A user's own data: all of it in one JSON file, and its deletion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

import msgspec
from sqlalchemy import Connection, Select, or_, select

from musearoo.bridge.store.tables import (
    feedback,
    files,
    idempotency,
    jobs,
    members,
    preferences,
    sessions,
    steps,
    takes,
    tokens,
    users,
)
from musearoo.bridge.store.upkeep.retention import BATCH, delete_files
from musearoo.bridge.store.users import read_user

SECRET: Final = {"password_hash", "sha256"}
"""Columns of users and tokens that admit whoever has them: they are nobody's reading."""

_encoder: Final = msgspec.json.Encoder()


def export_user(connection: Connection, user: str, stream: IO[bytes]) -> dict[str, int]:
    """Write all of a user's data as one JSON object, a list for each table; returns how many rows each has.

    Bytes are in base64, times are Unix seconds. Of sessions the user owns it has everything; of other people's the
    user's own takes and steps. Hashes of passwords and tokens are left out. Raises MissingError, and OSError.
    """
    read_user(connection, user)
    counts = {}
    stream.write(b'{"format":"musearoo.user","version":1')
    for name, statement in _selections(user).items():
        stream.write(f',\n"{name}":['.encode())
        counts[name] = 0
        for row in _stream(connection, statement):
            stream.write(b",\n" if counts[name] else b"\n")
            stream.write(_encoder.encode(row))
            counts[name] += 1
        stream.write(b"]")
    stream.write(b"}\n")
    return counts


def delete_user(connection: Connection, user: str) -> tuple[str, ...]:
    """Delete a user with the sessions that they own and all else of theirs. Raises MissingError.

    Takes and steps in other people's sessions stay there without the name. Returns the paths of files that are to be
    deleted once this is committed.
    """
    read_user(connection, user)
    paths: list[str] = []
    theirs = select(files.c.id, files.c.path).where(_is_theirs(user))
    while rows := connection.execute(theirs.limit(BATCH)).all():
        paths += delete_files(connection, rows)
    connection.execute(users.delete().where(users.c.id == user))
    return tuple(paths)


def _selections(user: str) -> dict[str, Select[Any]]:
    """Return what is a user's in each table."""
    owned = select(sessions.c.id).where(sessions.c.owner == user)

    def own_or(table: Any) -> Select[Any]:
        return select(table).where(or_(table.c.session.in_(owned), table.c.user == user))

    return {
        "user": select(*(column for column in users.c if column.name not in SECRET)).where(users.c.id == user),
        "tokens": select(*(column for column in tokens.c if column.name not in SECRET)).where(tokens.c.user == user),
        "sessions": select(sessions).where(sessions.c.owner == user).order_by(sessions.c.id),
        "members": own_or(members).order_by(members.c.session, members.c.user),
        "steps": own_or(steps).order_by(steps.c.session, steps.c.version),
        "takes": own_or(takes).order_by(takes.c.session, takes.c.number),
        "feedback": select(feedback).where(feedback.c.user == user).order_by(feedback.c.take),
        "preferences": select(preferences).where(preferences.c.user == user).order_by(preferences.c.key),
        "jobs": select(jobs).where(jobs.c.user == user).order_by(jobs.c.id),
        "idempotency": select(idempotency).where(idempotency.c.user == user).order_by(idempotency.c.key),
        "files": select(files).where(files.c.user == user).order_by(files.c.id),
    }


def _is_theirs(user: str) -> Any:
    owned = select(sessions.c.id).where(sessions.c.owner == user)
    return or_(files.c.user == user, files.c.session.in_(owned))


def _stream(connection: Connection, statement: Select[Any]) -> Iterator[dict[str, Any]]:
    for row in connection.execute(statement.execution_options(yield_per=BATCH)):
        yield dict(row._mapping)
