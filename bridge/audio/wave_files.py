"""WAV files as bytes: the header, and samples as 24-bit integers or 32-bit floats."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Subtype = Literal["FLOAT", "PCM_24"]

SAMPLE_BYTES: Final[Mapping[str, int]] = {"FLOAT": 4, "PCM_24": 3}

FULL_SCALE_24: Final = 1 << 23

FloatArray = npt.NDArray[np.float32]


def encode_wave(samples: FloatArray, rate: int, subtype: Subtype) -> bytes:
    """Encode samples, float32 (channels, frames) at `rate` Hz, as a WAV file; 24 bits clip at full scale.

    >>> len(encode_wave(np.zeros((2, 3), np.float32), 44_100, "PCM_24"))
    62
    """
    floats = encode_floats(samples)
    body = floats if subtype == "FLOAT" else encode_24_bits(np.frombuffer(floats, "<f4"))
    # Chunks of RIFF have even lengths.
    return encode_wave_head(rate, samples.shape[0], samples.shape[1], subtype) + body + bytes(len(body) % 2)


def encode_wave_head(rate: int, channels: int, frames: int, subtype: Subtype) -> bytes:
    """Return a WAV file's header (Microsoft and IBM, "Multimedia Programming Interface", 1991).

    >>> encode_wave_head(44_100, 2, 1, "PCM_24")[:4], len(encode_wave_head(44_100, 2, 1, "FLOAT"))
    (b'RIFF', 58)
    """
    width = SAMPLE_BYTES[subtype]
    frame = width * channels
    size = frames * frame
    is_float = subtype == "FLOAT"
    form = struct.pack("<HHIIHH", 3 if is_float else 1, channels, rate, rate * frame, frame, 8 * width)
    # Formats other than integers also have the length of an extension (none) and the number of frames.
    form += struct.pack("<H", 0) if is_float else b""
    fact = b"fact" + struct.pack("<II", 4, frames) if is_float else b""
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + fact + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + size + size % 2) + b"WAVE" + chunks


def encode_24_bits(samples: FloatArray) -> bytes:
    """Encode samples of -1..1 as 24-bit little-endian integers; exactly 1 becomes the highest value.

    >>> encode_24_bits(np.array([0.0, 0.5, -1.0, 1.0], np.float32)).hex(" ", 3)
    '000000 000040 000080 ffff7f'
    """
    whole = np.clip(np.round(samples.astype(np.float64) * FULL_SCALE_24), -FULL_SCALE_24, FULL_SCALE_24 - 1)
    return whole.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def encode_floats(samples: FloatArray) -> bytes:
    """Encode samples, float32 (channels, frames), as interleaved little-endian floats."""
    return np.ascontiguousarray(samples.T, dtype="<f4").tobytes()
