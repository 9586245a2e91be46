"""The power of a sound in tenths of a second: per band, and per channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import CENTRES_HZ, RANGE, Spectrogram

DoubleArray = npt.NDArray[np.float64]
"""Double precision, for long sums and for decisions."""

STEPS_PER_SECOND: Final = 10
FRAMES_PER_STEP: Final = 10
"""Spectrogram frames per step, at 100 frames a second."""

STEPS_AT_ONCE: Final = 512
"""About a minute of frames is decompressed at a time, so that half an hour needs no more memory."""


@dataclass(frozen=True, eq=False)
class BandSteps:
    """`powers`: float32 (steps, bands), the mean power in each band, relative to the sound's loud level.

    `hertz` float64 (bands,) are the bands' centres. Step `k` lasts from second `k / 10` to `(k + 1) / 10`.
    """

    powers: FloatArray
    hertz: DoubleArray

    @property
    def steps(self) -> int:
        """Number of steps, at least one."""
        return int(self.powers.shape[0])


@dataclass(frozen=True, eq=False)
class ChannelSteps:
    """Mean squares, float64 (steps,), of whole steps only; empty where the sound is shorter than one.

    `total` is the sum over all `count` channels. For two channels, `left` and `right` are their own mean squares and
    `shared` is the mean of their product; otherwise these are None.
    """

    count: int
    total: DoubleArray
    left: DoubleArray | None = None
    right: DoubleArray | None = None
    shared: DoubleArray | None = None


def measure_band_steps(spectrogram: Spectrogram) -> BandSteps:
    """Return the spectrogram's power in steps of a tenth of a second."""
    frames, bands = spectrogram.bands.shape
    steps = -(-frames // FRAMES_PER_STEP)
    powers = np.empty((steps, bands), dtype=np.float32)
    scale = np.float32(np.log(RANGE))
    for first in range(0, steps, STEPS_AT_ONCE):
        last = min(first + STEPS_AT_ONCE, steps)
        # The spectrogram contains log(1 + RANGE * power) / log(RANGE).
        linear = np.expm1(spectrogram.bands[first * FRAMES_PER_STEP : last * FRAMES_PER_STEP] * scale)
        whole = linear.shape[0] // FRAMES_PER_STEP
        body = linear[: whole * FRAMES_PER_STEP].reshape(whole, FRAMES_PER_STEP, bands)
        powers[first : first + whole] = body.mean(axis=1)
        if first + whole < last:
            powers[first + whole] = linear[whole * FRAMES_PER_STEP :].mean(axis=0)
    powers *= np.float32(1.0) / RANGE
    return BandSteps(powers, np.array(CENTRES_HZ[1:-1]))


def measure_channel_steps(sound: Sound) -> ChannelSteps:
    """Return the mean squares of a sound's channels, step by step."""
    size = sound.rate // STEPS_PER_SECOND
    steps = sound.frames // size
    blocks = sound.samples[:, : steps * size].reshape(sound.channels, steps, size)
    squares = np.einsum("csf,csf->cs", blocks, blocks).astype(np.float64) / size
    total = squares.sum(axis=0)
    if sound.channels != 2:
        return ChannelSteps(sound.channels, total)
    shared = np.einsum("sf,sf->s", blocks[0], blocks[1]).astype(np.float64) / size
    return ChannelSteps(2, total, squares[0], squares[1], shared)
