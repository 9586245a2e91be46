"""Frames of the live connection as bytes and back; what is to be done again after a reconnect. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, get_args

import msgspec

from musearoo.bridge.api.types.answers import Outcome, Problem
from musearoo.bridge.api.types.events import AnyEvent, SetChanged
from musearoo.bridge.api.types.frames import EventName, Hello, Rest, RestAnswer, Subscribe, Turn, Welcome
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.client.errors import ClientError
from musearoo.client.exchange import segment

_FRAME: Final = msgspec.msgpack.Decoder(tuple[str, int, msgspec.Raw])
_EVENT: Final = msgspec.msgpack.Decoder(AnyEvent)
_OUTCOME: Final = msgspec.msgpack.Decoder(Outcome)
_PROBLEM: Final = msgspec.msgpack.Decoder(Problem)
_REST: Final = msgspec.msgpack.Decoder(RestAnswer)
_WELCOME: Final = msgspec.msgpack.Decoder(Welcome)
_encode: Final = msgspec.msgpack.Encoder().encode


class _EventName(msgspec.Struct):
    event: str


_EVENT_NAME: Final = msgspec.msgpack.Decoder(_EventName)
KINDS: Final = frozenset(str(kind.__struct_config__.tag) for kind in get_args(AnyEvent))
"""The kinds of events that this client knows."""


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to request `id`: its outcome, or with a preview what it would be."""

    id: int
    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """Request `id` failed; id 0 is the connection itself."""

    id: int
    error: ClientError


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the session. `has_gap`: changes of the set came before it of which nothing was told."""

    event: AnyEvent
    has_gap: bool = False


Received: TypeAlias = Done | Failed | Happened | Welcome | None
"""What a frame of the server is; None for one that this client does not know."""


@dataclass(slots=True)
class Frames:
    """One client's side of the conversation. `version`: that of the set which the client knows; None before any.

    `events`: the kinds of events that the client wants; None for all.
    """

    token: str
    version: int | None = None
    events: tuple[EventName, ...] | None = None
    last_id: int = field(default=0, init=False)

    def hello(self) -> bytes:
        """Return the first frame of a connection."""
        return _encode(("hello", 0, Hello(token=self.token, since=self.version, events=self.events)))

    def do(self, request: AnyRequest) -> tuple[int, bytes]:
        """Return the id and the frame of a request."""
        return self._ask("do", request)

    def turn(self, turn: Turn) -> tuple[int, bytes]:
        """Return the id and the frame of another value of a take's parameters."""
        return self._ask("turn", turn)

    def read_set(self, session: str) -> tuple[int, bytes]:
        """Return the id and the frame of a request for the whole set; its answer is a RestAnswer."""
        return self._ask("rest", Rest(path=f"/sessions/{segment(session)}/set"))

    def subscribe(self, events: tuple[EventName, ...] | None) -> tuple[int, bytes]:
        """Return the id and the frame that asks for other kinds of events, also after a reconnect."""
        self.events = events
        return self._ask("subscribe", Subscribe(events=events))

    def cancel(self, id: int) -> bytes:
        """Return the frame that cancels a request."""
        return _encode(("cancel", id, None))

    def _ask(self, type: str, body: Any) -> tuple[int, bytes]:
        self.last_id += 1
        return self.last_id, _encode((type, self.last_id, body))

    def read(self, data: bytes | str) -> Received:
        """Return what a frame of the server says, and note the version that it brings the set to.

        Raises ClientError for one that cannot be read.
        """
        try:
            type, id, body = _FRAME.decode(data.encode() if isinstance(data, str) else data)
            return self._read(type, id, body)
        except (msgspec.MsgspecError, UnicodeError) as error:
            sentence = f"A frame cannot be read ({error}): the server may be of another version, compare /healthz."
            raise ClientError(sentence, code="bad_answer") from error

    def _read(self, type: str, id: int, body: msgspec.Raw) -> Received:
        match type:
            case "done" | "preview":
                return Done(id, _OUTCOME.decode(body))
            case "problem":
                return Failed(id, error_of(_PROBLEM.decode(body)))
            case "event":
                if (event := _read_event(body)) is None:
                    return None
                if not isinstance(event, SetChanged):
                    return Happened(event)
                changes, known = event.changes, self.version
                self.version = changes.version
                return Happened(event, known is not None and not changes.whole and changes.version > known + 1)
            case "rest":
                return Done(id, _REST.decode(body))
            case "subscribed":
                return Done(id, None)
            case "welcome":
                welcome = _WELCOME.decode(body)
                self.version = welcome.version
                return welcome
        return None


def _read_event(body: msgspec.Raw) -> AnyEvent | None:
    """Return the event; None for a kind that only newer servers have."""
    try:
        event: AnyEvent = _EVENT.decode(body)
    except msgspec.ValidationError:
        if _EVENT_NAME.decode(body).event in KINDS:
            raise
        return None
    return event


def error_of(problem: Problem) -> ClientError:
    """Return a problem as an error."""
    return ClientError(
        problem.detail,
        code=problem.code,
        status=problem.status,
        field=problem.field,
        retry_after=problem.retry_after,
    )
