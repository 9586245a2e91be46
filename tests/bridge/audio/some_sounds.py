"""Sounds for separators: sums of tones that never come again, so that a shift by one sample shows."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import fftconvolve

from musearoo.engines.audio.separation.contract import FloatArray

BLOCK_FRAMES = 1 << 19

LONG_AGO = (1e9, 1e9)


def make_sound(frames: int, rate: int, channels: int = 2, first: int = 0) -> FloatArray:
    """Sixteen tones of 50 to 3000 Hz, each channel its own, float32 (channels, frames) -1..1, from `first` on."""
    chance = np.random.default_rng(channels)
    times = np.arange(first, first + frames) / rate
    sound = np.zeros((channels, frames), np.float32)
    for channel in sound:
        for pitch, phase in chance.uniform((50, 0), (3000, 2 * np.pi), (16, 2)):
            channel += np.sin(2 * np.pi * pitch * times + phase) / 20.0
    return sound


def write_sound(
    path: Path, samples: FloatArray, rate: int, subtype: str | None = "FLOAT", form: str | None = None
) -> Path:
    """Writes (channels, frames) to a file that nobody has touched for long."""
    soundfile.write(path, samples.T, rate, subtype=subtype, format=form)
    os.utime(path, LONG_AGO)
    return path


def write_long_sound(path: Path, frames: int, rate: int) -> Path:
    """Writes a stereo sound that is never in memory as a whole."""
    with soundfile.SoundFile(path, "w", rate, 2, "FLOAT") as file:
        for first in range(0, frames, BLOCK_FRAMES):
            file.write(make_sound(min(BLOCK_FRAMES, frames - first), rate, 2, first).T)
    os.utime(path, LONG_AGO)
    return path


def read_blocks(path: Path) -> Iterator[FloatArray]:
    """The samples of a file, float32 (channels, up to BLOCK_FRAMES)."""
    return (block.T for block in soundfile.blocks(path, BLOCK_FRAMES, dtype="float32", always_2d=True))


def read_sound(path: Path) -> FloatArray:
    """The samples of a file, float32 (channels, frames)."""
    samples: FloatArray = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    return samples


def find_offset(later: FloatArray, sound: FloatArray) -> int:
    """By how many samples the first channel of one sound lies behind that of another: their correlation's peak."""
    correlation = fftconvolve(later[0], sound[0, ::-1])
    return int(np.argmax(correlation) - (sound.shape[1] - 1))


def residual_db(estimate: FloatArray, sound: FloatArray) -> float:
    """How loud the difference of two sounds is against the second, dB."""
    difference = estimate.astype(np.float64) - sound
    return float(10.0 * np.log10(np.sum(difference**2) / np.sum(sound.astype(np.float64) ** 2) + 1e-20))
