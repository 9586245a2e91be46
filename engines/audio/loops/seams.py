"""Close a loop: crossfade its end into what preceded its start."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.audio.sound_model import FloatArray

FADE_SECONDS: Final = 0.03
"""Length of the cross-fade if there is a beat: too short for two onsets to be distinguished."""
GUARD_SECONDS: Final = 0.008
"""Length before the start at which the cross-fade is complete: the next downbeat may come early."""
BARE_FADE_SECONDS: Final = 0.004
BARE_GUARD_SECONDS: Final = 0.001
"""The same if there is no audio before the start and its reflection is used: too short to be audible."""
TEXTURE_FADE_SECONDS: Final = 0.6
"""Length of the cross-fade without a beat: pads and drones need a slow transition."""


def close_loop(samples: FloatArray, lead: int, fade: int, guard: int) -> FloatArray:
    """Return the loop from samples whose first `lead` precede its start: float32 (channels, n - lead).

    Over `fade` samples, which end `guard` samples before the loop does, its end cross-fades into what precedes its
    start. Nothing else changes, in particular not the start. `lead` is at least `fade + guard`.
    """
    loop = samples[:, lead:].copy()
    span = fade + guard
    if not span:
        return loop
    ending, leading = loop[:, -span:], samples[:, lead - span : lead]
    rising = np.concatenate((np.sin(0.5 * np.pi * (np.arange(fade) + 0.5) / max(fade, 1)) ** 2, np.ones(guard)))
    falling = 1.0 - rising
    # Constant loudness whatever the correlation: correlated signals add by amplitude, uncorrelated ones by power.
    alike = _correlate(ending[:, :fade], leading[:, :fade])
    level = np.sqrt(rising**2 + falling**2 + 2.0 * alike * rising * falling)
    loop[:, -span:] = (rising / level) * leading + (falling / level) * ending
    return loop


def reflect_start(samples: FloatArray, count: int) -> FloatArray:
    """Return `count` samples before the first one by odd reflection, without a kink in the waveform.

    float32 (channels, count), fewer if the sound is shorter.
    """
    known = min(count, samples.shape[1] - 1)
    return np.asarray(2.0 * samples[:, :1] - samples[:, known:0:-1], dtype=np.float32)


def _correlate(one: FloatArray, other: FloatArray) -> float:
    """Return the correlation of two excerpts, 0..1."""
    power = float(np.sqrt(np.vdot(one, one) * np.vdot(other, other)))
    return float(np.clip(np.vdot(one, other) / power, 0.0, 1.0)) if power > 0.0 else 1.0
