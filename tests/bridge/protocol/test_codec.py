"""The codec: notes keep every bit, and any bytes give messages or WireError, at a cost that grows with their length."""

import logging
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.protocol import (
    MESSAGES,
    Bye,
    Cancel,
    ClipNotes,
    ClipWarp,
    Error,
    Facts,
    Generate,
    Got,
    Hello,
    LiveState,
    Refine,
    Result,
)
from musearoo.bridge.protocol.codec import (
    MOST_BUNDLES,
    MOST_MESSAGES,
    NoteRecord,
    decode,
    decode_notes,
    decode_warp_markers,
    encode,
    encode_bundle,
    encode_notes,
    encode_warp_markers,
)
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.engines.music.note import Note
from tests.bridge.audio.samples import A_NOTE, messages_of
from tests.bridge.work_limit import TooMuchWorkError, limited_work
from tests.each_case import each_case

AT_ONCE = b"\0" * 7 + b"\1"
"""The time tag that means "now"."""

CALLS_FOR_A_BYTE, CALLS_FOR_A_PACKET = 8, 2000
"""Work allowed for a packet: the densest honest one (an argument takes five bytes) needs about two calls a byte."""


def padded(text: bytes) -> bytes:
    """An OSC string."""
    return text + b"\0" * (4 - len(text) % 4)


def element(content: bytes) -> bytes:
    """One element of a bundle."""
    return struct.pack(">i", len(content)) + content


def bundle(*contents: bytes, time_tag: bytes = AT_ONCE) -> bytes:
    """An OSC bundle."""
    return b"#bundle\0" + time_tag + b"".join(map(element, contents))


def nested(depth: int, core: bytes) -> bytes:
    """`core` inside `depth` bundles."""
    packet = core
    for _ in range(depth):
        packet = bundle(packet)
    return packet


def decode_within_bounds(packet: bytes, route: Route) -> list[Message]:
    """What `decode` gives, or [] where it raises WireError; fails on any other exception and on too much work."""
    try:
        with limited_work(CALLS_FOR_A_PACKET + CALLS_FOR_A_BYTE * len(packet)):
            return decode(packet, route)
    except WireError:
        return []
    except TooMuchWorkError as error:
        pytest.fail(f"{len(packet)} bytes, {packet[:40]!r}…: {error}")


def real_packets() -> list[tuple[bytes, Route]]:
    """An ordinary packet of every message."""
    return [(encode(messages_of(cls)[1]), cls.route) for cls in MESSAGES]


# --- notes -----------------------------------------------------------------------------------------------------------

singles = st.floats(width=32, allow_nan=False)
doubles = st.floats(allow_nan=False)
bytes_of_one = st.integers(0, 255)
records = st.builds(
    NoteRecord, bytes_of_one, bytes_of_one, singles, singles, singles, singles, start=doubles, duration=doubles
)


@given(st.lists(records, max_size=20))
def test_notes_survive_bit_by_bit(notes: list[NoteRecord]) -> None:
    assert decode_notes(encode_notes(notes)) == tuple(notes)


def test_a_note_record_takes_36_bytes_and_starts_with_the_pitch() -> None:
    blob = encode_notes([NoteRecord(60, 1, 0.5, 100.0, -3.0, 64.0, 1 / 3, 0.1)])
    assert blob[:4] == bytes([60, 1, 0, 0])
    assert len(blob) == 36
    assert blob[20:] == struct.pack(">dd", 1 / 3, 0.1)


def test_an_engines_note_becomes_the_same_record() -> None:
    note = Note(1 / 3, 36, 0.25, 99.0, mute=True, probability=0.5, velocity_deviation=-2.0, release_velocity=10.0)
    assert decode_notes(encode_notes([note])) == (NoteRecord(36, 1, 0.5, 99.0, -2.0, 10.0, 1 / 3, 0.25),)


@each_case("length", [1, 35, 37, 71])
def test_a_blob_that_is_not_whole_records_is_refused(length: int) -> None:
    with pytest.raises(WireError, match=f"whole records of 36 bytes, got {length}"):
        decode_notes(b"\0" * length)


def test_a_clip_without_notes_travels() -> None:
    assert decode_notes(b"") == ()


@given(st.lists(st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)), max_size=50))
def test_warp_markers_come_back_bit_for_bit(markers: list[tuple[float, float]]) -> None:
    sent = ClipWarp(1, encode_warp_markers(markers))
    (message,) = decode(encode(sent), Route.SCRIPT_TO_DAEMON)
    assert isinstance(message, ClipWarp)
    assert decode_warp_markers(message.markers) == tuple(markers)


@each_case("length", [1, 8, 15, 17])
def test_half_a_warp_marker_is_refused(length: int) -> None:
    with pytest.raises(WireError, match=f"whole records of 16 bytes, got {length}"):
        decode_warp_markers(bytes(length))
    assert decode(encode(ClipNotes(1, b"")), Route.SCRIPT_TO_DAEMON) == [ClipNotes(1, b"")]


def test_twenty_thousand_notes_travel_whole() -> None:
    notes = [A_NOTE._replace(start=index / 3) for index in range(20_000)]
    (message,) = decode(encode(ClipNotes(1, encode_notes(notes))), Route.SCRIPT_TO_DAEMON)
    assert isinstance(message, ClipNotes)
    assert decode_notes(message.notes) == tuple(notes)


# --- bundles ---------------------------------------------------------------------------------------------------------


def test_a_bundle_gives_its_messages_in_order() -> None:
    sent: list[Message] = [Cancel(1, 2), Bye(3), Cancel(4, 5)]
    assert decode(encode_bundle(sent), Route.DEVICE_TO_DAEMON) == sent


def test_nested_bundles_give_their_messages_in_order() -> None:
    inner = encode_bundle([Cancel(1, 2), Cancel(1, 3)])
    packet = bundle(encode(Bye(1)), inner, bundle(), encode(Bye(2)))
    assert decode(packet, Route.DEVICE_TO_DAEMON) == [Bye(1), Cancel(1, 2), Cancel(1, 3), Bye(2)]


@each_case("time_tag", [AT_ONCE, b"\0" * 8, b"\xff" * 8, struct.pack(">Q", 2**63)])
def test_time_tags_are_ignored(time_tag: bytes) -> None:
    packet = bundle(encode(Bye(1)), time_tag=time_tag)
    assert decode(packet, Route.DEVICE_TO_DAEMON) == [Bye(1)]


def test_as_many_bundles_as_allowed_are_opened_and_no_more() -> None:
    core = encode(Bye(1))
    assert decode(nested(MOST_BUNDLES, core), Route.DEVICE_TO_DAEMON) == [Bye(1)]
    with pytest.raises(WireError, match=f"at most {MOST_BUNDLES} bundles"):
        decode(nested(MOST_BUNDLES + 1, core), Route.DEVICE_TO_DAEMON)


def test_more_messages_than_allowed_are_refused() -> None:
    with pytest.raises(WireError, match=f"at most {MOST_MESSAGES} messages"):
        decode(bundle(*[encode(Bye(1))] * (MOST_MESSAGES + 1)), Route.DEVICE_TO_DAEMON)
    assert len(decode(bundle(*[encode(Bye(1))] * MOST_MESSAGES), Route.DEVICE_TO_DAEMON)) == MOST_MESSAGES
    half = bundle(*[encode(Bye(1))] * (MOST_MESSAGES // 2))
    with pytest.raises(WireError, match=f"at most {MOST_MESSAGES} messages"):
        decode(bundle(half, half, encode(Bye(1))), Route.DEVICE_TO_DAEMON)


def test_one_bad_message_spoils_its_bundle() -> None:
    with pytest.raises(WireError, match="/roo/bye session must be in"):
        decode(bundle(encode(Bye(1)), padded(b"/roo/bye") + padded(b",i") + b"\0" * 4), Route.DEVICE_TO_DAEMON)


# --- hostile bytes ---------------------------------------------------------------------------------------------------

HELLO = Hello("x" * 8, 2000, 1, "12", "", 0, 1)
BYE = encode(Bye(1))
LARGE = 64_000

HOSTILE = {
    "nothing": b"",
    "one zero": b"\0",
    "no zero after the address": b"/roo/bye",
    "an address of 64 KB": b"/" + b"a" * LARGE,
    "no type tags": padded(b"/roo/bye"),
    "type tags without comma": padded(b"/roo/bye") + padded(b"i") + b"\0" * 4,
    "arguments cut off": BYE[:-1],
    "malformed UTF-8 in the address": padded(b"/roo/\xff\xfe") + padded(b","),
    "malformed UTF-8 in an argument": encode(HELLO).replace(b"xxxx", b"\xc3(\xed\xa0"),
    "an element of negative size": b"#bundle\0" + AT_ONCE + struct.pack(">i", -4),
    "an element that ends before it begins": b"#bundle\0" + AT_ONCE + struct.pack(">i", -(2**31)),
    "an element larger than the packet": b"#bundle\0" + AT_ONCE + struct.pack(">i", 2**31 - 1) + BYE,
    "an element that is no message": bundle(b"roo\0"),
    "64 KB of empty elements": b"#bundle\0" + AT_ONCE + b"\0" * LARGE,
    "64 KB of the smallest messages": bundle(*[padded(b"/a") + padded(b",")] * (LARGE // 12)),
    "a bundle cut off": bundle(BYE)[:-2],
    "a bundle without time tag": b"#bundle\0",
    "thousands of bundles side by side": bundle(*[bundle()] * (LARGE // 20)),
    "thousands of bundles nested": nested(3000, BYE),
    "a blob larger than the packet": padded(b"/roo/bye") + padded(b",b") + struct.pack(">i", 2**31 - 1),
    "a blob of negative size": padded(b"/roo/bye") + padded(b",b") + struct.pack(">i", -4),
    "64 KB of unknown type tags": padded(b"/roo/bye") + padded(b"," + b"X" * LARGE),
    "an unknown type tag beside a good one": padded(b"/roo/bye") + padded(b",iX") + b"\0\0\0\1",
    "thousands of numbers": padded(b"/roo/bye") + padded(b"," + b"i" * 12_000) + b"\0" * 48_000,
    "thousands of empty texts": padded(b"/roo/bye") + padded(b"," + b"s" * 12_000) + b"\0" * 48_000,
    "arrays nested thousands deep": padded(b"/roo/bye") + padded(b"," + b"[" * 30_000 + b"]" * 30_000),
    "an array never closed": padded(b"/roo/bye") + padded(b",[i") + b"\0" * 4,
    "an array never opened": padded(b"/roo/bye") + padded(b",i]") + b"\0" * 4,
    "not a number": padded(b"/roo/bye") + padded(b",d") + struct.pack(">d", math.nan),
    "beyond all numbers": padded(b"/roo/bye") + padded(b",f") + struct.pack(">f", math.inf),
    "a time tag as argument": padded(b"/roo/bye") + padded(b",t") + b"\xff" * 8,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_packet_is_refused_at_a_bounded_cost(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert decode_within_bounds(HOSTILE[name], Route.DEVICE_TO_DAEMON) == []
    # What a peer sends must not fill the terminal: the link logs refusals, and limits them.
    assert caplog.records == []


@each_case("name", HOSTILE)
def test_a_hostile_packet_is_refused_and_not_merely_empty(name: str) -> None:
    with limited_work(1_000_000), pytest.raises(WireError):
        decode(HOSTILE[name], Route.DEVICE_TO_DAEMON)


@given(st.binary(max_size=200), st.sampled_from(Route))
def test_any_bytes_give_messages_or_a_wire_error(data: bytes, route: Route) -> None:
    decode_within_bounds(data, route)


@given(st.binary(max_size=200), st.sampled_from(Route))
def test_any_bytes_in_a_bundle_give_messages_or_a_wire_error(data: bytes, route: Route) -> None:
    decode_within_bounds(b"#bundle\0" + AT_ONCE + data, route)


@given(st.data())
def test_a_mutated_packet_gives_messages_or_a_wire_error(data: st.DataObject) -> None:
    packet, route = data.draw(st.sampled_from(real_packets()))
    spoilt = bytearray(data.draw(st.sampled_from([packet, bundle(packet), bundle(packet, bundle(packet))])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(spoilt) - 1)) if spoilt else 0
        piece = data.draw(st.sampled_from([b"", b"\0", b"\xff", b"\xff\xff\xff\xfc", b"[", b",", b"#bundle\0"]))
        spoilt[at : at + data.draw(st.integers(0, 8))] = piece
    for message in decode_within_bounds(bytes(spoilt), route):
        # What got through is within the table: it can be sent again.
        assert decode(encode(message), message.route) == [message]


def test_the_densest_honest_packet_stays_within_the_same_cost() -> None:
    result = Result("a:1", 0, tuple(range(1, 1001)))
    assert decode_within_bounds(encode(result), Route.SCRIPT_TO_DAEMON) == [result]
    presses: list[Message] = [Cancel(1, number) for number in range(1, 1001)]
    assert decode_within_bounds(encode_bundle(presses), Route.DEVICE_TO_DAEMON) == presses


def test_addresses_that_both_ways_share_stay_apart() -> None:
    assert decode(encode(Got(7)), Route.DAEMON_TO_DEVICE) == [Got(7)]
    with pytest.raises(WireError, match="/roo/got number must be"):
        decode(encode(Got(7)), Route.DEVICE_TO_DAEMON)
    press = Generate(1, 2, "drummaroo", "", 8, -1, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
    assert decode(encode(press), Route.DEVICE_TO_DAEMON) == [press]


def test_no_text_travels_empty_on_the_devices_link() -> None:
    facts = Facts(120.0, 4, 4, "", "", LiveState.READY)
    packet = encode(facts)
    assert packet.count(b"-\0\0\0") == 2
    assert decode(packet, Route.DAEMON_TO_DEVICE) == [facts]
    asked = Refine(1, 1, "", "", 0, 0, 0, 0, -1, -1, -1, 0)
    assert decode(encode(asked), Route.DEVICE_TO_DAEMON) == [asked]
    # The script's link is ours on both ends, and takes them as they are.
    assert b"-\0\0\0" not in encode(Error("", 1, 0, ""))
