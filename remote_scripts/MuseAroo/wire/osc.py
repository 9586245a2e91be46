"""OSC 1.0 packets as far as the wire table needs them: messages and bundles with the types i f d s b."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple, Union

Value = Union[int, float, str, bytes]

MOST_MESSAGES = 1001
"""Messages in one packet: the head of a transaction and as many edits as a reference can address."""

DEEPEST_BUNDLE = 4
"""The maximum nesting of bundles; valid senders do not nest them at all."""

_BUNDLE_HEAD = b"#bundle\0"
_IMMEDIATELY = b"\0\0\0\0\0\0\0\1"
_PADDING = b"\0\0\0\0"
_INT, _FLOAT, _DOUBLE = struct.Struct(">i"), struct.Struct(">f"), struct.Struct(">d")
_NUMBERS = {"i": _INT, "f": _FLOAT, "d": _DOUBLE}


class Message(NamedTuple):
    """An address and its arguments."""

    address: str
    values: tuple[Value, ...]


class OscError(Exception):
    """The bytes are not an OSC packet; `read` contains the messages before the error."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.read: list[Message] = []


def encode_message(address: str, tags: str, values: tuple[Value, ...]) -> bytes:
    r"""Return the packet of one message; `tags` has one OSC type letter per value.

    >>> encode_message("/a", "i", (7,))
    b'/a\x00\x00,i\x00\x00\x00\x00\x00\x07'
    """
    parts = [_text(address), _text("," + tags)]
    for tag, value in zip(tags, values):
        if tag == "s":
            parts.append(_text(str(value)))
        elif tag == "b":
            parts.append(_blob(value))
        else:
            parts.append(_NUMBERS[tag].pack(value))
    return b"".join(parts)


def encode_bundle(packets: list[bytes]) -> bytes:
    """Return the bundle of `packets`, to be handled immediately and together."""
    return b"".join([_BUNDLE_HEAD, _IMMEDIATELY] + [_INT.pack(len(packet)) + packet for packet in packets])


def decode(packet: bytes) -> list[Message]:
    """Return the messages in a packet, in order; bundles are flattened and their time tags ignored.

    Raises OscError for any bytes that are not OSC.
    """
    messages: list[Message] = []
    try:
        _read_packet(packet, messages, 0)
    except OscError as fault:
        fault.read = messages
        raise
    return messages


def _text(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return raw + _PADDING[len(raw) % 4 :]


def _blob(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(f"a blob must be bytes, not {type(value).__name__}")
    return _INT.pack(len(value)) + value + _PADDING[: -len(value) % 4]


def _read_packet(packet: bytes, messages: list[Message], depth: int) -> None:
    if not packet.startswith(_BUNDLE_HEAD):
        if len(messages) >= MOST_MESSAGES:
            raise OscError(f"a packet may hold at most {MOST_MESSAGES} messages")
        messages.append(_read_message(packet))
        return
    if depth >= DEEPEST_BUNDLE:
        raise OscError(f"bundles may lie at most {DEEPEST_BUNDLE} deep in each other")
    position = 16
    if len(packet) < position:
        raise OscError("a bundle ends before its time tag")
    while position < len(packet):
        (size,) = _unpack(_INT, packet, position)
        position += 4
        if size <= 0 or size % 4 or position + size > len(packet):
            raise OscError(f"a bundle's element claims {size} bytes, {len(packet) - position} are left")
        _read_packet(packet[position : position + size], messages, depth + 1)
        position += size


def _read_message(packet: bytes) -> Message:
    if not packet.startswith(b"/"):
        raise OscError(f"{len(packet)} bytes that begin neither with an address nor with a bundle")
    address, position = _read_text(packet, 0)
    tags, position = _read_text(packet, position)
    if not tags.startswith(","):
        raise OscError(f"{address:.80} has no type tags")
    values: list[Value] = []
    for tag in tags[1:]:
        if tag == "s":
            text, position = _read_text(packet, position)
            values.append(text)
        elif tag == "b":
            blob, position = _read_blob(packet, position)
            values.append(blob)
        elif tag in _NUMBERS:
            number = _NUMBERS[tag]
            values.append(_unpack(number, packet, position)[0])
            position += number.size
        else:
            raise OscError(f"{address:.80} has an argument of type {tag!r}, which is not one of i f d s b")
    if position != len(packet):
        raise OscError(f"{address:.80} is followed by {len(packet) - position} bytes too many")
    return Message(address, tuple(values))


def _read_text(packet: bytes, position: int) -> tuple[str, int]:
    end = packet.find(b"\0", position)
    if end < 0:
        raise OscError(f"text at byte {position} has no end")
    try:
        text = packet[position:end].decode("utf-8")
    except UnicodeDecodeError:
        raise OscError(f"text at byte {position} is not UTF-8") from None
    following = end + 4 - end % 4
    if following > len(packet):
        raise OscError(f"text at byte {position} is not padded to four bytes")
    return text, following


def _read_blob(packet: bytes, position: int) -> tuple[bytes, int]:
    (size,) = _unpack(_INT, packet, position)
    start = position + 4
    following = start + size + -size % 4
    if size < 0 or following > len(packet):
        raise OscError(f"a blob at byte {position} claims {size} bytes, {len(packet) - start} are left")
    return packet[start : start + size], following


def _unpack(number: struct.Struct, packet: bytes, position: int) -> tuple[Any, ...]:
    if position + number.size > len(packet):
        raise OscError(f"the packet ends in the middle of a number at byte {position}")
    return number.unpack_from(packet, position)
