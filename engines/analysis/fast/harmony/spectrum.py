"""The harmonic spectrum: the salience of each semitone over time, the input of all harmony analysis.

Two transforms are used: a long window for the bass, where semitones are 2 Hz apart, and one of half that length above,
where chords change faster than a long window could follow. Both run on decimated sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import fft, ndimage

from musearoo.engines.analysis.fast.activation.evidence import CHORD_FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.harmony.decimation import decimate
from musearoo.engines.analysis.fast.harmony.tuning import measure_tuning

LOWEST_PITCH: Final = 24
"""C1: the lower limit of a five-string bass and most synthetic ones."""
PITCHES: Final = 80
"""Up to G7: the fourth harmonic of melody instruments."""
SPLIT_PITCH: Final = 50
"""From D3 on, a semitone is three bins of the short window wide."""

WORKING_RATE: Final = 11_025
"""The target sample rate; the actual one is the sound's rate divided by an integer. G7 is at 3136 Hz."""
BASS_FACTOR: Final = 8
"""The decimation for the bass: C#3, its highest pitch, is at 139 Hz, far below half of 1378 Hz."""
SHORT_WINDOW_SECONDS: Final = 0.3715
"""4096 samples at the working rate."""
LONG_WINDOW_SECONDS: Final = 0.743
"""1024 samples at the bass's working rate."""
CHUNK_FRAMES: Final = 512
"""Frames whose powers are in memory at a time: 2.5 MB, whatever the clip's length."""
BATCH_FRAMES: Final = 16
"""Frames transformed at a time: they stay in the processor's cache."""

PITCH_REACH: Final = 0.8
"""A bin counts for the pitches less than this many semitones away, weighted by a raised cosine."""
TUNING_STEP_CENTS: Final = 4.0
"""The tuning resolution of cached filter banks; an error of half a step has no measurable effect."""
TUNING_FRAMES: Final = 100
"""The maximum number of frames for measuring the tuning, spread over the clip."""

COMPRESSION: Final = 300.0
"""Logarithmic above 1/300 of the level, 50 dB down; linear below."""
LEVEL_FRAMES: Final = 31
"""The level of a frame is measured over the surrounding three seconds."""
LEAST_LEVEL: Final = 1e-3
"""No frame is raised by more than 60 dB."""
FLOOR_PITCHES: Final = 19
"""The subtracted noise floor (drums and noise) is the mean of the surrounding octave and a half."""


@dataclass(frozen=True, eq=False)
class HarmonicSpectrum:
    """The salience of each semitone above the noise floor: `salience` float32 (frames, 80), about 0..6, 10 frames a
    second.

    Frame k is centred on second k / 10; pitch 0 is C1 (MIDI 24), in the tuning of the clip. `levels` float32 (frames,)
    is the level of each frame relative to the loudest, 0..1.
    """

    salience: FloatArray
    levels: FloatArray
    tuning_cents: float
    tuning_confidence: float
    duration: float

    @property
    def frames(self) -> int:
        """The number of frames."""
        return int(self.salience.shape[0])


def compute_harmonic_spectrum(sound: Sound) -> HarmonicSpectrum:
    """Return the salience of semitones over time, normalised for level and tuning, with most percussion removed."""
    frames = max(1, int(sound.duration * CHORD_FRAMES_PER_SECOND) + 1)
    if sound.is_silent:
        nothing = np.zeros((frames, PITCHES), dtype=np.float32)
        return HarmonicSpectrum(nothing, nothing[:, 0], 0.0, 0.0, sound.duration)
    factor = max(1, round(sound.rate / WORKING_RATE))
    working, rate = decimate(sound.mono, factor), sound.rate / factor
    short = _Transform.of(working, rate, SHORT_WINDOW_SECONDS, SPLIT_PITCH, LOWEST_PITCH + PITCHES - 1)
    bass = decimate(working, BASS_FACTOR)
    long = _Transform.of(bass, rate / BASS_FACTOR, LONG_WINDOW_SECONDS, LOWEST_PITCH, SPLIT_PITCH - 1)

    every = np.arange(frames)
    probes = every[:: -(-frames // TUNING_FRAMES)]
    # Short clips, which must be fast, are transformed once; long ones are transformed again to save memory.
    kept = short.powers(every) if frames <= CHUNK_FRAMES else None
    probed = short.powers(probes) if kept is None else kept[probes]
    cents, confidence = measure_tuning(probed, short.first_bin, short.bin_hz)
    tuning = round(cents / TUNING_STEP_CENTS) * TUNING_STEP_CENTS
    magnitudes = np.empty((frames, PITCHES), dtype=np.float32)
    for start in range(0, frames, CHUNK_FRAMES):
        some = every[start : start + CHUNK_FRAMES]
        above = short.powers(some) if kept is None else kept
        magnitudes[some, SPLIT_PITCH - LOWEST_PITCH :] = above @ short.pitch_weights(tuning)
        magnitudes[some, : SPLIT_PITCH - LOWEST_PITCH] = long.powers(some) @ long.pitch_weights(tuning)
    np.sqrt(magnitudes, out=magnitudes)
    salience, levels = _stand_out(magnitudes)
    return HarmonicSpectrum(salience, levels, cents, confidence, sound.duration)


def _stand_out(magnitudes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the salience of magnitudes (frames, pitches), and the level of each frame."""
    norms = np.sqrt(np.einsum("fp,fp->f", magnitudes, magnitudes))
    levels = norms / max(float(norms.max()), 1e-30)
    around = np.maximum(ndimage.uniform_filter1d(levels, min(LEVEL_FRAMES, levels.size), mode="nearest"), LEAST_LEVEL)
    scale = (COMPRESSION / max(float(norms.max()), 1e-30)) / around
    compressed = np.log1p(magnitudes * scale[:, np.newaxis])
    floor = ndimage.uniform_filter1d(compressed, FLOOR_PITCHES, axis=1, mode="nearest")
    return np.maximum(compressed - floor, np.float32(0.0)), levels.astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Transform:
    """A windowed Fourier transform of padded `samples`, of which only the bins of some pitches are kept."""

    samples: FloatArray
    rate: float
    window: FloatArray
    first_bin: int
    last_bin: int
    pitches: tuple[int, int]

    @classmethod
    def of(cls, samples: FloatArray, rate: float, seconds: float, lowest: int, highest: int) -> _Transform:
        length = fft.next_fast_len(round(seconds * rate), real=True)
        window = _hann(length)
        bin_hz = rate / length
        first = max(0, int(_frequency(lowest - 2) / bin_hz))
        last = min(length // 2, int(_frequency(highest + 2) / bin_hz) + 1)
        return cls(np.pad(samples, (length // 2, length)), rate, window, first, last, (lowest, highest))

    @property
    def bin_hz(self) -> float:
        return self.rate / self.window.size

    def powers(self, frames: np.ndarray[tuple[int], np.dtype[np.int64]]) -> FloatArray:
        """Return the power in each kept bin: float32 (frames, bins)."""
        hop = self.rate / CHORD_FRAMES_PER_SECOND
        powers = np.empty((frames.size, self.last_bin - self.first_bin), dtype=np.float32)
        windows = np.empty((BATCH_FRAMES, self.window.size), dtype=np.float32)
        for first in range(0, frames.size, BATCH_FRAMES):
            some = frames[first : first + BATCH_FRAMES].tolist()
            # Slice by slice: four times as fast as indexing rows of a sliding view.
            for row, frame in zip(windows, some, strict=False):
                start = min(round(frame * hop), self.samples.size - self.window.size)
                np.multiply(self.samples[start : start + self.window.size], self.window, out=row)
            bins = fft.rfft(windows[: len(some)], axis=1)[:, self.first_bin : self.last_bin]
            powers[first : first + len(some)] = bins.real**2 + bins.imag**2
        return powers

    def pitch_weights(self, cents: float) -> FloatArray:
        """Return the weight of each bin for each pitch, float32 (bins, pitches)."""
        return _pitch_weights(self.first_bin, self.last_bin, self.bin_hz, *self.pitches, cents)


@lru_cache(maxsize=16)
def _hann(length: int) -> FloatArray:
    return (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(length) / length)).astype(np.float32)


@lru_cache(maxsize=64)
def _pitch_weights(first: int, last: int, bin_hz: float, lowest: int, highest: int, cents: float) -> FloatArray:
    centres = np.arange(first, last) * bin_hz
    bins = 69.0 + 12.0 * np.log2(np.maximum(centres, 1e-3) / 440.0) - cents / 100.0
    distances = np.abs(bins[:, np.newaxis] - np.arange(lowest, highest + 1)[np.newaxis, :])
    lobes = np.where(distances < PITCH_REACH, np.cos(distances * (np.pi / 2.0 / PITCH_REACH)) ** 2, 0.0)
    return lobes.astype(np.float32)


def _frequency(pitch: float) -> float:
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))
