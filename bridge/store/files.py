"""Files that users uploaded or that were rendered for them: the list of them; the bytes lie on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from musearoo.bridge.store.records import File
from musearoo.bridge.store.rows import find_one, missing, pick, put, remove
from musearoo.bridge.store.tables import files


def add_file(connection: Connection, file: File) -> None:
    """Add a file. Raises MissingError if its user or session is gone."""
    put(connection, files, file)


def read_file(connection: Connection, file: str) -> File:
    """Return a file by id. Raises MissingError."""
    found = find_one(connection, File, pick(files, File).where(files.c.id == file))
    if found is None:
        raise missing("file")
    return found


def find_same_file(connection: Connection, user: str, sha256: str, kind: str) -> File | None:
    """Return the newest file of a user with the same content and kind: it need not be kept twice."""
    same = pick(files, File).where(files.c.user == user, files.c.sha256 == sha256, files.c.kind == kind)
    return find_one(connection, File, same.order_by(files.c.id.desc()).limit(1))


def sum_bytes(connection: Connection, user: str, kinds: Iterable[str]) -> int:
    """Return how many bytes a user's files of some kinds have on the disk: what several rows share counts once."""
    c = files.c
    mine = select(c.path, c.bytes).where(c.user == user, c.kind.in_(tuple(kinds))).distinct().subquery()
    return int(connection.execute(select(func.coalesce(func.sum(mine.c.bytes), 0))).scalar_one())


def remove_file(connection: Connection, file: str) -> str | None:
    """Take a file off the list. Raises MissingError.

    Returns its path, which is to be deleted once this is committed; None if another row has the same one.
    """
    path = read_file(connection, file).path
    remove(connection, files, files.c.id == file, what="file")
    return None if _is_listed(connection, path) else path


def forget_files_in(connection: Connection, folder: str) -> None:
    """Take the files in a folder and below it off the list."""
    connection.execute(files.delete().where(files.c.path.startswith(f"{folder}{os.sep}", autoescape=True)))


def remove_files_of(connection: Connection, session: str) -> tuple[str, ...]:
    """Take the files of a session off the list; returns the paths that no other row has, to be deleted afterwards."""
    gone = files.delete().where(files.c.session == session).returning(files.c.path)
    paths = sorted(set(connection.execute(gone).scalars()))
    # One after the other: a database takes a bounded number of values in a statement.
    return tuple(path for path in paths if not _is_listed(connection, path))


def _is_listed(connection: Connection, path: str) -> bool:
    return connection.execute(select(files.c.id).where(files.c.path == path).limit(1)).first() is not None
