"""Peaks of a sound file, to draw its waveform: measured once, block by block, and kept by content.

NumPy is imported by the first file, as the decoders are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from musearoo.bridge.audio.files import AudioFileError, OpenFile, find_file, hash_audio
from musearoo.bridge.cache.catalogue import PEAKS
from musearoo.bridge.cache.contract import CacheLevel, name_entry, read_as
from musearoo.bridge.cache.disk import DiskLevel

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from musearoo.bridge.audio.decoding import Decoder
    from musearoo.engines.analysis.fast.activation.sound import FloatArray

    Steps = npt.NDArray[np.int8]

VERSION: Final = 1
"""Version of what is measured: raise it with every change of this module's numbers."""

FINEST: Final = 16
"""Samples of the first step: a third of a millisecond, finer than a pixel of any view of a short sound."""

MOST_STEPS: Final = 65_536
"""Steps that are kept: 10 ms each for ten minutes, in 128 kB."""

UNKNOWN_SECONDS: Final = 600.0
"""The length that a file counts as which does not tell its own."""

FULL_SCALE: Final = 128.0


@dataclass(frozen=True, slots=True)
class PeakSteps:
    """The lowest and the highest sample of each `step` samples of a sound, as int8 bytes; `frames` is its length."""

    rate: int
    frames: int
    step: int
    low: bytes
    high: bytes

    @property
    def seconds(self) -> float:
        """The length of the sound."""
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class Columns:
    """The lowest and the highest sample of even columns, -128 to 127, from second `start` to second `end`."""

    seconds: float
    start: float
    end: float
    low: Sequence[int]
    high: Sequence[int]


def open_peaks(home: Path) -> DiskLevel:
    """Return the cache of peaks in MuseAroo's folder."""
    return DiskLevel(home / PEAKS.folder, PEAKS.bounds, PEAKS.suffix)


def read_peaks(path: Path, cache: CacheLevel, allowed: Sequence[Path] | None) -> PeakSteps:
    """Return the peaks of a file's mono mix, from the cache or measured now; raises AudioFileError.

    `allowed` are the folders that the file must be in. A file of any length takes some hundred kB of memory.
    """
    name = name_entry(hash_audio(path, allowed), VERSION)
    kept = read_as(cache, name, msgspec.msgpack.Decoder(PeakSteps).decode)
    if kept is not None:
        return kept
    with OpenFile(find_file(path, allowed)) as file:
        measured = _measure(file.decoder)
    if not measured.frames:
        raise AudioFileError(f"{path} has no sound in it: export it again.")
    cache.write(name, msgspec.msgpack.encode(measured))
    return measured


def draw_columns(peaks: PeakSteps, columns: int, start: float = 0.0, end: float | None = None) -> Columns:
    """Return the columns of a stretch of a sound, at least one step of it; beyond its end there is nothing."""
    import numpy as np

    first = min(max(start, 0.0), peaks.seconds)
    last = peaks.seconds if end is None else min(max(end, first), peaks.seconds)
    count = len(peaks.low)
    edges = np.linspace(first, last, columns + 1) * (peaks.rate / peaks.step)
    begins = np.minimum(np.floor(edges[:-1]).astype(np.int64), count - 1)
    ends = np.clip(np.ceil(edges[1:]).astype(np.int64), begins + 1, count)
    low, high = (np.frombuffer(each, np.int8) for each in (peaks.low, peaks.high))
    # Neighbours may share a step: each pair of bounds is reduced, and what is between two pairs is left out.
    bounds = np.stack([begins, ends], axis=1).ravel()
    padded = [np.append(each, each[-1:]) for each in (low, high)]
    return Columns(
        seconds=peaks.seconds,
        start=first,
        end=last,
        low=np.minimum.reduceat(padded[0], bounds)[::2].tolist(),
        high=np.maximum.reduceat(padded[1], bounds)[::2].tolist(),
    )


def _measure(decoder: Decoder) -> PeakSteps:
    """Return the peaks of an open file, in steps that its header's length makes few enough."""
    import numpy as np

    promised = decoder.frames or round(UNKNOWN_SECONDS * decoder.rate)
    step = FINEST
    while promised > MOST_STEPS * step:
        step *= 2
    frames, rest = 0, np.empty(0, np.float32)
    lows: list[Steps] = []
    highs: list[Steps] = []

    def add(samples: FloatArray, size: int) -> None:
        rows = np.clip(np.rint(samples.reshape(-1, size) * FULL_SCALE), -128, 127).astype(np.int8)
        lows.append(rows.min(axis=1))
        highs.append(rows.max(axis=1))

    for block in decoder.blocks(0):
        # A sample that is no number is silence.
        mono = np.nan_to_num(block.mean(axis=0, dtype=np.float32))
        frames += len(mono)
        samples = np.concatenate([rest, mono])
        whole = len(samples) // step * step
        add(samples[:whole], step)
        rest = samples[whole:]
    if len(rest):
        add(rest, len(rest))
    low, high = (b"".join(each.tobytes() for each in some) for some in (lows, highs))
    return PeakSteps(rate=decoder.rate, frames=frames, step=step, low=low, high=high)
