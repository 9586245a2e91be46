"""How fast a sound rises, millisecond by millisecond: finer than a spectrogram can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.sound import FloatArray, Sound

STEPS_PER_SECOND: Final = 1000.0
"""About so many steps: a millisecond is finer than playing and coarser than a period of the treble."""

STEPS_AT_ONCE: Final = 1024
"""Their samples stay in the processor's cache, and half an hour is not held twice."""


@dataclass(frozen=True, eq=False)
class Attacks:
    """The envelopes of a sound, float32 (steps,), in steps of `step_seconds`, a whole number of samples near 1 ms.

    `low` is the mean of each step, signed: what lies under some 400 Hz. `high` is the strength of what
    differs from sample to sample, which rises by 6 dB an octave.
    """

    low: FloatArray
    high: FloatArray
    step_seconds: float


def measure_attacks(sound: Sound) -> Attacks:
    """The envelopes of a sound, of at least one step."""
    step = max(round(sound.rate / STEPS_PER_SECOND), 1)
    samples = sound.mono
    if samples.size < step + 1:
        samples = np.pad(samples, (0, step + 1 - samples.size))
    count = (samples.size - 1) // step
    low, high = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.float32)
    for first in range(0, count, STEPS_AT_ONCE):
        last = min(first + STEPS_AT_ONCE, count)
        piece = samples[first * step : last * step + 1]
        low[first:last] = piece[:-1].reshape(-1, step).mean(axis=1)
        differences = np.diff(piece).reshape(-1, step)
        high[first:last] = np.einsum("cs,cs->c", differences, differences)
    return Attacks(low, np.sqrt(high / np.float32(step)), step / sound.rate)
