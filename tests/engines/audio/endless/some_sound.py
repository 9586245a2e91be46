"""Endless sound for tests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.ambience import Ambience
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from tests.engines.ambient.some_music import presets, style

Sound = npt.NDArray[np.float32]


def an_ambience(preset: str = "drift", seed: int = 3, *, has_strokes: bool = True) -> Ambience:
    """Endless music at its beginning; without strokes where clicks are looked for: those are meant."""
    levels: tuple[tuple[AmbientLayer, float], ...] = () if has_strokes else (("percussion", 0.0),)
    return Ambience(seed, Steering(preset=preset, levels=levels), presets(), style())


def play(ambience: Ambience, seconds: float) -> Sound:
    """The next seconds of it: float32 (2, samples)."""
    return np.concatenate([ambience.render() for _ in range(round(seconds * RATE / BLOCK))], axis=1)
