"""Spectrograms for madmom's networks: magnitudes in triangular bands, spaced by pitch.

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
"""Sample rate in Hz that the networks were trained on."""

_REFERENCE_HZ: Final = 440.0
_FRAMES_AT_ONCE: Final = 64
"""Frames transformed together: 2 MB at the longest window, which fits a CPU cache."""


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Mono samples of a sound at `RATE`, float32, from sample `start` on; silence beyond the sound."""

    samples: FloatArray
    start: int


@dataclass(frozen=True)
class Bands:
    """Triangular bands over the spectrum of a `window` in samples: `per_octave` bands from `low_hz` to `high_hz`."""

    window: int
    per_octave: int
    low_hz: float
    high_hz: float

    @cached_property
    def matrix(self) -> FloatArray:
        """The filter bank: float32 (bins, bands), up to the last bin used; each band sums to 1."""
        steps = np.log2(np.array([self.low_hz, self.high_hz]) / _REFERENCE_HZ) * self.per_octave
        pitches = _REFERENCE_HZ * 2.0 ** (np.arange(np.ceil(steps[0]), np.floor(steps[1]) + 1) / self.per_octave)
        spectrum = np.arange(self.window // 2) * RATE / self.window
        right = np.clip(spectrum.searchsorted(pitches), 1, len(spectrum) - 1)
        # Low pitches may share a bin: then a band is dropped.
        bins = np.unique(right - (pitches - spectrum[right - 1] < spectrum[right] - pitches))
        matrix = np.zeros((bins[-1], len(bins) - 2), dtype=np.float32)
        for band, (start, middle, stop) in enumerate(zip(bins[:-2], bins[1:-1], bins[2:], strict=True)):
            rise = np.linspace(0.0, 1.0, middle - start, endpoint=False)
            fall = np.linspace(1.0, 0.0, stop - middle, endpoint=False)
            triangle = np.concatenate((rise, fall))
            matrix[start:stop, band] = triangle / triangle.sum()
        return matrix


def count_frames(samples: int, hop: int) -> int:
    """Return how many frames, `hop` samples apart from the first sample on, have their centre within the sound.

    >>> count_frames(44_100, 441), count_frames(44_101, 441)
    (100, 101)
    """
    return -(-samples // hop)


def filter_spectra(excerpt: Excerpt, start: int, stop: int, hop: int, *bands: Bands) -> tuple[FloatArray, ...]:
    """Return magnitudes of frames `start` to `stop` in `bands`, all of one window: float32 (frames, bands) each.

    Frame k is centred on sample `k * hop` of the sound; the excerpt must extend half a window beyond both ends.
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
    """Return log magnitudes, 0 for silence: log10(1 + gain * magnitude)."""
    compressed: FloatArray = np.log10(magnitudes * np.float32(gain) + np.float32(1.0))
    return compressed


def write_with_differences(spectrogram: FloatArray, window: int, hop: int, overlap: float, out: FloatArray) -> None:
    """Write the spectrogram and its positive difference over time to `out`: float32 (frames, 2 * bands).

    The difference is to the nearest earlier frame whose window overlaps at no more than `overlap` of its height.
    """
    shape = np.hanning(window)
    distance = window / 2 - int(np.argmax(shape > overlap * shape.max()))
    back = max(1, round(distance / hop))
    bands = spectrogram.shape[1]
    out[:, :bands] = spectrogram
    out[:back, bands:] = 0.0
    np.subtract(spectrogram[back:], spectrogram[:-back], out=out[back:, bands:])
    np.maximum(out[:, bands:], 0.0, out=out[:, bands:])
