"""How fast a sound rises, millisecond by millisecond: finer than a spectrogram can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound

STEPS_PER_SECOND: Final = 1000.0
"""About so many steps: a millisecond is finer than playing and coarser than a period of the treble."""

STEPS_AT_ONCE: Final = 1024
"""Their samples stay in the processor's cache, and half an hour is not held twice."""


@dataclass(frozen=True, eq=False)
class RiseCurve:
    """How strongly samples differ from one to the next, float32 (steps,): the treble, lifted by 6 dB an octave.

    A step lasts `step_seconds`, a whole number of samples near 1 ms.
    """

    strengths: FloatArray
    step_seconds: float


def measure_rises(sound: Sound) -> RiseCurve:
    """The attacks of a sound, of at least one step."""
    step = round(sound.rate / STEPS_PER_SECOND)
    samples = sound.mono
    if samples.size < step + 1:
        samples = np.pad(samples, (0, step + 1 - samples.size))
    count = (samples.size - 1) // step
    powers = np.empty(count, dtype=np.float32)
    for first in range(0, count, STEPS_AT_ONCE):
        last = min(first + STEPS_AT_ONCE, count)
        differences = np.diff(samples[first * step : last * step + 1]).reshape(-1, step)
        powers[first:last] = np.einsum("cs,cs->c", differences, differences)
    return RiseCurve(np.sqrt(powers / np.float32(step)), step / sound.rate)
