"""Opus for listeners on a network: each frame of a part becomes one packet."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from musearoo.bridge.api.sound.messages import FRAME, RATE, SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def _open_encoder() -> av.AudioCodecContext:
    import av

    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = RATE, "stereo", "s16", BITS
    encoder.options = {"frame_duration": "20", "vbr": "on", "compression_level": "5"}
    encoder.open()
    return encoder
