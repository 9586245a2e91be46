"""The input of the activation network: a log-band spectrogram, 100 frames a second, at any sample rate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import numpy as np
from scipy import fft

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.rises import RiseCurve, measure_rises
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound

WINDOW_SECONDS: Final = 2048 / 44_100
"""46 ms: long enough to separate neighbouring bass notes, short enough to locate an onset."""

LOWEST_HZ: Final = 32.0
HIGHEST_HZ: Final = 16_000.0
BANDS_PER_OCTAVE: Final = 12
NARROWEST_HZ: Final = 21.5
"""Minimum distance of band centres: the window resolves no finer."""

HALVED_FROM_HZ: Final = 64_000
"""Sample rates from here on are halved until they are below: nothing above 16 kHz is analyzed."""

RANGE: Final = np.float32(1e5)
"""Dynamic range, 50 dB: power between a sound's loud level and where the logarithm fades into linear."""
LOUD_SHARE: Final = 0.95
"""The share of frames below the loud level in their strongest band."""

FRAMES_AT_ONCE: Final = 64
"""Frames per transform: their windows fit the processor's cache."""


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """`bands`: float32 (frames, bands), 0 for silence to about 1 for loud; frame `k` is centred on second `k / 100`.

    `level` is the loud power of this sound. Bands are relative to it, so gain changes nothing. `rise_curve` locates
    onsets between frames.
    """

    bands: FloatArray
    level: float
    rise_curve: RiseCurve

    @property
    def frames(self) -> int:
        """Length in hundredths of a second, rounded up."""
        return int(self.bands.shape[0])


@dataclass(frozen=True, eq=False)
class FilterBank:
    """Triangular bands for one sample rate; `blocks` are (first band, first bin, weights (bins, bands))."""

    window: FloatArray
    transform: int
    bins: int
    blocks: tuple[tuple[int, int, FloatArray], ...]


def compute_spectrogram(sound: Sound) -> Spectrogram:
    """Compute the mono spectrogram of a sound, at least one frame long."""
    samples, rate = sound.mono, sound.rate
    while rate >= HALVED_FROM_HZ:
        samples, rate = halve_rate(samples), rate // 2
    powers = measure_bands(samples, rate, round(sound.duration * FRAMES_PER_SECOND) or 1)
    loudest = powers.max(axis=1)
    place = int(LOUD_SHARE * (loudest.size - 1))
    level = float(np.partition(loudest, place)[place])
    # With few onsets, nearly all frames may be far below them.
    level = max(level, 0.01 * float(loudest.max()), 1e-12)
    return Spectrogram(compress(powers, level), level, measure_rises(sound))


def compress(powers: FloatArray, level: float) -> FloatArray:
    """Compress powers logarithmically in place: 0 for nothing, 1 for the given level."""
    powers *= RANGE / np.float32(level)
    powers += np.float32(1.0)
    np.log(powers, out=powers)
    powers *= np.float32(1.0 / np.log(RANGE))
    return powers


def measure_bands(samples: FloatArray, rate: int, frames: int) -> FloatArray:
    """Return the power in each band, float32 (frames, bands), of samples (n,) at a rate below 64 kHz."""
    bank = filter_bank(rate)
    length = bank.window.size
    # The start of each window; the sound itself is long and is not copied just to pad its edges.
    starts = np.rint(np.arange(frames) * (rate / FRAMES_PER_SECOND)).astype(np.intp) - length // 2
    powers = np.zeros((frames, BANDS), dtype=np.float32)
    for first in range(0, frames, FRAMES_AT_ONCE):
        here = starts[first : first + FRAMES_AT_ONCE]
        piece = cut_padded(samples, int(here[0]), int(here[-1]) + length)
        cut = np.lib.stride_tricks.sliding_window_view(piece, length)[here - here[0]]
        cut *= bank.window
        spectrum = fft.rfft(cut, bank.transform, axis=1)[:, : bank.bins]
        power = np.square(spectrum.real)
        power += np.square(spectrum.imag)
        rows = powers[first : first + FRAMES_AT_ONCE]
        for band, start, weights in bank.blocks:
            rows[:, band : band + weights.shape[1]] = power[:, start : start + weights.shape[0]] @ weights
    return powers


def cut_padded(samples: FloatArray, start: int, stop: int) -> FloatArray:
    """Return samples from `start` to `stop`, zero-padded outside; read-only."""
    inside = samples[max(start, 0) : max(stop, 0)]
    if inside.size == stop - start:
        return inside
    padded = np.zeros(stop - start, dtype=np.float32)
    padded[max(-start, 0) : max(-start, 0) + inside.size] = inside
    return padded


def halve_rate(samples: FloatArray) -> FloatArray:
    """Halve the sample rate with a half-band filter of 7 taps; times stay the same."""
    padded = np.pad(samples, 3)
    near = padded[2:-3:2][: (samples.size + 1) // 2]
    count = near.size
    result = np.float32(0.5) * padded[3::2][:count]
    for offset, tap in ((2, 9 / 32), (4, 9 / 32), (0, -1 / 32), (6, -1 / 32)):
        part = padded[offset::2][:count]
        result[: part.size] += np.float32(tap) * part
    return cast(FloatArray, result)


def place_bands() -> tuple[float, ...]:
    """Return the centre of each band in Hz, and the outer edges of the first and last band."""
    centres = [LOWEST_HZ - NARROWEST_HZ, LOWEST_HZ]
    while centres[-1] < HIGHEST_HZ:
        centres.append(max(centres[-1] + NARROWEST_HZ, centres[-1] * 2.0 ** (1.0 / BANDS_PER_OCTAVE)))
    return tuple(centres)


CENTRES_HZ: Final = place_bands()
BANDS: Final = len(CENTRES_HZ) - 2


@lru_cache(maxsize=8)
def filter_bank(rate: int) -> FilterBank:
    """Return the window and the bands for a sample rate; bands above half the rate are empty.

    Triangles of height 1 over the power: wide bands gather more, which levels the fall of music towards the treble.
    """
    length = round(WINDOW_SECONDS * rate)
    transform = int(fft.next_fast_len(length, real=True))
    window = np.hanning(length + 1)[:length]
    # A full-scale sine gives about the same power at every rate.
    window *= 2.0 / window.sum()
    centres = np.array(CENTRES_HZ)
    low, middle, high = centres[:-2], centres[1:-1], centres[2:]
    hertz = np.arange(transform // 2 + 1)[:, np.newaxis] * (rate / transform)
    weights = np.clip(np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)), 0.0, 1.0)
    used = np.flatnonzero(weights.any(axis=1))
    blocks = []
    for first in range(0, middle.size, 20):
        part = weights[:, first : first + 20]
        rows = np.flatnonzero(part.any(axis=1))
        if rows.size:
            block = np.ascontiguousarray(part[rows[0] : rows[-1] + 1], dtype=np.float32)
            blocks.append((first, int(rows[0]), block))
    return FilterBank(window.astype(np.float32), transform, int(used[-1]) + 1, tuple(blocks))
