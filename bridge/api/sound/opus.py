"""Opus for listeners on a network: each frame of a part becomes one packet."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from musearoo.bridge.api.sound.messages import FRAME, RATE, SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import av

BITS: Final = 112_000
"""Bits a second of a part, in the mean."""
PRESKIP: Final = 312
"""Samples by which a decoder's output is late."""
PREROLL_FRAMES: Final = 10
"""Frames before the first that is heard: so long a decoder needs for held tones."""


class OpusEncoder:
    """Encodes the parts of one stream. PyAV is imported by the first one."""

    def __init__(self, parts: int) -> None:
        self._encoders = [_open_encoder() for _ in range(parts)]
        self._at = 0

    def encode(self, frame: Sequence[bytes]) -> list[bytes]:
        """Return a packet for each part of a frame of 16-bit samples; b"" stands for silence."""
        import av

        packets = []
        for encoder, data in zip(self._encoders, frame, strict=True):
            given = av.AudioFrame(format="s16", layout="stereo", samples=FRAME)
            given.sample_rate, given.pts, given.time_base = RATE, self._at, Fraction(1, RATE)
            given.planes[0].update(data or bytes(FRAME * SAMPLE_BYTES))
            packets.append(b"".join(bytes(packet) for packet in encoder.encode(given)))
        self._at += FRAME
        return packets


class SharedOpus:
    """Opus of a stream that many hear: each frame is encoded once, when the first of them needs it.

    `read` returns the frame at a position, b"" for silence. A gap begins a new encoding: who crosses it hears what a
    decoder makes of that.
    """

    def __init__(self, read: Callable[[int], bytes], kept: int) -> None:
        self._read, self._most = read, kept // FRAME
        self._packets: OrderedDict[int, bytes] = OrderedDict()
        self._lock = asyncio.Lock()
        self._encoder: OpusEncoder | None = None
        self._next = 0

    async def encode(self, position: int) -> bytes:
        """Return the packet of the frame at a position; b"" for one that is not kept any more."""
        async with self._lock:
            if self._encoder is None or position >= self._next + self._most * FRAME:
                self._encoder, self._next = OpusEncoder(1), position
            if position >= self._next:
                frames = {at: self._read(at) for at in range(self._next, position + FRAME, FRAME)}
                self._packets.update(await asyncio.to_thread(self._encode, self._encoder, frames))
                self._next = position + FRAME
            while len(self._packets) > self._most:
                self._packets.popitem(last=False)
            return self._packets.get(position, b"")

    @staticmethod
    def _encode(encoder: OpusEncoder, frames: dict[int, bytes]) -> dict[int, bytes]:
        return {at: encoder.encode([frame])[0] for at, frame in frames.items()}


def _open_encoder() -> av.AudioCodecContext:
    import av

    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = RATE, "stereo", "s16", BITS
    encoder.options = {"frame_duration": "20", "vbr": "on", "compression_level": "5"}
    encoder.open()
    return encoder
