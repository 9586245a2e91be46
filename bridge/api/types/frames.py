"""Frames of the WebSocket: `[type, id, body]` in msgpack (subprotocol musearoo.v1) or JSON (musearoo.v1+json).

`id` is the client's number of a request; its answers carry the same. Events have id 0.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from musearoo.bridge.api.types.answers import Answer, SetChanges
from musearoo.bridge.api.types.takes import StepState

MSGPACK_PROTOCOL = "musearoo.v1"
JSON_PROTOCOL = "musearoo.v1+json"

EventName = Literal["set", "progress", "job", "feedback", "people", "live", "transport"]
"""Kinds of events that a client may do without; `closed` comes always."""
EventNames = Annotated[tuple[EventName, ...], Meta(max_length=12)]


class FromClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what clients send."""


class Hello(FromClient, frozen=True, kw_only=True):
    """The first frame, within two seconds. `since`: the version of the set that the client knows, for differences.

    `events`: the kinds of events that are sent; null for all. `closed` is sent always.
    """

    token: Annotated[str, Meta(max_length=256)] = ""
    since: Annotated[int, Meta(ge=0)] | None = None
    events: EventNames | None = None


class Subscribe(FromClient, frozen=True, kw_only=True):
    """Other kinds of events from here on, as in `hello`. `subscribed` answers with the same body."""

    events: EventNames | None = None


class Rest(FromClient, frozen=True, kw_only=True):
    """Any request of REST: `path` begins behind /api/v3, as in "/styles"."""

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"] = "GET"
    path: Annotated[str, Meta(pattern="^/", max_length=2000)]
    body: dict[str, Any] | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict)


class Turn(FromClient, frozen=True, kw_only=True):
    """Another value of a take's parameters: the take is played again with the same seed.

    Until `final` nothing is written: the answer is a preview. Of several that wait only the last one of a take is done.
    A take of a song: the whole song is played again, in all clips that it still has; what would give it other sections
    is refused, and in Live every turn of a song. Refined takes and sounds cannot be turned.
    """

    take: Annotated[str, Meta(max_length=64)]
    params: Annotated[dict[str, Any], Meta(max_length=32)]
    final: bool = False


class AudioBegin(FromClient, frozen=True, kw_only=True):
    """Audio follows, in frames of type `audio` with the same id, up to `audio_end`, which is answered.

    `pcm`: 16 bits, little-endian, interleaved. `file`: the bytes of a file, such as Opus in Ogg or WebM, FLAC, WAV.
    To `say` is answered as `listen` of REST, to `analyze` as that with an upload; `place` puts it into the set, too.
    """

    purpose: Literal["say", "analyze"]
    format: Literal["pcm", "file"] = "pcm"
    rate: Annotated[int, Meta(ge=8000, le=192_000)] = 16_000
    channels: Annotated[int, Meta(ge=1, le=2)] = 1
    name: Annotated[str, Meta(max_length=120)] = ""
    place: bool = False


class Play(FromClient, frozen=True, kw_only=True):
    """Send the sound of a take, in frames of type `audio`."""

    take: Annotated[str, Meta(max_length=64)]
    format: Literal["opus", "wav", "flac", "mp3"] = "opus"


class Welcome(Answer, frozen=True, kw_only=True):
    """The answer to `hello`: who you are, and the set: whole, or what has changed since the version that you know.

    `feed`: who made these changes and how, oldest first, of more than 50 the newest; the notes of its takes come by
    `rest`. Empty without `since`. For the set of Live: the clips that MuseAroo wrote while the server had the session
    open; what a hand does there has no name.
    """

    session: str
    user: str
    role: str
    version: int
    people: tuple[str, ...]
    changes: SetChanges
    feed: tuple[StepState, ...] = ()


class RestAnswer(Answer, frozen=True, kw_only=True):
    """The answer to `rest`."""

    status: int
    body: Any = None
    headers: dict[str, str] = msgspec.field(default_factory=dict)


FRAMES_FROM_CLIENTS: Final = (
    "hello", "do", "rest", "turn", "audio_begin", "audio", "audio_end", "play", "subscribe", "cancel", "ping",
)  # fmt: skip
FRAMES_FROM_SERVER: Final = (
    "welcome", "done", "problem", "event", "preview", "rest", "audio", "audio_end", "subscribed", "pong",
)  # fmt: skip
