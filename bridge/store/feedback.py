"""Feedback: which takes a user likes and dislikes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from musearoo.bridge.store.records import Feedback
from musearoo.bridge.store.rows import put_or_replace
from musearoo.bridge.store.tables import feedback


def give_feedback(connection: Connection, judgement: Feedback) -> None:
    """Keep a user's judgement of a take in place of an earlier one. Raises MissingError if the take is gone."""
    put_or_replace(connection, feedback, judgement, ("take", "user"))


def withdraw_feedback(connection: Connection, take: str, user: str) -> bool:
    """Forget a user's judgement of a take; returns whether there was one."""
    gone = connection.execute(feedback.delete().where(feedback.c.take == take, feedback.c.user == user))
    return gone.rowcount == 1


def find_feedback(connection: Connection, take: str, user: str) -> int:
    """Return a user's judgement of a take: 1, -1, or 0 for none."""
    return list_feedback(connection, [take], user).get(take, 0)


def list_feedback(connection: Connection, takes: Sequence[str], user: str) -> dict[str, int]:
    """Return a user's judgements of a page of takes, by their ids: 1 or -1, none for a take without one."""
    c = feedback.c
    found = connection.execute(select(c.take, c.value).where(c.take.in_(takes), c.user == user))
    return {row.take: row.value for row in found}
