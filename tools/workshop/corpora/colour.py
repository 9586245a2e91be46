"""Audio augmentation: equaliser tilt, compression, noise, level. Timing is unchanged."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
from scipy import fft

FloatArray = npt.NDArray[np.float32]


def normalise(audio: FloatArray, peak_db: float) -> FloatArray:
    """Return the audio, (channels, frames), normalised to a peak of `peak_db`; silence stays silence."""
    peak = float(np.abs(audio).max()) if audio.size else 0.0
    return audio if peak == 0.0 else (audio * np.float32(10.0 ** (peak_db / 20.0) / peak)).astype(np.float32)


def colour(audio: FloatArray, rate: int, chance: Random) -> FloatArray:
    """Return the audio, (channels, frames), as from another mix, room and recorder; each change is random."""
    if chance.random() < 0.6:
        audio = tilt(audio, rate, chance.uniform(-3.0, 3.0))
    if chance.random() < 0.3:
        audio = add_room(audio, rate, chance.uniform(0.15, 0.6), chance.uniform(-24.0, -14.0), chance.randrange(2**31))
    if chance.random() < 0.4:
        audio = compress(audio, rate, chance.uniform(2.0, 4.0))
    if chance.random() < 0.5:
        audio = add_noise(audio, chance.uniform(-65.0, -45.0), chance.randrange(2**31))
    return audio


def tilt(audio: FloatArray, rate: int, db_per_octave: float) -> FloatArray:
    """The audio with its spectrum tilted around 800 Hz, by at most 12 dB."""
    length = audio.shape[1]
    size = fft.next_fast_len(length + rate // 10, real=True)
    octaves = np.log2(np.maximum(fft.rfftfreq(size, 1.0 / rate), 20.0) / 800.0)
    gains = 10.0 ** (np.clip(octaves * db_per_octave, -12.0, 12.0) / 20.0)
    return np.asarray(fft.irfft(fft.rfft(audio, size) * gains, size)[:, :length], np.float32)


def add_room(audio: FloatArray, rate: int, decay_seconds: float, level_db: float, seed: int) -> FloatArray:
    """Return the audio with a reverb tail: noise that decays by 60 dB in `decay_seconds`, `level_db` below it."""
    length = audio.shape[1]
    frames = int(decay_seconds * rate)
    noise = np.random.default_rng(seed).standard_normal((audio.shape[0], frames))
    tail = noise * 10.0 ** (-3.0 * np.arange(frames) / frames)
    tail /= np.sqrt((tail**2).sum(axis=1, keepdims=True))
    tail[:, : rate // 200] = 0.0
    size = fft.next_fast_len(length + frames, real=True)
    wet = fft.irfft(fft.rfft(audio, size) * fft.rfft(tail, size), size)[:, :length]
    return np.asarray(audio + 10.0 ** (level_db / 20.0) * wet, np.float32)


def compress(audio: FloatArray, rate: int, ratio: float) -> FloatArray:
    """Return the audio compressed with `ratio` to one above its mean level, by an envelope of 10 ms."""
    level = np.sqrt(np.mean(audio.astype(np.float64) ** 2, axis=0))
    window = max(1, rate // 100)
    sums = np.cumsum(np.pad(level, (window, 0)))
    envelope = (sums[window:] - sums[:-window]) / window
    threshold = max(float(np.sqrt(np.mean(level**2))), 1e-6)
    over = np.maximum(envelope / threshold, 1.0)
    return np.asarray(audio * over ** (1.0 / ratio - 1.0), np.float32)


def add_noise(audio: FloatArray, level_db: float, seed: int) -> FloatArray:
    """The audio with white noise `level_db` below its peak."""
    peak = float(np.abs(audio).max())
    noise = np.random.default_rng(seed).standard_normal(audio.shape)
    return np.asarray(audio + peak * 10.0 ** (level_db / 20.0) * noise, np.float32)
