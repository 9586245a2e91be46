"""Idempotency keys: a request that is sent twice is performed once, and has the same answer twice."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection

from musearoo.bridge.store.errors import ConflictError
from musearoo.bridge.store.records import Answer
from musearoo.bridge.store.rows import change, find_one, missing, pick, upsert
from musearoo.bridge.store.tables import idempotency

KEPT: Final = 86_400.0
"""Seconds that an answer is kept."""
ABANDONED: Final = 600.0
"""Seconds after which a request without an answer counts as given up, as by a server that died."""


def claim_key(connection: Connection, user: str, key: str, *, digest: str, now: float) -> Answer | None:
    """Claim a key for a request; None if it is to be performed now.

    Otherwise the Answer of the first request: without a `status` while it is under way. Raises ConflictError if the key
    stands for a request with another digest.
    """
    claim = {"user": user, "key": key, "digest": digest, "status": None, "body": None, "made": now}
    c = idempotency.c
    mine = (c.user == user, c.key == key)
    # What is too old is given up; also what is from a clock that went back, which would seem young for ever.
    unanswered = is_late(now, ABANDONED) & c.status.is_(None)
    connection.execute(idempotency.delete().where(*mine, is_late(now) | unanswered))
    claimed = upsert(connection, idempotency).values(claim).on_conflict_do_nothing().returning(c.key)
    if connection.execute(claimed).first() is not None:
        return None
    known = find_one(connection, Answer, pick(idempotency, Answer).where(*mine))
    if known is None:
        raise missing("idempotency key")
    if known.digest != digest:
        raise ConflictError("This idempotency key stands for another request: use a new key for each request.")
    return known


def is_late(now: float, seconds: float = KEPT) -> ColumnElement[bool]:
    """Return the condition that a key was claimed longer than some seconds ago, or as far ahead by another clock."""
    return ~idempotency.c.made.between(max(0.0, now - seconds), now + seconds)


def keep_answer(connection: Connection, user: str, key: str, *, status: int, body: bytes) -> None:
    """Keep the answer to the request that claimed a key. Raises MissingError if the claim was given up."""
    c = idempotency.c
    change(connection, idempotency, c.user == user, c.key == key, what="idempotency key", status=status, body=body)


def release_key(connection: Connection, user: str, key: str) -> None:
    """Give up a claim whose request failed in a way that may be repeated."""
    c = idempotency.c
    connection.execute(idempotency.delete().where(c.user == user, c.key == key, c.status.is_(None)))
