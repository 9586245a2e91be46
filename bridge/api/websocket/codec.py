"""Frames as bytes and back, in msgpack or JSON. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from musearoo.bridge.api.problems.decoding import require_plain
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.frames import FRAMES_FROM_CLIENTS, JSON_PROTOCOL, MSGPACK_PROTOCOL

_MSGPACK: Final = msgspec.msgpack.Decoder(tuple[str, int, msgspec.Raw])
_JSON: Final = msgspec.json.Decoder(tuple[str, int, msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Frame:
    """A client's frame; `body` is still encoded."""

    type: str
    id: int
    body: msgspec.Raw


class Codec:
    """Frames in one encoding."""

    def __init__(self, protocol: str) -> None:
        self.protocol = protocol
        self.is_text = protocol == JSON_PROTOCOL
        self._encode = msgspec.json.encode if self.is_text else msgspec.msgpack.encode
        self._frames = _JSON if self.is_text else _MSGPACK

    @classmethod
    def of(cls, offered: list[str]) -> Codec | None:
        """Return the codec of the first subprotocol that is known, None without one."""
        known = next((name for name in offered if name in (MSGPACK_PROTOCOL, JSON_PROTOCOL)), None)
        return None if known is None else cls(known)

    def decode(self, data: bytes | str) -> Frame:
        """Return a client's frame; raises ApiError for anything else."""
        try:
            type, id, body = self._frames.decode(data.encode() if isinstance(data, str) else data)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise ApiError(400, "bad_frame", f"A frame must be [type, id, body]: {error}.") from error
        if type not in FRAMES_FROM_CLIENTS:
            known = ", ".join(FRAMES_FROM_CLIENTS)
            raise ApiError(400, "bad_frame", f"There is no frame of type {type[:40]!r}: there are {known}.")
        if not 0 <= id <= 2**53:
            raise ApiError(400, "bad_frame", "The id of a frame must be a whole number of at least 0.")
        return Frame(type, id, body)

    def read(self, frame: Frame, kind: Any) -> Any:
        """Return a frame's body as a type; raises ApiError with the field at fault."""
        decode = msgspec.json.decode if self.is_text else msgspec.msgpack.decode
        try:
            decoded = decode(frame.body, type=kind)
        except msgspec.ValidationError as error:
            sentence, _, path = str(error).partition(" - at `$")
            field = path.rstrip("`").lstrip(".")
            raise ApiError(422, "bad_parameter", f"{field + ': ' if field else ''}{sentence}.", field) from error
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise ApiError(400, "bad_frame", f"The body of {frame.type} cannot be read: {error}.") from error
        if isinstance(decoded, msgspec.Struct):
            require_plain(decoded, "")
        return decoded

    def read_bytes(self, frame: Frame) -> bytes:
        """Return a frame's body of bytes; in JSON they are base64."""
        if not self.is_text:
            data: bytes = self.read(frame, bytes)
            return data
        try:
            return base64.b64decode(self.read(frame, str), validate=True)
        except ValueError as error:
            raise ApiError(400, "bad_frame", "Audio in a JSON frame must be base64.") from error

    def encode(self, type: str, id: int, body: Any) -> bytes:
        """Return a frame of the server."""
        return self._encode((type, id, body))

    def wrap(self, type: str, id: int, packed: bytes) -> bytes:
        """Return a frame of the server whose body is encoded already: in msgpack; in JSON for text."""
        return self._encode((type, id, msgspec.Raw(packed)))

    def wrap_msgpack(self, type: str, id: int, packed: bytes) -> bytes:
        """Return a frame of the server whose body is encoded in msgpack, whatever the frame's encoding."""
        return self.encode(type, id, msgspec.msgpack.decode(packed)) if self.is_text else self.wrap(type, id, packed)
