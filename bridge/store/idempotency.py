"""Idempotency keys: a request that is sent twice is performed once, and has the same answer twice.

A request that claims a key notes what it does in the very transaction that does it: `note_done`, which reads the claim
from `CLAIM`. So the next server knows whether it was done where the first one was killed before it could answer.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, func, select

from musearoo.bridge.store.errors import BusyError, ConflictError
from musearoo.bridge.store.records import Answer
from musearoo.bridge.store.rows import change, find_one, missing, pick, upsert
from musearoo.bridge.store.tables import idempotency, sessions, steps

KEPT: Final = 86_400.0
"""Seconds that an answer is kept."""
IN_LIVE: Final = "live"
"""What is noted for a request to a set of Live that may have been done there: nothing tells."""

What = Literal["step", "job", "session", "user", "token"]


@dataclass(slots=True)
class Claim:
    """A request that has claimed a key of its user. `server`: who performs it; `by_product`: what is not noted of it.

    `is_open` until the request is over: what goes on after it, such as a job, notes nothing.
    """

    user: str
    key: str
    request_id: str
    server: str
    by_product: What | None = None
    is_open: bool = True


CLAIM: Final[ContextVar[Claim | None]] = ContextVar("claim", default=None)
"""The claim of the request that this task works for, also in the store's threads."""


def claim_key(connection: Connection, claim: Claim, *, digest: str, now: float) -> Answer | None:
    """Claim a key for a request; None if it is to be performed now.

    Otherwise the Answer of the first request: without a `status` while it is under way, or if its server was killed.
    Raises ConflictError if the key stands for a request with another digest.
    """
    c = idempotency.c
    mine = (c.user == claim.user, c.key == claim.key)
    # What is too old is given up; also what is from a clock that went back, which would seem young for ever.
    connection.execute(idempotency.delete().where(*mine, is_late(now)))
    values = {
        "user": claim.user,
        "key": claim.key,
        "digest": digest,
        "request_id": claim.request_id,
        "server": claim.server,
        "made": now,
    }
    claimed = upsert(connection, idempotency).values(values).on_conflict_do_nothing().returning(c.key)
    if connection.execute(claimed).first() is not None:
        return None
    known = find_one(connection, Answer, pick(idempotency, Answer).where(*mine))
    if known is None:
        raise missing("idempotency key")
    if known.digest != digest:
        raise ConflictError("This idempotency key stands for another request: use a new key for each request.")
    return known


def take_over(connection: Connection, claim: Claim, *, given_up: Answer, session: str, now: float) -> Answer | None:
    """Claim the key of a request whose server was killed; None if it had done nothing, and is to be performed now.

    Otherwise its Answer, with what was `done`; or that of a third request, which was faster. `session`: the one that
    the request is to, "" for none. Raises MissingError if the key was released meanwhile.
    """
    c = idempotency.c
    mine = (c.user == claim.user, c.key == claim.key)
    abandoned = (*mine, c.request_id == given_up.request_id, c.status.is_(None), c.done.is_(None))
    in_live = _find_in_live(connection, session, given_up.request_id)
    taken = {"done": in_live} if in_live else {"request_id": claim.request_id, "server": claim.server, "made": now}
    # PostgreSQL waits here for the end of a transaction of the killed server, and looks again at what it has noted.
    is_taken = connection.execute(idempotency.update().where(*abandoned).values(taken)).rowcount == 1
    if is_taken and not in_live:
        return None
    known = find_one(connection, Answer, pick(idempotency, Answer).where(*mine))
    if known is None:
        raise missing("idempotency key")
    return known


def note_done(connection: Connection, what: What, *which: object) -> None:
    """Note what this transaction does for the request that the current task works for, if that has claimed a key.

    Raises BusyError if another server has taken the key over: the transaction must not be committed.
    """
    claim = CLAIM.get()
    if claim is None or not claim.is_open or what == claim.by_product:
        return
    done = " ".join((what, *map(str, which)))
    c = idempotency.c
    noted = idempotency.update().where(*_is_of(claim.user, claim.key, claim.request_id))
    noted = noted.values(done=func.coalesce(c.done + ",", "") + done)
    if connection.execute(noted).rowcount == 0:
        raise BusyError("This took so long that a repeat of it was begun: ask again in a moment.")


def keep_answer(connection: Connection, user: str, key: str, request_id: str, *, status: int, body: bytes) -> None:
    """Keep the answer to the request that claimed a key. Raises MissingError if it has the key no more."""
    is_mine = _is_of(user, key, request_id)
    change(connection, idempotency, *is_mine, what="idempotency key", status=status, body=body)


def release_key(connection: Connection, user: str, key: str, request_id: str) -> str | None:
    """Give up the claim of a request that failed. One that has done something before keeps it: returns what it did."""
    c = idempotency.c
    is_mine = _is_of(user, key, request_id)
    connection.execute(idempotency.delete().where(*is_mine, c.status.is_(None), c.done.is_(None)))
    done: str | None = connection.execute(select(c.done).where(*is_mine)).scalar_one_or_none()
    return done


def is_late(now: float, seconds: float = KEPT) -> ColumnElement[bool]:
    """Return the condition that a key was claimed longer than some seconds ago, or as far ahead by another clock."""
    return ~idempotency.c.made.between(max(0.0, now - seconds), now + seconds)


def _is_of(user: str, key: str, request_id: str) -> tuple[ColumnElement[bool], ...]:
    c = idempotency.c
    return c.user == user, c.key == key, c.request_id == request_id


def _find_in_live(connection: Connection, session: str, request_id: str) -> str | None:
    """Return what may have been done in Live, which no transaction of ours writes; None for other sessions."""
    wanted = select(sessions.c.id).where(sessions.c.id == session, sessions.c.kind == "live")
    if connection.execute(wanted).first() is None:
        return None
    is_its = (steps.c.session == session, steps.c.request_id == request_id)
    version = connection.execute(select(func.max(steps.c.version)).where(*is_its)).scalar_one()
    return IN_LIVE if version is None else f"step {session} {version}"
