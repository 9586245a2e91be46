"""Lists of takes, judgements, and the history of a set."""

from __future__ import annotations

from typing import Literal

import msgspec

from musearoo.bridge.api.types.answers import Answer, Take


class TakeList(Answer, frozen=True, kw_only=True):
    """A page of takes, newest first, without their notes. `next`: the cursor of the next page, None at the end."""

    items: tuple[Take, ...]
    next: str | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a user thinks of a take: 1 liked, -1 disliked, 0 nothing any more."""

    value: Literal[-1, 0, 1]


class StepState(Answer, frozen=True, kw_only=True):
    """A change of a session's set: the version that it led to, by which request, whose, and whether it was undone.

    `user` is the id and `by` the name of whoever asked for it; `takes` are the ids of those that came of it.
    """

    version: int
    do: str
    label: str
    user: str | None
    made: float
    undone: bool
    by: str = ""
    takes: tuple[str, ...] = ()


class History(Answer, frozen=True, kw_only=True):
    """A page of changes, newest first."""

    items: tuple[StepState, ...]
    next: str | None = None
