"""Encode the WAV file that `buffer~` writes."""

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from musearoo.tools.max_simulator.formats.faults import PatchError

FLOAT_TAG, PCM_TAG = 3, 1
"""Format codes of RIFF WAVE."""

FULL_SCALE = 32_767


def wave_bytes(frames: npt.NDArray[np.float32], rate: int, form: str) -> bytes:
    """Encode a WAV of `frames` (frames, channels) in `form`, `float32` or `int16`; int16 clips to -1..1."""
    if form == "float32":
        tag, width, body = FLOAT_TAG, 4, frames.astype("<f4").tobytes()
    elif form == "int16":
        tag, width = PCM_TAG, 2
        body = np.round(np.clip(frames, -1.0, 1.0) * FULL_SCALE).astype("<i2").tobytes()
    else:
        raise PatchError(f"buffer~: the sample format {form} is not simulated; float32 and int16 are.")
    channels = frames.shape[1]
    block = channels * width
    head = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, 8 * width)
    parts = _part(b"fmt ", head + (b"\0\0" if tag == FLOAT_TAG else b""))
    if tag == FLOAT_TAG:
        parts += _part(b"fact", struct.pack("<I", len(frames)))
    return _part(b"RIFF", b"WAVE" + parts + _part(b"data", body))


def _part(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def write_wave(path: Path, frames: npt.NDArray[np.float32], rate: int, form: str) -> None:
    """Write the file in place: a reader that opens it too early sees a part of it, as with Max. Raises OSError."""
    path.write_bytes(wave_bytes(frames, rate, form))
