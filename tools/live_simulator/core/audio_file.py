"""Read the length, sample rate and channel count of an audio file, as Live does when it creates a clip.

Only headers are read: RIFF WAVE, AIFF and AIFF-C, and FLAC's STREAMINFO. A file is rejected when its header is broken
or when it is shorter than its header says.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, Iterator, NamedTuple

BAD_FILE = "The provided path does not appear to point to a valid audio file"
WAVE_FORMATS = (1, 3, 0xFFFE)
"""PCM, IEEE float, and the extensible format that wraps either."""


class AudioFile(NamedTuple):
    """The format of one audio file; `frames` is the number of samples per channel."""

    path: str
    frames: int
    sample_rate: float
    channels: int

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return self.frames / self.sample_rate


class HeaderError(Exception):
    """The header is invalid, or the file is shorter than the header says."""


def read_audio_file(path: str) -> AudioFile:
    """Return the format of the file, or raise ValueError as Live does."""
    if not os.path.isabs(path):
        raise ValueError("Please provide an absolute path")
    try:
        with open(path, "rb") as file:
            frames, sample_rate, channels = _read_header(file, os.path.getsize(path))
    except (OSError, struct.error, HeaderError):
        raise ValueError(BAD_FILE) from None
    if frames <= 0 or sample_rate <= 0 or channels <= 0:
        raise ValueError(BAD_FILE)
    return AudioFile(path, frames, float(sample_rate), channels)


def _read_header(file: BinaryIO, size: int) -> tuple[int, float, int]:
    magic = file.read(4)
    if magic == b"RIFF":
        return _read_wave(file, size)
    if magic == b"FORM":
        return _read_aiff(file, size)
    if magic == b"fLaC":
        return _read_flac(file)
    raise HeaderError(f"unknown magic {magic!r}")


def _chunks(file: BinaryIO, size: int, byte_order: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield (id, start, length) of each chunk; chunks start at even offsets."""
    position = 12
    while position + 8 <= size:
        file.seek(position)
        name, length = struct.unpack(byte_order + "4sI", file.read(8))
        yield name, position + 8, length
        position += 8 + length + (length & 1)


def _read_wave(file: BinaryIO, size: int) -> tuple[int, float, int]:
    file.seek(8)
    if file.read(4) != b"WAVE":
        raise HeaderError("RIFF, but not WAVE")
    block, rate, channels = 0, 0, 0
    for name, start, length in _chunks(file, size, "<"):
        if name == b"fmt ":
            file.seek(start)
            layout, channels, rate, _, block, _ = struct.unpack("<HHIIHH", file.read(16))
            if layout not in WAVE_FORMATS or not block:
                raise HeaderError(f"WAVE format {layout}")
        elif name == b"data":
            if not block:
                raise HeaderError("data before fmt")
            if start + length > size:
                raise HeaderError(f"data ends after {start + length} bytes, the file after {size}")
            return length // block, rate, channels
    raise HeaderError("no data chunk")


def _read_aiff(file: BinaryIO, size: int) -> tuple[int, float, int]:
    file.seek(8)
    if file.read(4) not in (b"AIFF", b"AIFC"):
        raise HeaderError("FORM, but not AIFF")
    common: tuple[int, float, int] = (0, 0.0, 0)
    has_sound = False
    for name, start, length in _chunks(file, size, ">"):
        if name == b"COMM":
            file.seek(start)
            channels, frames, _, rate = struct.unpack(">hIh10s", file.read(18))
            common = (frames, _extended(rate), channels)
        elif name == b"SSND":
            if start + length > size:
                raise HeaderError(f"sound ends after {start + length} bytes, the file after {size}")
            has_sound = True
    if not has_sound:
        raise HeaderError("no sound chunk")
    return common


def _extended(data: bytes) -> float:
    """Return an 80-bit IEEE float, which is how AIFF writes its sample rate.

    >>> _extended(bytes.fromhex("400eac44000000000000"))
    44100.0
    """
    exponent, mantissa = struct.unpack(">HQ", data)
    value: float = mantissa * 2.0 ** ((exponent & 0x7FFF) - 16383 - 63)
    return -value if exponent & 0x8000 else value


def _read_flac(file: BinaryIO) -> tuple[int, float, int]:
    file.seek(4)
    header = file.read(4)
    if header[:1] and header[0] & 0x7F != 0:
        raise HeaderError("the first FLAC block is not STREAMINFO")
    packed = struct.unpack(">Q", file.read(34)[10:18])[0]
    return packed & 0xFFFFFFFFF, packed >> 44, ((packed >> 41) & 7) + 1


def write_silence(path: str, seconds: float, sample_rate: int = 44100, channels: int = 2) -> None:
    """Write a 16-bit WAVE file of silence, as a recording without an input produces."""
    frames = max(1, round(seconds * sample_rate))
    block = 2 * channels
    length = frames * block
    with open(path, "wb") as file:
        file.write(struct.pack("<4sI4s", b"RIFF", 36 + length, b"WAVE"))
        file.write(struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, sample_rate, sample_rate * block, block, 16))
        file.write(struct.pack("<4sI", b"data", length))
        file.write(bytes(length))
