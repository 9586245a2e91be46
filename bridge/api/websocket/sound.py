"""Audio through a WebSocket: in, for sentences and analysis; out, as the sound of a take."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.frames import AudioBegin, Rest

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of audio that a connection may send at once; longer files are uploaded by REST."""
CHUNK: Final = 64 * 1024
"""Bytes of a frame of audio that is sent."""
MOST_AHEAD: Final = 1024 * 1024
"""Bytes that wait for a client before more are read."""


@dataclass(slots=True)
class Incoming:
    """Audio that arrives."""

    begin: AudioBegin
    data: bytearray = field(default_factory=bytearray)

    def add(self, piece: bytes) -> None:
        """Add a piece. Raises ApiError for too many."""
        if len(self.data) + len(piece) > LONGEST:
            sentence = f"Audio in frames may have {LONGEST:,} bytes: upload a longer file by REST."
            raise ApiError(413, "too_large", sentence)
        self.data += piece

    def as_file(self) -> tuple[bytes, str]:
        """Return it as a file, and its content type. Raises ApiError where nothing came."""
        if not self.data:
            raise ApiError(422, "bad_parameter", "No audio came before audio_end.")
        if self.begin.format == "file":
            return bytes(self.data), "application/octet-stream"
        made, frame = io.BytesIO(), 2 * self.begin.channels
        with wave.open(made, "wb") as file:
            file.setnchannels(self.begin.channels)
            file.setsampwidth(2)
            file.setframerate(self.begin.rate)
            file.writeframes(bytes(self.data[: len(self.data) // frame * frame]))
        return made.getvalue(), "audio/wav"

    def request(self, session: str) -> Rest:
        """Return the request of REST that it is for."""
        name = quote(self.begin.name or "frames.wav", safe="")
        if self.begin.purpose == "say":
            return Rest(method="POST", path=f"/sessions/{session}/listen?name={name}")
        place = "true" if self.begin.place else "false"
        return Rest(method="POST", path=f"/sessions/{session}/analyze?name={name}&place={place}")


async def read_chunks(path: Path) -> AsyncIterator[bytes]:
    """Yield a file in pieces."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while data := await asyncio.to_thread(file.read, CHUNK):
            yield data
