"""Sessions, their members, and the documents from which they are resumed."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from musearoo.bridge.store.idempotency import note_done
from musearoo.bridge.store.records import Document, Member, Role, Session
from musearoo.bridge.store.rows import (
    change,
    find_all,
    find_one,
    missing,
    newest_first,
    pick,
    put,
    put_or_replace,
    remove,
)
from musearoo.bridge.store.tables import members, sessions
from musearoo.bridge.store.users import lock_user
from musearoo.engines.errors import ParamError

WHAT = "session"


def add_session(connection: Connection, session: Session, document: bytes | None = None) -> None:
    """Add a session with its owner as a member. Raises ConflictError, and MissingError if the owner is gone."""
    put(connection, sessions, session)
    put(connection, members, Member(session=session.id, user=session.owner, role="owner"))
    if document is not None:
        connection.execute(sessions.update().where(sessions.c.id == session.id).values(document=document))
    note_done(connection, "session", session.id)


def read_session(connection: Connection, session: str) -> Session:
    """Return a session by id. Raises MissingError."""
    found = find_one(connection, Session, pick(sessions, Session).where(sessions.c.id == session))
    if found is None:
        raise missing(WHAT)
    return found


def list_sessions(
    connection: Connection, user: str, *, limit: int = 50, after: str | None = None, closed: bool = True
) -> tuple[Session, ...]:
    """Return the sessions that a user is a member of, newest first; `after`: the id of the last one before.

    `closed`: closed ones, too.
    """
    wanted = pick(sessions, Session).join(members, members.c.session == sessions.c.id).where(members.c.user == user)
    if not closed:
        wanted = wanted.where(sessions.c.closed.is_(None))
    return find_all(connection, Session, newest_first(wanted, sessions.c.id, limit=limit, after=after))


def find_live_session(connection: Connection, owner: str, live_set: str) -> Session | None:
    """Return a user's newest open session on a set of Live, by its name."""
    c = sessions.c
    wanted = pick(sessions, Session).where(c.owner == owner, c.kind == "live", c.live_set == live_set)
    return find_one(connection, Session, wanted.where(c.closed.is_(None)).order_by(c.id.desc()).limit(1))


def count_open_sessions(connection: Connection, owner: str) -> int:
    """Return how many sessions of an owner are not closed; until this is committed, nobody else counts them."""
    lock_user(connection, owner)
    wanted = select(func.count()).select_from(sessions).where(sessions.c.owner == owner, sessions.c.closed.is_(None))
    return int(connection.execute(wanted).scalar_one())


def rename_session(connection: Connection, session: str, name: str, now: float) -> None:
    """Rename a session. Raises MissingError."""
    change(connection, sessions, sessions.c.id == session, what=WHAT, name=name, changed=now)


def close_session(connection: Connection, session: str, now: float) -> None:
    """Note that a session is closed. Raises MissingError."""
    change(connection, sessions, sessions.c.id == session, what=WHAT, closed=now, changed=now)


def resume_session(connection: Connection, session: str, now: float) -> None:
    """Note that a session is open again. Raises MissingError."""
    change(connection, sessions, sessions.c.id == session, what=WHAT, closed=None, changed=now)


def remove_session(connection: Connection, session: str) -> None:
    """Delete a session with its steps, takes, jobs and list of files. Raises MissingError.

    The files themselves stay on the disk: take them off the list first (`files.remove_files_of`).
    """
    remove(connection, sessions, sessions.c.id == session, what=WHAT)


def read_document(connection: Connection, session: str) -> Document:
    """Return a session's document; replay the steps after its checkpoint on it. Raises MissingError."""
    found = find_one(connection, Document, pick(sessions, Document).where(sessions.c.id == session))
    if found is None:
        raise missing(WHAT)
    return found


def keep_document(connection: Connection, session: str, *, checkpoint: int, document: bytes) -> bool:
    """Keep a session's set at a version, unless a later one is kept; returns whether it was kept."""
    c = sessions.c
    newer = (c.id == session, c.checkpoint <= checkpoint, c.version >= checkpoint)
    changed = connection.execute(sessions.update().where(*newer).values(checkpoint=checkpoint, document=document))
    return changed.rowcount == 1


def keep_memory(connection: Connection, session: str, memory: bytes) -> None:
    """Keep what RooAroo remembers of a session. Raises MissingError."""
    change(connection, sessions, sessions.c.id == session, what=WHAT, memory=memory)


def set_member(connection: Connection, member: Member) -> None:
    """Give a user a role in a session. Raises MissingError if either is gone, ParamError for the owner's role."""
    if member.role == "owner" or find_role(connection, member.session, member.user) == "owner":
        raise ParamError("role", "editor or listener, as a session has one owner", member.role)
    put_or_replace(connection, members, member, ("session", "user"))


def remove_member(connection: Connection, session: str, user: str) -> None:
    """Take a user's role in a session away. Raises MissingError; the owner stays."""
    c = members.c
    remove(connection, members, c.session == session, c.user == user, c.role != "owner", what="member")


def find_role(connection: Connection, session: str, user: str) -> Role | None:
    """Return a user's role in a session, None for who is no member of it."""
    c = members.c
    role: Role | None = connection.execute(
        select(c.role).where(c.session == session, c.user == user)
    ).scalar_one_or_none()
    return role


def list_members(connection: Connection, session: str) -> tuple[Member, ...]:
    """Return the members of a session, the oldest user first."""
    wanted = pick(members, Member).where(members.c.session == session).order_by(members.c.user)
    return find_all(connection, Member, wanted)
