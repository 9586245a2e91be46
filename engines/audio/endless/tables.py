"""Tables of one period of each wave, dark and bright, with no more harmonics than a pitch may have."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.ambient.sounds import Wave

BITS: Final = 14
SIZE: Final = 1 << BITS
"""Samples of a table: reading without interpolation has noise at about -80 dB."""
AUDIBLE: Final = 0.4
"""Highest harmonic as a share of the sample rate."""
MOST: Final = 96
"""Harmonics of the lowest tones."""

# Loudness of a harmonic by its number, from 1 on: dark, and bright.
_SLOPES: Final[dict[Wave, tuple[float, float]]] = {
    "sine": (6.0, 3.2),
    "soft": (3.4, 2.0),
    "warm": (2.4, 1.45),
    "hollow": (2.2, 1.4),
    "reed": (1.7, 1.1),
    "voice": (2.0, 1.35),
    "bright": (1.6, 1.0),
}
_FORMANTS: Final = ((650.0, 1.0, 90.0), (1080.0, 0.6, 110.0), (2650.0, 0.3, 180.0))
"""Of the vowel of "voice": Hz, loudness, width."""


class Tables:
    """All tables in one array, made when they are first wanted. A row is one table."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._rows: dict[tuple[Wave, bool, int], int] = {}
        self.flat = np.zeros(0, np.float32)

    def row(self, wave: Wave, is_bright: bool, pitch: float) -> int:
        """Return the row of a wave for a MIDI pitch."""
        octave = int(pitch // 6)
        key = (wave, is_bright, octave)
        if key not in self._rows:
            self._rows[key] = len(self._rows)
            self.flat = np.concatenate(
                (self.flat, self._make(wave, is_bright, 440.0 * 2.0 ** ((octave * 6 + 5 - 69) / 12)))
            )
        return self._rows[key]

    def _make(self, wave: Wave, is_bright: bool, hertz: float) -> npt.NDArray[np.float32]:
        count = max(1, min(MOST, int(AUDIBLE * self._rate / hertz)))
        number = np.arange(1, count + 1, dtype=np.float64)
        loud = number ** -_SLOPES[wave][is_bright]
        if wave == "hollow":
            loud[1::2] *= 0.12
        elif wave == "voice":
            shape = sum(gain * np.exp(-(((number * hertz - at) / (2.2 * width)) ** 2)) for at, gain, width in _FORMANTS)
            loud = loud * (0.25 + 1.6 * shape)
        # Phases on a curve keep the peaks of the harmonics apart (M. Schroeder, 1970).
        phase = np.pi * number * number / count
        spectrum = np.zeros(SIZE // 2 + 1, np.complex128)
        spectrum[1 : count + 1] = loud * np.exp(1j * phase)
        period = np.fft.irfft(spectrum, SIZE)
        return np.asarray(period / np.sqrt(np.mean(period**2)) * 0.25, np.float32)
