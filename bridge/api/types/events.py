"""What the server tells a session's clients without being asked."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from musearoo.bridge.api.types.answers import JobState, SetChanges, Take
from musearoo.bridge.api.types.clips import TransportView


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", omit_defaults=True):
    """Base of the events."""


class SetChanged(Event, frozen=True, kw_only=True, tag="set"):
    """The set has changed: by a request (`request`, `do`, `by` name it), or by a hand in Live."""

    changes: SetChanges
    request: str = ""
    do: str = ""
    by: str = ""
    """The name of the user whose request it was."""
    sentence: str = ""
    takes: tuple[Take, ...] = ()


class Progress(Event, frozen=True, kw_only=True, tag="progress"):
    """The progress of a request or a job that takes longer."""

    request: str
    fraction: Annotated[float, Meta(ge=0, le=1)]
    sentence: str = ""


class JobChanged(Event, frozen=True, kw_only=True, tag="job"):
    """A job has another state, or has got further."""

    job: JobState


class Judged(Event, frozen=True, kw_only=True, tag="feedback"):
    """Somebody liked or disliked a take."""

    take: str
    value: int
    by: str


class Joined(Event, frozen=True, kw_only=True, tag="people"):
    """Who is in the session now, by name."""

    names: tuple[str, ...]


class LiveChanged(Event, frozen=True, kw_only=True, tag="live"):
    """Live of this session is ready, busy or away."""

    state: str
    sentence: str = ""


class TransportMoved(Event, frozen=True, kw_only=True, tag="transport"):
    """Live started, stopped, jumped or changed its tempo, or other clips play; every 5 seconds while it plays."""

    transport: TransportView


class SessionClosed(Event, frozen=True, kw_only=True, tag="closed"):
    """The session was closed; the connection ends."""

    sentence: str = ""


AnyEvent = SetChanged | Progress | JobChanged | Judged | Joined | LiveChanged | TransportMoved | SessionClosed
"""Every event of a session."""
