"""Sessions as clients see them: how one is asked for, and its state."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from musearoo.bridge.api.types.answers import Answer
from musearoo.bridge.api.types.requests import Bpm, KeyName


class NewSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session to make: with the set that is open in Live, or with a small set of its own.

    Tempo, time signature and key are those of a set of its own; Live's set has its own.
    """

    name: Annotated[str, Meta(max_length=120)] = ""
    set: Annotated[Literal["own", "live"], Meta(description="own: a set in the store; live: the set open in Live")] = (
        "own"
    )
    live_set: Annotated[str, Meta(max_length=255, description="name of Live's set, where several are open")] = ""
    bpm: Bpm = 120.0
    time_signature: Annotated[str, Meta(pattern=r"^[1-9][0-9]?/(1|2|4|8|16)$(?!\n)")] = "4/4"
    key: KeyName = ""


class ChangedSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be changed of a session."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]


class SessionState(Answer, frozen=True, kw_only=True):
    """A session. `takes`: how many were made in it; `people`: who listens now; `role`: the asking user's."""

    id: str
    name: str
    set: Literal["own", "live"]
    version: int
    takes: int
    made: float
    changed: float
    closed: float | None = None
    role: Literal["owner", "editor", "listener"] | None = None
    people: tuple[str, ...] = ()


class SessionList(Answer, frozen=True, kw_only=True):
    """A page of sessions, newest first. `next`: the cursor of the next page, None at the end."""

    items: tuple[SessionState, ...]
    next: str | None = None
