"""Sound as everything in BrainAroo takes it: samples that are finite and free of DC, at whatever rate they came."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from musearoo.engines.errors import ParamError

FloatArray = npt.NDArray[np.float32]

MIN_RATE: Final = 2_000
MAX_RATE: Final = 768_000
SILENCE_PEAK: Final = 10.0 ** (-80.0 / 20.0)
"""A peak under -80 dB full scale is silence: it lies below what 14 bits can tell from nothing."""


@dataclass(frozen=True, eq=False)
class Sound:
    """Samples, float32 (channels, frames), nominally -1..1, at `rate` Hz.

    `Sound.of` makes one of anything that a file may hold; whoever has a Sound may trust that all samples are finite.
    """

    samples: FloatArray
    rate: int
    unusable: int = 0
    """Samples that were not numbers, or infinite, and were replaced by silence."""
    is_folded: bool = False
    """Whether it was made mono to fit into memory: then nothing can be said of loudness and stereo."""

    @classmethod
    def of(cls, samples: npt.ArrayLike, rate: int) -> Sound:
        """The sound of samples, (frames,) or (channels, frames); raises ParamError for other shapes and rates.

        >>> sound = Sound.of([0.5, float("nan"), -0.5, 0.0], 44_100)
        >>> sound.channels, sound.frames, sound.unusable
        (1, 4, 1)
        """
        array = np.asarray(samples, dtype=np.float32)
        if array.ndim == 1:
            array = array[np.newaxis]
        if array.ndim != 2 or not array.size:
            raise ParamError("samples", "(frames,) or (channels, frames) with at least one of each", array.shape)
        if not MIN_RATE <= rate <= MAX_RATE:
            raise ParamError("rate", f"{MIN_RATE} to {MAX_RATE} Hz", rate)
        # One sum finds out whether anything is wrong, faster than asking every sample.
        unusable = 0
        if not np.isfinite(array.sum(dtype=np.float64)):
            good = np.isfinite(array)
            unusable = int(array.size - good.sum())
            array = np.where(good, array, np.float32(0.0))
        return cls(array - array.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32), rate, unusable)

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Samples a channel."""
        return int(self.samples.shape[1])

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.rate

    @cached_property
    def mono(self) -> FloatArray:
        """The mean of the channels, float32 (frames,); of the louder one alone where they cancel each other out."""
        if self.channels == 1:
            return cast(FloatArray, self.samples[0])
        mean: FloatArray = self.samples.mean(axis=0)
        powers = np.einsum("cf,cf->c", self.samples, self.samples)
        # Phase-inverted stereo would leave nothing to hear: 20 dB lost is cancellation, no picture.
        if float(mean @ mean) < 0.01 * float(powers.max()):
            return cast(FloatArray, self.samples[int(powers.argmax())])
        return mean

    @cached_property
    def is_silent(self) -> bool:
        """Whether nothing can be heard in it."""
        return bool(max(self.samples.max(), -self.samples.min()) < SILENCE_PEAK)
