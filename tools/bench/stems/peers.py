"""The baselines of a separator without models: the mix itself, plain HPSS, and HPSS with a low pass for the bass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy import fft, signal

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.filters import median_along
from musearoo.engines.music.stems import FOUR_STEMS, StemName

WINDOW: Final = 2048
HOP: Final = 512
MEDIAN: Final = 31
"""librosa's defaults."""
BASS_HERTZ: Final = 200.0

Guess = Mapping[StemName, FloatArray]


def take_mixture(mix: FloatArray, rate: int) -> Guess:
    """Return the mix, float32 (channels, samples), as every stem."""
    del rate
    return dict.fromkeys(FOUR_STEMS, mix)


def separate_plainly(mix: FloatArray, rate: int) -> Guess:
    """Return HPSS stems: the percussive part as drums, the harmonic part as each other stem.

    After Fitzgerald, "Harmonic/percussive separation using median filtering" (2010), with squared magnitudes in the
    masks and margins of 1, each channel separately, as `librosa.decompose.hpss` does by default.
    """
    del rate
    harmonic = np.empty_like(mix)
    for channel, samples in enumerate(mix):
        _, _, spectrum = signal.stft(samples, nperseg=WINDOW, noverlap=WINDOW - HOP)
        magnitudes = np.abs(spectrum)
        steady = median_along(magnitudes, MEDIAN, 1) ** 2
        struck = median_along(magnitudes, MEDIAN, 0) ** 2
        mask = (steady + 1e-20) / (steady + struck + 2e-20)
        _, kept = signal.istft(spectrum * mask, nperseg=WINDOW, noverlap=WINDOW - HOP)
        harmonic[channel] = kept[: samples.size]
    return {"drums": mix - harmonic, **dict.fromkeys(FOUR_STEMS[1:], harmonic)}


def separate_with_low_pass(mix: FloatArray, rate: int) -> Guess:
    """Return HPSS stems with the harmonic part divided at 200 Hz: the bass below, vocals and the rest above."""
    plain = separate_plainly(mix, rate)
    harmonic = plain["other"]
    low = _low_pass(harmonic, rate)
    return {"drums": plain["drums"], "bass": low, "vocals": harmonic - low, "other": harmonic - low}


def _low_pass(samples: FloatArray, rate: int) -> FloatArray:
    """Return a zero-phase low pass: the magnitude of a fourth-order Butterworth filter applied to the whole
    spectrum.
    """
    size = fft.next_fast_len(2 * samples.shape[1], real=True)
    gain = 1.0 / (1.0 + (fft.rfftfreq(size, 1.0 / rate) / BASS_HERTZ) ** 8)
    return np.asarray(
        fft.irfft(fft.rfft(samples, size, axis=1) * gain, size, axis=1)[:, : samples.shape[1]], np.float32
    )
