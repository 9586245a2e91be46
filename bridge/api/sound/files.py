"""The sound of a part that is an audio file, slice by slice: decoded and resampled where it is needed.

A loop that is a sample or two longer or shorter than its bars is stretched by that much, so that it has no seam; a
shorter one repeats. Used by the sound process alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b
from math import ceil, gcd
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from musearoo.bridge.api.sound.messages import RATE, FileSource
from musearoo.bridge.audio.decoding import open_decoder
from musearoo.engines.audio.synthesis.stem import Samples

FITS: Final = 0.002
"""Share by which a loop may be longer or shorter than its bars, and is stretched: 3.5 cents."""
CUT: Final = 240
"""Samples over which a file fades out that is longer than the piece."""
CHUNK: Final = 65_536
"""Samples of a file that are decoded at once."""
CHUNKS_KEPT: Final = 4
PADDING: Final = 512
"""Samples around a stretch that its resampling needs."""


class FileSound:
    """A file, from its beginning to the end of a piece of `length` samples. Raises as `open_decoder` does."""

    def __init__(self, source: FileSource, length: int) -> None:
        path = Path(source.path)
        self._decoder = open_decoder(path)
        rate = self._decoder.rate
        frames = self._decoder.frames
        if frames is None:
            frames = sum(block.shape[1] for block in self._decoder.blocks(0))
        self._first = round(source.start * rate)
        last = frames if source.end is None else min(frames, round(source.end * rate))
        self._frames = max(0, last - self._first)
        self._up, self._down = RATE // gcd(RATE, rate), rate // gcd(RATE, rate)
        self._samples = self._frames * self._up // self._down
        self._length = length
        exact = self._frames * self._up / self._down
        times = max(1, round(length / exact)) if exact else 1
        self._fits = exact > 0.0 and abs(times * exact - length) <= FITS * length
        self._step = times * exact / length if self._fits else 1.0
        """Samples of the file, at RATE, for each of the piece."""
        self._chunks: OrderedDict[int, Samples] = OrderedDict()
        self._blocks: Iterator[Samples] | None = None
        self._rest: Samples = np.zeros((2, 0), dtype=np.float32)
        self._next_chunk = -1
        self.gain = 1.0
        self.end = length if self._fits else min(length, self._samples)
        facts = (source.path, path.stat().st_mtime_ns, source.start, source.end, length)
        self.key = blake2b(repr(facts).encode(), digest_size=16).hexdigest()

    def read(self, first: int, count: int) -> Samples:
        """Return so many samples, from any on."""
        made = np.zeros((2, count), dtype=np.float32)
        stop = min(first + count, self.end)
        if stop <= first:
            return made
        if not self._fits:
            made[:, : stop - first] = self._at_rate(first, stop - first)
            if self._samples > self._length:
                left = self._length - first - np.arange(count, dtype=np.float32)
                made *= np.clip(left / CUT, 0.0, 1.0)
        elif self._step == 1.0:
            made[:, : stop - first] = self._at_rate(first, stop - first)
        else:
            positions = np.arange(first, stop, dtype=np.float64) * self._step
            begin = int(positions[0]) - 1
            near = self._at_rate(begin, int(positions[-1]) - begin + 3)
            made[:, : stop - first] = _interpolate(near, positions - begin)
        return made

    def _at_rate(self, first: int, count: int) -> Samples:
        """Return samples of the file at RATE."""
        up, down = self._up, self._down
        if up == down:
            return self._decoded(first, count)
        # In whole periods of both rates, so that a sample of the one falls on one of the other.
        begin = first // up - ceil(PADDING / up)
        end = -(-(first + count) // up) + ceil(PADDING / up)
        given = self._decoded(begin * down, (end - begin) * down)
        made = signal.resample_poly(given, up, down, axis=1)
        return np.asarray(made[:, first - begin * up :][:, :count], dtype=np.float32)

    def _decoded(self, first: int, count: int) -> Samples:
        """Return samples of the file as they are in it: outside silence, or where it loops the file once more."""
        made = np.zeros((2, count), dtype=np.float32)
        at, stop = (first, first + count) if self._fits else (max(0, first), min(first + count, self._frames))
        while at < stop:
            place = at % self._frames
            number, inside = divmod(self._first + place, CHUNK)
            piece = self._chunk(number)[:, inside : inside + min(stop - at, self._frames - place)]
            if not piece.shape[1]:
                break
            made[:, at - first : at - first + piece.shape[1]] = piece
            at += piece.shape[1]
        return made

    def _chunk(self, number: int) -> Samples:
        if number in self._chunks:
            self._chunks.move_to_end(number)
            return self._chunks[number]
        if self._blocks is None or number != self._next_chunk:
            self._blocks = (_stereo(block) for block in self._decoder.blocks(number * CHUNK))
            self._rest = np.zeros((2, 0), dtype=np.float32)
        pieces, count = [self._rest], self._rest.shape[1]
        while count < CHUNK and (block := next(self._blocks, None)) is not None:
            pieces.append(block)
            count += block.shape[1]
        joined = np.concatenate(pieces, axis=1)
        self._rest, self._next_chunk = joined[:, CHUNK:], number + 1
        self._chunks[number] = joined[:, :CHUNK].copy()
        while len(self._chunks) > CHUNKS_KEPT:
            self._chunks.popitem(last=False)
        return self._chunks[number]


def _stereo(block: npt.NDArray[np.float32]) -> Samples:
    """Return a copy of a block with two channels: of one twice the same, of more the first two."""
    return np.array(block[[0, 0]] if block.shape[0] == 1 else block[:2], dtype=np.float32)


def _interpolate(sound: Samples, positions: npt.NDArray[np.float64]) -> Samples:
    """Return a sound at positions between its samples, by cubic Hermite splines."""
    base = positions.astype(np.int64)
    part = (positions - base).astype(np.float32)
    before, here, after, last = (sound[:, base + offset] for offset in (-1, 0, 1, 2))
    slope, curve = 0.5 * (after - before), before - 2.5 * here + 2.0 * after - 0.5 * last
    return np.asarray(
        ((0.5 * (last - before) + 1.5 * (here - after)) * part + curve) * part * part + slope * part + here
    )
