"""Noise reduction: speech with less of the music under it, by spectral subtraction.

Boll, "Suppression of acoustic noise in speech using spectral subtraction", 1979. What a band plays goes on where the
speaker pauses, and its long notes stand in one place of the spectrum, where speech comes and goes: the level that each
frequency falls below in QUANTILE of the time is taken for the music's (Stahl, Fischer and Bippus, "Quantile based noise
estimation for spectral subtraction and Wiener filtering", 2000).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.speech.sound.format import RATE

QUANTILE: Final = 0.4
SUBTRACTED: Final = 2.0
"""How much more than the estimate is taken away: what is left of music in between disturbs more than what is lost."""
LEFT: Final = 0.1
"""The least share of a frequency's amplitude that stays: holes would sound, and be heard, like other consonants."""

LOWEST: Final = 120.0
"""Hz: what is below is not heard. Kick and bass have most of a band's level there, and the voice nothing it needs: the
consonants and vowels that tell words apart lie above."""

WINDOW: Final = 512
"""Samples, 32 ms at 16 kHz: shorter than a syllable. Twice as long loses what is won."""


HOP: Final = WINDOW // 4
_HANN: Final = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
_SPEECH_BINS: Final = np.fft.rfftfreq(WINDOW, 1.0 / RATE) >= LOWEST


def clean(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the samples, at RATE, without constant noise; as many, at least WINDOW of them."""
    spectrum = _to_spectrum(samples) * _SPEECH_BINS
    amplitude = np.abs(spectrum)
    noise = SUBTRACTED * np.quantile(amplitude, QUANTILE, axis=0)
    kept = np.sqrt(np.maximum(1.0 - np.square(noise / np.maximum(amplitude, 1e-9)), LEFT**2))
    return _to_samples(spectrum * kept, len(samples))


# `scipy.signal.stft` and `istft` do the same; to import them takes 0.7 s, for which the first sentence would wait.


def _to_spectrum(samples: NDArray[np.float32]) -> NDArray[np.complex64]:
    """The short-time Fourier transform, (frames, bins), with silence before the first sample and behind the last."""
    behind = WINDOW // 2 + -len(samples) % HOP
    padded = np.pad(samples, (WINDOW // 2, behind))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return np.asarray(np.fft.rfft(frames * _HANN), np.complex64)


def _to_samples(spectrum: NDArray[np.complex64], count: int) -> NDArray[np.float32]:
    """Return the samples of `_to_spectrum`, by overlap and add (Griffin and Lim, 1984)."""
    frames = np.fft.irfft(spectrum, WINDOW).astype(np.float32) * _HANN
    weights = np.broadcast_to(np.square(_HANN), frames.shape)
    whole = _overlap(frames) / np.maximum(_overlap(weights), 1e-6)
    return np.asarray(whole[WINDOW // 2 :][:count], np.float32)


def _overlap(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add up frames that are HOP apart."""
    parts = frames.reshape(len(frames), -1, HOP)
    added = np.zeros((len(frames) + parts.shape[1] - 1, HOP), np.float32)
    for number in range(parts.shape[1]):
        added[number : number + len(frames)] += parts[:, number]
    return added.reshape(-1)
