"""Validate, resample and mix down input sounds for a model."""

from __future__ import annotations

import numpy as np

from musearoo import how_to_install
from musearoo.engines.audio.sound_model import FloatArray, Sound
from musearoo.engines.errors import EngineError, ParamError


def require_sound(sound: Sound, field: str) -> None:
    """Raise ParamError for a sound that is empty, not finite, or of another shape."""
    samples = sound.samples
    if samples.ndim != 2 or samples.shape[0] not in (1, 2) or not samples.shape[1]:
        raise ParamError(field, "a sound of 1 or 2 channels", samples.shape)
    if sound.rate <= 0:
        raise ParamError(field, "a sound of a rate above 0 Hz", sound.rate)
    if not np.all(np.isfinite(samples)):
        raise ParamError(field, "a sound of finite numbers", "one with samples that are none")


def resample(sound: Sound, rate: int) -> FloatArray:
    """Resample a sound: float32 (channels, round(samples * rate / its rate)).

    Raises EngineError if soxr is not installed.
    """
    samples = np.asarray(sound.samples, dtype=np.float32)
    if sound.rate == rate:
        return samples
    try:
        import soxr
    except ImportError as error:
        raise EngineError(
            f"Audio at {sound.rate} Hz needs soxr for this model, which is not installed ({error}): "
            f"run `{how_to_install('models')}`."
        ) from None
    frames = round(samples.shape[1] * rate / sound.rate)
    found = np.asarray(soxr.resample(samples.T, sound.rate, rate, quality="VHQ"), dtype=np.float32).T
    short = max(0, frames - found.shape[1])
    return np.ascontiguousarray(np.pad(found[:, :frames], ((0, 0), (0, short))))


def mix_down(samples: FloatArray) -> FloatArray:
    """Return the mean of the channels, float32 (samples)."""
    return np.asarray(samples.mean(axis=0), dtype=np.float32)
