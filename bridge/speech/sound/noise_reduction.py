"""Noise reduction: attenuate the music under speech by spectral subtraction.

Boll, "Suppression of acoustic noise in speech using spectral subtraction", 1979. Music continues while the speaker
pauses, and its long notes stay at their frequencies, while speech comes and goes: each frequency's QUANTILE of levels
is the estimate of the music's (Stahl, Fischer and Bippus, "Quantile based noise estimation for spectral subtraction and
Wiener filtering", 2000).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.speech.sound.format import RATE

QUANTILE: Final = 0.4
SUBTRACTED: Final = 2.0
"""Oversubtraction factor: residual music disturbs recognition more than lost speech does."""
LEFT: Final = 0.1
"""Spectral floor, the least share of a frequency's amplitude: holes would be recognised as other consonants."""

LOWEST: Final = 120.0
"""High-pass frequency in Hz. Most of a band's level, kick and bass, is below it; the formants and consonants that
distinguish words are above."""

WINDOW: Final = 512
"""Samples, 32 ms at 16 kHz: shorter than a syllable. Windows of twice the length bring no gain."""


HOP: Final = WINDOW // 4
_HANN: Final = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
_SPEECH_BINS: Final = np.fft.rfftfreq(WINDOW, 1.0 / RATE) >= LOWEST


def clean(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return samples at RATE, at least WINDOW of them, with constant noise reduced; the length stays the same."""
    spectrum = _to_spectrum(samples) * _SPEECH_BINS
    amplitude = np.abs(spectrum)
    noise = SUBTRACTED * np.quantile(amplitude, QUANTILE, axis=0)
    kept = np.sqrt(np.maximum(1.0 - np.square(noise / np.maximum(amplitude, 1e-9)), LEFT**2))
    return _to_samples(spectrum * kept, len(samples))


# `scipy.signal.stft` and `istft` do the same; importing them takes 0.7 s, which would delay the first sentence.


def _to_spectrum(samples: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return the short-time Fourier transform, (frames, bins), with silence padded at both ends."""
    behind = WINDOW // 2 + -len(samples) % HOP
    padded = np.pad(samples, (WINDOW // 2, behind))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return np.asarray(np.fft.rfft(frames * _HANN), np.complex64)


def _to_samples(spectrum: NDArray[np.complex64], count: int) -> NDArray[np.float32]:
    """Invert `_to_spectrum`, by overlap and add (Griffin and Lim, 1984)."""
    frames = np.fft.irfft(spectrum, WINDOW).astype(np.float32) * _HANN
    weights = np.broadcast_to(np.square(_HANN), frames.shape)
    whole = _overlap(frames) / np.maximum(_overlap(weights), 1e-6)
    return np.asarray(whole[WINDOW // 2 :][:count], np.float32)


def _overlap(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Overlap-add frames that are HOP apart."""
    parts = frames.reshape(len(frames), -1, HOP)
    added = np.zeros((len(frames) + parts.shape[1] - 1, HOP), np.float32)
    for number in range(parts.shape[1]):
        added[number : number + len(frames)] += parts[:, number]
    return added.reshape(-1)
