"""Audio as every analysis expects it: finite samples without DC, at the file's own sample rate."""

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
"""Peak below which a sound is silent: -80 dBFS, under the resolution of 14 bits."""


@dataclass(frozen=True, eq=False)
class Sound:
    """Samples, float32 (channels, frames), nominally -1..1, at `rate` Hz.

    `Sound.of` accepts any samples that a file may contain; the samples of a Sound are always finite.
    """

    samples: FloatArray
    rate: int
    unusable: int = 0
    """Number of samples that were NaN or infinite and were replaced by silence."""
    is_folded: bool = False
    """Whether it was mixed down to mono to fit into memory: then loudness and stereo are unknown."""

    @classmethod
    def of(cls, samples: npt.ArrayLike, rate: int) -> Sound:
        """Make a Sound of samples, (frames,) or (channels, frames); raises ParamError for other shapes and rates.

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
        # One sum detects invalid samples, faster than testing every sample.
        unusable = 0
        if not np.isfinite(array.sum(dtype=np.float64)):
            good = np.isfinite(array)
            unusable = int(array.size - good.sum())
            array = np.where(good, array, np.float32(0.0))
        return cls(array - array.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32), rate, unusable)

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Samples per channel."""
        return int(self.samples.shape[1])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate

    @cached_property
    def mono(self) -> FloatArray:
        """The mean of the channels, float32 (frames,); where they cancel each other out, the louder channel alone."""
        if self.channels == 1:
            return cast(FloatArray, self.samples[0])
        mean: FloatArray = self.samples.mean(axis=0)
        powers = np.einsum("cf,cf->c", self.samples, self.samples)
        # Phase-inverted stereo would leave nothing to analyze: a loss of 20 dB is cancellation, not a stereo image.
        if float(mean @ mean) < 0.01 * float(powers.max()):
            return cast(FloatArray, self.samples[int(powers.argmax())])
        return mean

    @cached_property
    def is_silent(self) -> bool:
        """Whether the sound is below the silence threshold."""
        return bool(max(self.samples.max(), -self.samples.min()) < SILENCE_PEAK)
