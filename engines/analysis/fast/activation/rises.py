"""The rise curve: how fast a sound rises per millisecond, finer than a spectrogram resolves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound

STEPS_PER_SECOND: Final = 1000.0
"""Approximate step rate: a millisecond is finer than a performer's timing and coarser than a period of the treble."""

STEPS_AT_ONCE: Final = 1024
"""Steps per block: their samples fit the processor's cache, and half an hour of audio is not copied."""


@dataclass(frozen=True, eq=False)
class RiseCurve:
    """High-frequency energy per step, float32 (steps,): sample-to-sample differences, a 6 dB/octave treble boost.

    A step lasts `step_seconds`, a whole number of samples near 1 ms.
    """

    strengths: FloatArray
    step_seconds: float


def measure_rises(sound: Sound) -> RiseCurve:
    """Return the rise curve of a sound, at least one step long."""
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
