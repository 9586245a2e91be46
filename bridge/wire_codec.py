"""OSC bytes to wire messages and back, and notes to blobs and back. python-osc is the codec; its traps stay in here."""

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.wire import MESSAGE_BY_PATH, NOTE_RECORD
from bridge.wire_types import Message, Route, WireError, arguments, build
from engines.music.note import Note

MOST_BUNDLES = 16
"""Bundles in one packet, nested ones too, that are opened: nobody honest sends more than one."""

MOST_MESSAGES = 20_000
"""Messages in one packet that are read: the rest is an attack or a mistake."""

_RECORD = struct.Struct(NOTE_RECORD)


def encode(message: Message) -> bytes:
    """The OSC packet of one message; raises WireError when an argument is out of bounds.

    >>> from bridge.wire import Got
    >>> encode(Got(press=7))
    b'/roo/got\\x00\\x00\\x00\\x00,i\\x00\\x00\\x00\\x00\\x00\\x07'
    """
    return _osc_message(message).dgram


def encode_bundle(messages: Sequence[Message]) -> bytes:
    """The OSC packet of several messages that belong together, to be acted on at once."""
    builder = OscBundleBuilder(IMMEDIATELY)
    for message in messages:
        builder.add_content(_osc_message(message))
    return builder.build().dgram


def _osc_message(message: Message) -> OscMessage:
    builder = OscMessageBuilder(message.path)
    for kind, value in arguments(message):
        builder.add_arg(value, kind.value)
    return builder.build()


def decode(packet: bytes, route: Route) -> list[Message]:
    """The messages in one OSC packet that came by `route`, in order; bundles are opened, their time tags ignored.

    Raises WireError for anything that is not OSC, an address that the route does not have, or an argument out of
    bounds; nothing of the packet is to be acted on then.
    """
    known = MESSAGE_BY_PATH[route]
    messages = []
    for osc in _flatten(packet):
        cls = known.get(osc.address)
        if cls is None:
            raise WireError(f"{osc.address!r:.80} is not an address that goes {route.value}")
        messages.append(build(cls, list(osc.params)))
    return messages


def _flatten(packet: bytes) -> list[OscMessage]:
    try:
        if OscBundle.dgram_is_bundle(packet):
            # python-osc follows nested bundles by recursion, copying the rest at each level.
            if packet.count(b"#bundle\0") > MOST_BUNDLES:
                raise WireError(f"a packet may hold at most {MOST_BUNDLES} bundles")
            return _opened(OscBundle(packet))
        return [OscMessage(packet)]
    except WireError:
        raise
    except Exception as error:
        # python-osc raises its own ParseError, but also UnicodeDecodeError, struct.error, IndexError and others,
        # depending on where the bytes go wrong: all of them mean that the peer's packet is not OSC.
        raise WireError(f"{len(packet)} bytes that are not an OSC packet ({type(error).__name__})") from error


def _opened(bundle: OscBundle) -> list[OscMessage]:
    messages: list[OscMessage] = []
    for content in bundle:
        messages.extend(_opened(content) if isinstance(content, OscBundle) else [content])
        if len(messages) > MOST_MESSAGES:
            raise WireError(f"a packet may hold at most {MOST_MESSAGES} messages")
    return messages


class NoteRecord(NamedTuple):
    """A note as it stands in a blob: beats as Live has them, also before the clip's start."""

    pitch: int
    mute: int
    probability: float
    velocity: float
    velocity_deviation: float
    release_velocity: float
    start: float
    duration: float


def encode_notes(notes: Iterable[Note | NoteRecord]) -> bytes:
    """The blob that holds `notes`, one record each; `decode_notes` is the inverse."""
    pack = _RECORD.pack
    return b"".join(
        pack(
            *(note.pitch, note.mute, note.probability, note.velocity),
            *(note.velocity_deviation, note.release_velocity, note.start, note.duration),
        )
        for note in notes
    )


def decode_notes(blob: bytes) -> tuple[NoteRecord, ...]:
    """The records in a blob, in the order they stand there; raises WireError when it is not whole records."""
    if len(blob) % _RECORD.size:
        raise WireError(f"a blob of notes must be whole records of {_RECORD.size} bytes, got {len(blob)}")
    return tuple(map(NoteRecord._make, _RECORD.iter_unpack(blob)))
