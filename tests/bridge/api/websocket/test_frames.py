"""Frames: any bytes give a frame or a problem, here and on a real connection."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.frames import FRAMES_FROM_CLIENTS, JSON_PROTOCOL, MSGPACK_PROTOCOL
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.api.websocket.codec import Codec, Frame
from tests.optional import require

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)


def test_the_first_known_subprotocol_is_spoken() -> None:
    known = [Codec.of(offered) for offered in (["x", JSON_PROTOCOL], [MSGPACK_PROTOCOL, JSON_PROTOCOL], ["x"], [])]
    assert [codec.protocol if codec else None for codec in known] == [JSON_PROTOCOL, MSGPACK_PROTOCOL, None, None]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_a_problem(data: bytes) -> None:
    for protocol in (MSGPACK_PROTOCOL, JSON_PROTOCOL):
        codec = Codec(protocol)
        try:
            frame = codec.decode(data)
        except ApiError:
            continue
        assert frame.type in FRAMES_FROM_CLIENTS
        read(codec, frame)


@given(st.sampled_from(FRAMES_FROM_CLIENTS), st.integers(0, 2**53), VALUES)
def test_any_body_is_a_request_or_a_problem(type: str, id: int, body: Any) -> None:
    codec = Codec(MSGPACK_PROTOCOL)
    read(codec, codec.decode(msgspec.msgpack.encode([type, id, body])))


def read(codec: Codec, frame: Frame) -> None:
    """Read a body as a request; only an ApiError may come."""
    with contextlib.suppress(ApiError):
        codec.read(frame, AnyRequest)


def mutated(chance: random.Random, is_text: bool) -> bytes:
    """A frame that is right, nearly right, or nothing at all."""
    bodies: list[Any] = [
        {"do": "generate", "engine": "drums", "bars": 1},
        {"do": "undo"},
        {"do": "act", "intent": "mute", "tracks": [1]},
        {"do": "say", "text": "louder"},
        {"path": "/styles"},
        {"take": "x", "params": {}},
        {"purpose": "say"},
        "AAAA" * 10 if is_text else b"\0" * 40,
        None,
    ]
    frame = [chance.choice((*FRAMES_FROM_CLIENTS, "x")), chance.randrange(0, 1000), chance.choice(bodies)]
    data = bytearray(msgspec.json.encode(frame) if is_text else msgspec.msgpack.encode(frame))
    for _ in range(chance.choice((0, 0, 1, 1, 2, 8))):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place:]
                break
            case 2:
                data[place:place] = chance.randbytes(chance.randrange(1, 9))
            case _:
                data += data[:place]
        if not data:
            break
    return bytes(data)


@pytest.mark.parametrize(
    "count", [1_500, pytest.param(100_000, marks=pytest.mark.long)], ids=["short", "100,000 frames"]
)
@pytest.mark.parametrize("is_text", [False, True], ids=["msgpack", "json"])
def test_a_server_answers_any_frames_and_lives_on(running: Any, count: int, is_text: bool) -> None:
    require("fastapi", "sqlalchemy")
    from websockets.exceptions import ConnectionClosed

    from tests.bridge.api.websocket.live_line import LiveLine
    from tests.bridge.api.websocket.test_connection import new_session

    chance = random.Random(7)
    session = new_session(running)
    sent = 0
    while sent < count:
        with LiveLine(running, session, is_text=is_text) as line:
            try:
                for _ in range(min(20, count - sent)):
                    line.send_bytes(mutated(chance, is_text))
                    sent += 1
                line.send("ping", 2_000_000, None)
                frames: list[list[Any]] = []
                while not frames or frames[-1][1] != 2_000_000:
                    frames.append(line.receive())
            except ConnectionClosed:
                continue
            faults = [frame for frame in frames if frame[0] == "problem" and frame[2]["status"] == 500]
            assert faults == []
    with LiveLine(running, session) as line:
        assert line.ask("ping", None)[0] == "pong"
    assert "fault of ours" not in running.log_text
