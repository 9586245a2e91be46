"""Streaming short-time Fourier transform: frames of about 93 ms, bins about 11 Hz apart, at any sample rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from musearoo.engines.audio.separation.contract import FloatArray

Spectra = npt.NDArray[np.complex64]

WINDOW_SECONDS: Final = 4096 / 44_100
"""Resolves the partials of a chord, and is short enough for a drum."""
OVERLAP: Final = 4
"""Frames that cover each sample."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The frame grid: `window` samples each, `hop` from one to the next; both are efficient FFT sizes.

    Frame k begins at sample `(k - OVERLAP + 1) * hop`, so that every sample from 0 on is in exactly `OVERLAP` frames.
    """

    rate: int
    window: int

    @classmethod
    def at(cls, rate: int) -> Grid:
        """Return the grid of a sample rate in Hz.

        >>> Grid.at(44_100).window, Grid.at(48_000).hop, Grid.at(8_000).window
        (4096, 1125, 768)
        """
        wanted = round(WINDOW_SECONDS * rate / OVERLAP)
        return cls(rate, OVERLAP * fft.next_fast_len(wanted, real=True))

    @property
    def hop(self) -> int:
        """Samples from one frame to the next."""
        return self.window // OVERLAP

    @property
    def bins(self) -> int:
        """Number of bins, from 0 to half the rate."""
        return self.window // 2 + 1

    @property
    def hertz(self) -> float:
        """Bin spacing in Hz."""
        return self.rate / self.window

    @property
    def frames_a_second(self) -> float:
        """Frames per second."""
        return self.rate / self.hop

    def count(self, samples: int) -> int:
        """Return how many frames touch that many samples."""
        return -(-samples // self.hop) + OVERLAP - 1 if samples else 0

    def first_sample(self, frame: int) -> int:
        """Return the first sample of a frame; negative for the first ones."""
        return (frame - OVERLAP + 1) * self.hop


def analyse(samples: FloatArray, grid: Grid) -> Spectra:
    """Return the spectra of all whole frames of samples, float32 (channels, samples): complex64 (channels, frames,
    bins)."""
    framed = np.lib.stride_tricks.sliding_window_view(samples, grid.window, axis=1)[:, :: grid.hop]
    spectra = np.empty((*framed.shape[:2], grid.bins), dtype=np.complex64)
    # One channel at a time halves the memory for intermediate values.
    for channel, frames in enumerate(framed):
        spectra[channel] = fft.rfft(frames * _slope(grid.window), axis=1)
    return spectra


def synthesise(spectra: Spectra, grid: Grid) -> FloatArray:
    """Inverse of `analyse`, float32 (channels, samples), where `OVERLAP` frames overlap; quieter at the ends."""
    channels, frames, _ = spectra.shape
    laid = np.zeros((channels, frames + OVERLAP - 1, grid.hop), dtype=np.float32)
    for channel, of_channel in enumerate(spectra):
        framed = fft.irfft(of_channel, grid.window, axis=1) * (_slope(grid.window) * np.float32(2.0 / OVERLAP))
        for part in range(OVERLAP):
            laid[channel, part : part + frames] += framed[:, part * grid.hop : (part + 1) * grid.hop]
    return laid.reshape(channels, -1)


def _slope(window: int) -> FloatArray:
    """Return the square root of a periodic Hann window: applied twice, four overlapping ones sum to 2."""
    return np.sin(np.pi * np.arange(window) / window).astype(np.float32)
