"""Close a loop: crossfade its end into what preceded its start."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.audio.sound_model import FloatArray

FADE_SECONDS: Final = 0.03
"""How long the end fades where there is a beat: shorter than what two strokes can be told apart in."""
GUARD_SECONDS: Final = 0.008
"""How long before the start nothing is heard any more of what followed the end: the next downbeat may come early."""
BARE_FADE_SECONDS: Final = 0.004
BARE_GUARD_SECONDS: Final = 0.001
"""The same where nothing leads to the start, and its reflection stands in: too short for it to be heard."""
TEXTURE_FADE_SECONDS: Final = 0.6
"""How long the end fades where nothing has a beat: pads and drones want a slow change."""


def close_loop(samples: FloatArray, lead: int, fade: int, guard: int) -> FloatArray:
    """The loop of a stretch whose first `lead` samples lead to its start: float32 (channels, n - lead).

    Over `fade` samples, which end `guard` samples before the loop does, its end gives way to what leads to its
    start. Nothing else changes, above all not the start. `lead` is at least `fade + guard`.
    """
    loop = samples[:, lead:].copy()
    span = fade + guard
    if not span:
        return loop
    ending, leading = loop[:, -span:], samples[:, lead - span : lead]
    rising = np.concatenate((np.sin(0.5 * np.pi * (np.arange(fade) + 0.5) / max(fade, 1)) ** 2, np.ones(guard)))
    falling = 1.0 - rising
    # As loud throughout, however alike the two are: alike they add up by amplitude, unlike by power.
    alike = _correlate(ending[:, :fade], leading[:, :fade])
    level = np.sqrt(rising**2 + falling**2 + 2.0 * alike * rising * falling)
    loop[:, -span:] = (rising / level) * leading + (falling / level) * ending
    return loop


def reflect_start(samples: FloatArray, count: int) -> FloatArray:
    """Return `count` samples before the first one by reflection, without a bend in the wave.

    float32 (channels, count), fewer where the sound is shorter.
    """
    known = min(count, samples.shape[1] - 1)
    return np.asarray(2.0 * samples[:, :1] - samples[:, known:0:-1], dtype=np.float32)


def _correlate(one: FloatArray, other: FloatArray) -> float:
    """Return the similarity of two stretches, 0..1."""
    power = float(np.sqrt(np.vdot(one, one) * np.vdot(other, other)))
    return float(np.clip(np.vdot(one, other) / power, 0.0, 1.0)) if power > 0.0 else 1.0
