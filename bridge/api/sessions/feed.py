"""The feed of a session: who changed its set, how, and which takes came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from musearoo.bridge.api.types.takes import StepState
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.records import Step
from musearoo.bridge.store.steps import list_steps
from musearoo.bridge.store.tables import takes
from musearoo.bridge.store.users import read_user

MOST_MISSED: Final = 50
"""Changes that a client is told of when it connects again."""


def list_missed(connection: Connection, session: str, since: int, until: int) -> tuple[StepState, ...]:
    """Return the changes after one version and up to another, oldest first; of too many the newest."""
    newest = list_steps(connection, session, limit=MOST_MISSED, after=until + 1)
    return describe_steps(connection, session, [step for step in reversed(newest) if step.version > since])


def list_missed_in_live(
    connection: Connection, session: str, since: int, until: int, led_to: Mapping[int, int]
) -> tuple[StepState, ...]:
    """Return the changes of a set of Live as `list_missed` does. `led_to`: its version after each step."""
    newest = list_steps(connection, session, limit=MOST_MISSED)
    missed = [step for step in reversed(newest) if since < led_to.get(step.version, since) <= until]
    return tuple(
        msgspec.structs.replace(state, version=led_to[state.version])
        for state in describe_steps(connection, session, missed)
    )


def describe_steps(connection: Connection, session: str, steps: Sequence[Step]) -> tuple[StepState, ...]:
    """Return changes of a session's set as clients see them."""
    if not steps:
        return ()
    versions = [step.version for step in steps]
    wanted = select(takes.c.step, takes.c.id).where(
        takes.c.session == session, takes.c.step.between(min(versions), max(versions))
    )
    made: defaultdict[int, list[str]] = defaultdict(list)
    for version, take in connection.execute(wanted.order_by(takes.c.number)):
        made[version].append(take)
    names = {user: _name_of(connection, user) for user in {step.user for step in steps}}
    return tuple(
        StepState(
            version=step.version,
            do=step.request,
            label=step.label,
            user=step.user,
            made=step.made,
            undone=step.undone is not None,
            by=names[step.user],
            takes=tuple(made[step.version]),
        )
        for step in steps
    )


def _name_of(connection: Connection, user: str | None) -> str:
    """Return a user's name, "" for one who was deleted."""
    try:
        return "" if user is None else read_user(connection, user).name
    except MissingError:
        return ""
