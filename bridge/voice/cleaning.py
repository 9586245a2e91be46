"""Speech with less of the music that plays under it, by spectral subtraction.

Boll, "Suppression of acoustic noise in speech using spectral subtraction", 1979. What a band plays goes on where the
speaker pauses, and its long notes stand in one place of the spectrum, where speech comes and goes: the level that each
frequency falls below in QUANTILE of the time is taken for the music's (Stahl, Fischer and Bippus, "Quantile based noise
estimation for spectral subtraction and Wiener filtering", 2000).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from bridge.voice.recogniser import RATE

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


def clean(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same samples, RATE a second, with what sounds all the time taken away; as many, at least WINDOW of them."""
    frequencies, _, spectrum = signal.stft(samples, RATE, nperseg=WINDOW, noverlap=WINDOW * 3 // 4)
    spectrum[frequencies < LOWEST] = 0.0
    amplitude = np.abs(spectrum)
    noise = SUBTRACTED * np.quantile(amplitude, QUANTILE, axis=1, keepdims=True)
    kept = np.sqrt(np.maximum(1.0 - np.square(noise / np.maximum(amplitude, 1e-9)), LEFT**2))
    _, cleaned = signal.istft(spectrum * kept, RATE, nperseg=WINDOW, noverlap=WINDOW * 3 // 4)
    return np.asarray(cleaned[: len(samples)], np.float32)
