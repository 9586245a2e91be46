"""The script's framing against the daemon's, and on streams that are cut anywhere or broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.protocol import framing
from musearoo.remote_scripts.MuseAroo.wire import slip


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=6), st.integers(1, 7))
def test_frames_are_the_daemons_and_may_come_in_pieces(packets: list[bytes], size: int) -> None:
    stream = b"".join(slip.encode_frame(packet) for packet in packets)
    assert stream == b"".join(framing.encode_frame(packet) for packet in packets)
    reader = slip.FrameReader()
    read = [packet for at in range(0, len(stream), size) for packet in reader.feed(stream[at : at + size])]
    assert read == packets
    assert framing.FrameReader().feed(stream) == packets


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_any_stream_gives_packets_or_an_error(pieces: list[bytes]) -> None:
    reader = slip.FrameReader(longest=40)
    try:
        for piece in pieces:
            reader.feed(piece)
    except slip.SlipError:
        pass


def test_a_stream_out_of_step_is_an_error() -> None:
    with pytest.raises(slip.SlipError, match="escape"):
        slip.FrameReader().feed(b"\xc0a\xdbb\xc0")
    with pytest.raises(slip.SlipError, match="at most 10 bytes"):
        slip.FrameReader(longest=10).feed(b"a" * 21)
    with pytest.raises(slip.SlipError, match="at most 10 bytes"):
        slip.FrameReader(longest=10).feed(b"a" * 11 + b"\xc0")
