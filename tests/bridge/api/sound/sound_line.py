"""A listener to a session's sound, for tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from struct import Struct
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from musearoo.bridge.api.sound.wire import PROTOCOL
from tests.bridge.api.running import RunningServer

WITHIN = 20.0
_HEADER = Struct("<IQHH")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of sound; `parts` are the bytes of each."""

    sequence: int
    position: int
    samples: int
    flags: int
    number: int
    parts: tuple[bytes, ...]

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Take a frame apart."""
        sequence, position, samples, flags = _HEADER.unpack_from(data)
        at, parts = _HEADER.size, []
        while at < len(data):
            size = int.from_bytes(data[at : at + 2], "little")
            parts.append(data[at + 2 : at + 2 + size])
            at += 2 + size
        return cls(sequence, position, samples, flags & 0xFF, flags >> 8, tuple(parts))


class SoundLine:
    """A connection to the sound of a session. `welcome` is the answer to its hello."""

    def __init__(self, server: RunningServer, session: str, token: str | None = None, **options: Any) -> None:
        self.socket: ClientConnection = connect(
            f"ws://127.0.0.1:{server.port}/sound/{session}",
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            compression=None,
            # What was sent and nobody reads keeps the end waiting.
            close_timeout=0.5,
            **options,
        )
        self.send(type="hello", token=server.token if token is None else token)
        self.welcome = self.receive()

    def send(self, **frame: Any) -> None:
        """Send a frame."""
        self.socket.send(json.dumps(frame))

    def receive(self) -> Any:
        """The next frame: a Frame of sound, or what a text frame says."""
        data = self.socket.recv(WITHIN)
        return Frame.of(data) if isinstance(data, bytes) else json.loads(data)

    def play(self, number: int = 1, **options: Any) -> Any:
        """Ask for parts, and return the answer; frames of what played before are left out."""
        self.send(type="play", number=number, **options)
        while isinstance(answer := self.receive(), Frame):
            pass
        return answer

    def frames(self, count: int) -> list[Frame]:
        """The next frames of sound."""
        found = [self.receive() for _ in range(count)]
        assert all(isinstance(frame, Frame) for frame in found), found
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
