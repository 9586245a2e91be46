"""OSC bytes to wire messages and back; notes and warp markers to blobs and back.

python-osc is the codec; its quirks are handled here.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pythonosc.osc_message import OscMessage
from pythonosc.parsing import ntp, osc_types

from musearoo.bridge.protocol import MESSAGE_BY_PATH, NOTE_RECORD, WARP_RECORD, WIRE_VERSION, Hello
from musearoo.bridge.protocol.types import Kind, Message, Route, WireError, arguments, build
from musearoo.engines.music.note import Note

MOST_BUNDLES = 16
"""Most bundles in one packet, including nested ones: honest peers send one at most."""

MOST_MESSAGES = 20_000
"""Most messages in one packet: more are an attack or a mistake."""

MOST_TOGETHER = 1001
"""Most messages in one sent bundle: a transaction's head, and as many edits as a reference can count back."""

MOST_ARGUMENTS = 4096
"""Most arguments of one message: a transaction's result has two for each of at most a thousand edits."""

TYPE_TAGS = frozenset("ifsbdhTF")
"""The tags of the table, and controllers' tags for numbers and switches. python-osc ignores others silently."""

_BUNDLE_HEAD = b"#bundle\0"
_HELLO_HEAD = Hello.path.encode() + b"\0"
_RECORD = struct.Struct(NOTE_RECORD)
_WARP_RECORD = struct.Struct(WARP_RECORD)


def encode(message: Message) -> bytes:
    """Encode one message as an OSC packet; raises WireError if an argument is out of bounds.

    >>> from musearoo.bridge.protocol import Got
    >>> encode(Got(press=7))
    b'/roo/got\\x00\\x00\\x00\\x00,ii\\x00\\x00\\x00\\x00\\x07\\x00\\x00\\x00\\x00'
    """
    values = arguments(message)
    tags = "," + "".join(kind.value for kind, _ in values)
    head = osc_types.write_string(message.path) + osc_types.write_string(tags)
    return head + b"".join(_encoded(kind, value) for kind, value in values)


def encode_bundle(messages: Sequence[Message]) -> bytes:
    """Encode several messages as one OSC bundle, to be handled at once; raises as `encode` does."""
    if len(messages) > MOST_TOGETHER:
        raise WireError(f"a bundle may hold at most {MOST_TOGETHER:,} messages, not {len(messages):,}")
    return bundle_packets([encode(message) for message in messages])


def bundle_packets(packets: Iterable[bytes]) -> bytes:
    """Return one OSC bundle of encoded packets."""
    return b"".join([_BUNDLE_HEAD, ntp.IMMEDIATELY, *(osc_types.write_int(len(packet)) + packet for packet in packets)])


def _encoded(kind: Kind, value: Any) -> bytes:
    match kind:
        case Kind.WHOLE:
            return osc_types.write_int(value)
        case Kind.REAL:
            return osc_types.write_float(value)
        case Kind.DOUBLE:
            return osc_types.write_double(value)
        case Kind.TEXT:
            return osc_types.write_string(value)
        case Kind.BLOB:
            # python-osc rejects an empty blob, but a clip may have no notes.
            return osc_types.write_blob(value) if value else osc_types.write_int(0)


def decode(packet: bytes, route: Route) -> list[Message]:
    """Decode the messages in an OSC packet that arrived by `route`, in order; bundles' time tags are ignored.

    Raises WireError for anything that is not OSC, an address that the route does not have, or an argument out of
    bounds; then no message of the packet may be handled.
    """
    known = MESSAGE_BY_PATH[route]
    messages = []
    for osc in _messages(packet):
        cls = known.get(osc.address)
        if cls is None:
            raise WireError(f"{osc.address!r:.80} is not an address that goes {route.value}")
        messages.append(build(cls, list(osc.params)))
    return messages


def read_other_hello(packet: bytes) -> tuple[int, int] | None:
    """Return reply port and wire version of a device's hello of another release, or None.

    These two are at the same position in every release.
    """
    if not packet.startswith(_HELLO_HEAD):
        return None
    try:
        params = list(_message(packet).params)
        _, reply_port, version = (
            spec.check(name, value) for (name, spec), value in zip(Hello.specs, params[:3], strict=False)
        )
    except Exception:
        # As in `_messages`: python-osc raises many errors, and each means that this is not a hello.
        return None
    return None if version == WIRE_VERSION else (reply_port, version)


def _messages(packet: bytes) -> list[OscMessage]:
    try:
        return [_message(element) for element in _elements(packet)]
    except WireError:
        raise
    except Exception as error:
        # python-osc raises its own ParseError, but also UnicodeDecodeError, struct.error, IndexError and others,
        # depending on where the bytes go wrong: all of them mean that the peer's packet is not OSC.
        raise WireError(f"{len(packet)} bytes that are not an OSC packet ({type(error).__name__})") from error


def _elements(packet: bytes) -> list[bytes]:
    """Return the messages' bytes, bundles opened. python-osc opens them too, but loops for ever on a negative size."""
    pieces, found, bundles = [packet], [], 0
    while pieces:
        piece = pieces.pop()
        if not piece.startswith(_BUNDLE_HEAD):
            found.append(piece)
            continue
        bundles += 1
        if bundles > MOST_BUNDLES:
            raise WireError(f"a packet may hold at most {MOST_BUNDLES} bundles")
        pieces.extend(reversed(_contents(piece)))
        if len(pieces) + len(found) > MOST_MESSAGES:
            raise WireError(f"a packet may hold at most {MOST_MESSAGES} messages")
    return found


def _contents(bundle: bytes) -> list[bytes]:
    elements: list[bytes] = []
    position = len(_BUNDLE_HEAD) + 8
    if len(bundle) < position:
        raise WireError("a bundle ends before its time tag does")
    while position < len(bundle):
        (size,) = struct.unpack_from(">i", bundle, position)
        start = position + 4
        if size <= 0 or size % 4 or start + size > len(bundle):
            raise WireError(f"a bundle's element claims {size} bytes, {len(bundle) - start} are left")
        elements.append(bundle[start : start + size])
        if len(elements) > MOST_MESSAGES:
            raise WireError(f"a packet may hold at most {MOST_MESSAGES} messages")
        position = start + size
    return elements


def _message(data: bytes) -> OscMessage:
    end = data.find(b"\0")
    first = end + 4 - end % 4
    tags = data[first : data.find(b"\0", first)].decode("ascii", "replace")
    if not data.startswith(b"/") or not tags.startswith(","):
        raise WireError(f"{len(data)} bytes that are not an OSC message with type tags")
    if len(tags) > MOST_ARGUMENTS + 1 or not TYPE_TAGS.issuperset(tags[1:]):
        raise WireError(f"an OSC message must have at most {MOST_ARGUMENTS} arguments of the types {_TAGS_SHOWN}")
    return OscMessage(data)


_TAGS_SHOWN = " ".join(sorted(TYPE_TAGS))


class NoteRecord(NamedTuple):
    """A note in a blob. Beats are Live's, and may be before the clip's start."""

    pitch: int
    mute: int
    probability: float
    velocity: float
    velocity_deviation: float
    release_velocity: float
    start: float
    duration: float


def encode_notes(notes: Iterable[Note | NoteRecord]) -> bytes:
    """Encode notes as a blob, one record each; `decode_notes` is the inverse."""
    pack = _RECORD.pack
    return b"".join(
        pack(
            note.pitch,
            note.mute,
            note.probability,
            note.velocity,
            note.velocity_deviation,
            note.release_velocity,
            note.start,
            note.duration,
        )
        for note in notes
    )


def decode_notes(blob: bytes) -> tuple[NoteRecord, ...]:
    """Decode the notes in a blob, in their order; raises WireError if it is not whole records."""
    check_notes(blob)
    return tuple(map(NoteRecord._make, _RECORD.iter_unpack(blob)))


def check_notes(blob: bytes) -> None:
    """Raise WireError when a blob is not whole records."""
    if len(blob) % _RECORD.size:
        raise WireError(f"a blob of notes must be whole records of {_RECORD.size} bytes, got {len(blob)}")


class WarpMarker(NamedTuple):
    """A second of the audio file, and its beat."""

    seconds: float
    beats: float


def encode_warp_markers(markers: Iterable[tuple[float, float]]) -> bytes:
    """Encode markers (seconds, beats) as a blob, one record each; `decode_warp_markers` is the inverse."""
    return b"".join(_WARP_RECORD.pack(seconds, beats) for seconds, beats in markers)


def decode_warp_markers(blob: bytes) -> tuple[WarpMarker, ...]:
    """Decode the warp markers in a blob; raises WireError if it is not whole records."""
    if len(blob) % _WARP_RECORD.size:
        raise WireError(f"a blob of warp markers must be whole records of {_WARP_RECORD.size} bytes, got {len(blob)}")
    return tuple(map(WarpMarker._make, _WARP_RECORD.iter_unpack(blob)))
