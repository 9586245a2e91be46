"""Spectrograms as madmom's networks were trained on: magnitudes in triangular bands, spaced by pitch.

The plain equivalent is madmom's chain of FramedSignal, ShortTimeFourierTransform and FilteredSpectrogram
(Böck et al., "madmom: a new Python audio and music signal processing library", 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

FloatArray = npt.NDArray[np.float32]

RATE: Final = 44_100
"""The only rate, in Hz, at which the networks hear what they were trained on."""

_REFERENCE_HZ: Final = 440.0
_FRAMES_AT_ONCE: Final = 64
"""Frames transformed together: 2 MB at the longest window, which a processor's cache holds."""


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Mono samples of a sound at `RATE`, float32, from sample `start` on; silence where they reach beyond the sound."""

    samples: FloatArray
    start: int


@dataclass(frozen=True)
class Bands:
    """Triangular bands over the spectrum of a `window` in samples, `per_octave` of them from `low_hz` to `high_hz`."""

    window: int
    per_octave: int
    low_hz: float
    high_hz: float

    @cached_property
    def matrix(self) -> FloatArray:
        """What each bin gives to each band: float32 (bins, bands), up to the last bin used; a band adds up to 1."""
        steps = np.log2(np.array([self.low_hz, self.high_hz]) / _REFERENCE_HZ) * self.per_octave
        pitches = _REFERENCE_HZ * 2.0 ** (np.arange(np.ceil(steps[0]), np.floor(steps[1]) + 1) / self.per_octave)
        spectrum = np.arange(self.window // 2) * RATE / self.window
        right = np.clip(spectrum.searchsorted(pitches), 1, len(spectrum) - 1)
        # Where low pitches share a bin, a band goes: edges and middles stand once.
        bins = np.unique(right - (pitches - spectrum[right - 1] < spectrum[right] - pitches))
        matrix = np.zeros((bins[-1], len(bins) - 2), dtype=np.float32)
        for band, (start, middle, stop) in enumerate(zip(bins[:-2], bins[1:-1], bins[2:], strict=True)):
            rise = np.linspace(0.0, 1.0, middle - start, endpoint=False)
            fall = np.linspace(1.0, 0.0, stop - middle, endpoint=False)
            triangle = np.concatenate((rise, fall))
            matrix[start:stop, band] = triangle / triangle.sum()
        return matrix


def count_frames(samples: int, hop: int) -> int:
    """How many frames, `hop` samples apart from the first sample on, have their middle within the sound.

    >>> count_frames(44_100, 441), count_frames(44_101, 441)
    (100, 101)
    """
    return -(-samples // hop)


def filter_spectra(excerpt: Excerpt, start: int, stop: int, hop: int, *bands: Bands) -> tuple[FloatArray, ...]:
    """The magnitudes of frames `start` to `stop` in each of `bands`, all of one window: float32 (frames, bands).

    Frame k is centred on sample `k * hop` of the sound; the excerpt must reach half a window beyond both ends.
    """
    window = bands[0].window
    shape = np.hanning(window).astype(np.float32)
    results = tuple(np.empty((stop - start, each.matrix.shape[1]), dtype=np.float32) for each in bands)
    highest = max(len(each.matrix) for each in bands)
    offset = excerpt.start + window // 2
    frames = np.lib.stride_tricks.sliding_window_view(excerpt.samples, window)
    for first in range(start, stop, _FRAMES_AT_ONCE):
        last = min(first + _FRAMES_AT_ONCE, stop)
        some = frames[first * hop - offset : (last - 1) * hop - offset + 1 : hop] * shape
        magnitudes = np.abs(fft.rfft(some, axis=1)[:, :highest])
        for each, result in zip(bands, results, strict=True):
            np.matmul(magnitudes[:, : len(each.matrix)], each.matrix, out=result[first - start : last - start])
    return results


def compress(magnitudes: FloatArray, gain: float = 1.0) -> FloatArray:
    """Magnitudes on a logarithmic scale that begins at 0 for silence: log10(1 + gain * magnitude)."""
    compressed: FloatArray = np.log10(magnitudes * np.float32(gain) + np.float32(1.0))
    return compressed


def write_with_rises(spectrogram: FloatArray, window: int, hop: int, overlap: float, out: FloatArray) -> None:
    """Puts the spectrogram into `out` and, beside it, how much each band has risen: float32 (frames, 2 * bands).

    A rise is taken against the nearest frame before whose window overlaps at no more than `overlap` of its height.
    """
    shape = np.hanning(window)
    distance = window / 2 - int(np.argmax(shape > overlap * shape.max()))
    back = max(1, round(distance / hop))
    bands = spectrogram.shape[1]
    out[:, :bands] = spectrogram
    out[:back, bands:] = 0.0
    np.subtract(spectrogram[back:], spectrogram[:-back], out=out[back:, bands:])
    np.maximum(out[:, bands:], 0.0, out=out[:, bands:])
