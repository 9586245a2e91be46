"""Frames on a stream: what goes in comes out, however the stream is cut into pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.protocol.framing import END, ESCAPE, FrameReader, encode_frame
from musearoo.bridge.protocol.types import WireError
from tests.each_case import each_case

packets = st.lists(
    st.binary(min_size=1, max_size=40) | st.lists(st.sampled_from([0xC0, 0xDB, 0xDC, 0xDD]), min_size=1).map(bytes),
    max_size=6,
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """`data` in pieces, cut at `places`."""
    edges = [0, *sorted(min(place, len(data)) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(packets, st.lists(st.integers(0, 400), max_size=12))
def test_packets_survive_any_cut(packets: list[bytes], places: list[int]) -> None:
    stream = b"".join(map(encode_frame, packets))
    reader = FrameReader()
    assert [packet for piece in cut(stream, places) for packet in reader.feed(piece)] == packets
    assert reader.pending == 0


@given(packets)
def test_packets_survive_byte_by_byte(packets: list[bytes]) -> None:
    stream = b"".join(map(encode_frame, packets))
    reader = FrameReader()
    assert [packet for byte in stream for packet in reader.feed(bytes([byte]))] == packets


@given(st.binary(max_size=200))
def test_a_frame_holds_no_end_but_its_own_two(packet: bytes) -> None:
    frame = encode_frame(packet)
    assert frame.startswith(END)
    assert frame.endswith(END)
    assert frame.count(END) == 2


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_any_bytes_give_packets_or_a_wire_error(stream: bytes, places: list[int]) -> None:
    reader = FrameReader(100)
    try:
        for piece in cut(stream, places):
            assert all(0 < len(packet) <= 100 for packet in reader.feed(piece))
    except WireError:
        return
    assert reader.pending <= 100


def test_ends_without_a_packet_between_them_are_nothing() -> None:
    assert FrameReader().feed(END * 5 + b"a" + END * 3 + b"b" + END) == [b"a", b"b"]


@each_case("body", [ESCAPE, ESCAPE + b"a", b"a" + ESCAPE + ESCAPE, ESCAPE + b"\xdc" + ESCAPE])
def test_a_broken_escape_is_refused(body: bytes) -> None:
    with pytest.raises(WireError, match="escape that SLIP does not know"):
        FrameReader().feed(END + body + END)


def test_an_escape_may_be_cut_in_two() -> None:
    reader = FrameReader()
    assert reader.feed(END + b"a" + ESCAPE) == []
    assert reader.pending == 2
    assert reader.feed(b"\xdc" + END) == [b"a" + END]


def test_the_longest_packet_is_taken_and_one_byte_more_is_not() -> None:
    assert FrameReader(10).feed(encode_frame(b"0123456789")) == [b"0123456789"]
    with pytest.raises(WireError, match="at most 10 bytes"):
        FrameReader(10).feed(encode_frame(b"0123456789a"))


def test_a_packet_without_end_is_refused_as_soon_as_it_is_too_long() -> None:
    reader = FrameReader(10)
    assert reader.feed(END + b"01234") == []
    with pytest.raises(WireError, match="at most 10 bytes"):
        reader.feed(b"56789a")


def test_a_packet_just_begun_is_pending_until_its_end() -> None:
    reader = FrameReader()
    assert reader.feed(encode_frame(b"whole") + END + b"half") == [b"whole"]
    assert reader.pending == 4
    assert reader.feed(END) == [b"half"]
    assert reader.pending == 0
