"""Messages of a set as bytes, for the store and between processes, and back. Pure.

A list of [address, arguments by name] in msgpack: thirty times as fast as OSC, and a later release may add arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import msgspec

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import MESSAGE_BY_PATH
from musearoo.bridge.protocol.codec import check_notes
from musearoo.bridge.protocol.live_set import ClipNotes
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.engines.errors import UserFacingError

_ROWS: Final = msgspec.msgpack.Decoder(list[tuple[str, msgspec.Raw]])


class DocumentError(UserFacingError):
    """A stored set cannot be read."""


def pack(messages: Iterable[Message]) -> bytes:
    """Return messages of a set, or a transaction's edits, as bytes. `unpack` and `unpack_edits` are the inverse."""
    return msgspec.msgpack.encode([(message.path, message) for message in messages])


def unpack(data: bytes) -> Sequence[Message]:
    """Return the messages of a set in bytes, in their order; raises DocumentError if they are damaged."""
    return _unpack(data, Route.SCRIPT_TO_DAEMON)


def unpack_edits(data: bytes) -> Sequence[Message]:
    """Return the edits of a transaction in bytes; raises DocumentError if they are damaged."""
    return _unpack(data, Route.DAEMON_TO_SCRIPT)


def open_set(document: bytes, steps: Iterable[bytes]) -> tuple[SetMirror, int]:
    """Return the set of a document and the steps after it, and the id of its next object.

    Raises DocumentError if one is damaged.
    """
    mirror, highest = SetMirror(), 0
    for data in (document, *steps):
        for message in unpack(data):
            mirror.apply(message)
            highest = max(highest, getattr(message, "id", 0))
    return mirror, highest + 1


def _unpack(data: bytes, route: Route) -> Sequence[Message]:
    try:
        messages = [_decoder(route, path).decode(raw) for path, raw in _ROWS.decode(data)]
        for message in messages:
            if isinstance(message, ClipNotes):
                check_notes(message.notes)
    except (msgspec.MsgspecError, KeyError, WireError) as error:
        raise DocumentError(f"The stored set is damaged ({error}): restore a backup of the database.") from error
    return messages


@cache
def _decoder(route: Route, path: str) -> msgspec.msgpack.Decoder[Message]:
    return msgspec.msgpack.Decoder(MESSAGE_BY_PATH[route][path])
