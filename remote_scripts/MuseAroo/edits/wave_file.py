"""The length of a WAV file, read from its header: Python's own module rejects floating point."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, NamedTuple

from ..host.config import require_regular
from ..wire.table import BAD_PARAMETER
from .refusal import EditError


class WaveLength(NamedTuple):
    """Samples per channel, and the sample rate."""

    frames: int
    rate: int


def wave_length(path: str) -> WaveLength:
    """Return the length of a WAV file of any sample format, including RF64.

    Raises EditError for an invalid or truncated file.
    """
    try:
        require_regular(path)
        with open(path, "rb") as file:
            return _read(file, os.path.getsize(path))
    except (struct.error, ValueError) as error:
        raise EditError(BAD_PARAMETER, f"The audio file {path:.300} is no whole WAV file: render it again.") from error


def _read(file: BinaryIO, size: int) -> WaveLength:
    riff, _, wave = struct.unpack("<4sI4s", file.read(12))
    if riff not in (b"RIFF", b"RF64") or wave != b"WAVE":
        raise ValueError("not RIFF")
    rate = block = long_length = 0
    at = 12
    while at + 8 <= size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"ds64":
            _, long_length = struct.unpack("<QQ", file.read(16))
        elif name == b"fmt ":
            _, _, rate, _, block = struct.unpack("<HHIIH", file.read(14))
        elif name == b"data":
            length = long_length if riff == b"RF64" else length
            if not block or at + 8 + length > size:
                raise ValueError("cut short")
            return WaveLength(length // block, rate)
        at += 8 + length + length % 2
    raise ValueError("no sound")
