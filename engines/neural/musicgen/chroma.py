"""Chroma features for MusicGen's melody conditioning.

The filters are those of D. Ellis, "Chroma Feature Analysis and Synthesis" (2007), as in librosa and audiocraft: each
spectral bin is weighted by its distance to each pitch class, and bins of the middle octaves weigh most.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
from scipy import fft

from musearoo.engines.audio.sound_model import FloatArray
from musearoo.engines.neural.musicgen.settings import ChromaSettings

CONCERT_A: Final = 440.0
CENTRE_OCTAVE: Final = 5.0
"""Octaves above A0 (27.5 Hz) where a partial weighs most: at 880 Hz."""
OCTAVE_SPREAD: Final = 2.0
"""Octaves from the centre at which the weight is exp(-1/2)."""
QUIETEST: Final = 1e-6
"""Lower bound of a frame's maximum when normalising."""

HOPS: Final = 4
"""Hops per window."""


def compute_chroma(mono: FloatArray, rate: int, settings: ChromaSettings) -> FloatArray:
    """Return the chroma of a sound (samples), from C on: float32 (frames, bins), one frame per quarter of a window.

    Frame k is centred at k hops. Sounds shorter than a window are padded with silence on both sides.
    """
    window = 2**settings.window_power
    hop = window // HOPS
    lacking = max(0, window - len(mono))
    padded = np.pad(mono, (lacking // 2, lacking - lacking // 2))
    frames = 1 + len(padded) // hop
    padded = np.pad(padded, window // 2, mode="reflect")
    hann = np.hanning(window + 1)[:-1]
    views = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop][:frames]
    bank = make_filters(rate, window, settings.bins).T
    found = np.stack([_power(view * hann) @ bank for view in views]) / np.square(hann).sum()
    strongest = np.maximum(found.max(axis=1, keepdims=True), QUIETEST)
    return _keep_strongest(found) if settings.strongest_only else np.asarray(found / strongest, dtype=np.float32)


def _power(samples: FloatArray) -> FloatArray:
    return np.asarray(np.square(np.abs(fft.rfft(samples))))


def _keep_strongest(chroma: FloatArray) -> FloatArray:
    """One-hot encode the strongest class of each frame; the lowest wins ties."""
    return as_frames(chroma.argmax(axis=1), chroma.shape[1])


def as_frames(classes: np.ndarray, bins: int) -> FloatArray:
    """One-hot encode pitch classes: float32 (frames, bins)."""
    return np.asarray(np.eye(bins, dtype=np.float32)[classes])


@functools.lru_cache(maxsize=2)
def make_filters(rate: int, window: int, bins: int) -> FloatArray:
    """Return the weight of each spectral bin for each pitch class, from C on: (bins, window // 2 + 1)."""
    frequencies = np.arange(1, window) * rate / window
    pitches = bins * np.log2(frequencies / (CONCERT_A / 16.0))
    # 0 Hz has no pitch: place it one and a half octaves below the first bin, with that bin's width.
    pitches = np.concatenate([[pitches[0] - 1.5 * bins], pitches])
    widths = np.concatenate([np.maximum(np.diff(pitches), 1.0), [1.0]])
    half = round(bins / 2)
    apart = np.mod(pitches - np.arange(bins)[:, None] + half + 10 * bins, bins) - half
    weights = np.exp(-0.5 * np.square(2.0 * apart / widths))
    weights /= np.maximum(np.sqrt(np.square(weights).sum(axis=0)), np.finfo(np.float64).tiny)
    weights *= np.exp(-0.5 * np.square((pitches / bins - CENTRE_OCTAVE) / OCTAVE_SPREAD))
    # The rows count from A: rotate them to start at C.
    return np.asarray(np.roll(weights, -3 * (bins // 12), axis=0)[:, : window // 2 + 1], dtype=np.float32)
