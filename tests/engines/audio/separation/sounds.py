"""Sounds to separate."""

from __future__ import annotations

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray


def play_band(seconds: float, rate: int = 44_100) -> dict[str, FloatArray]:
    """Return a kick and a hat, a bass, a chord at the sides and a central voice: float32 (2, samples) each."""
    time = np.arange(round(seconds * rate)) / rate
    beat = time % 0.5
    noise = np.random.default_rng(3).uniform(-1.0, 1.0, time.size)
    kick = np.sin(2.0 * np.pi * (50.0 * beat - 3.0 * np.exp(-40.0 * beat))) * np.exp(-14.0 * beat)
    hat = np.diff(noise, prepend=0.0) * np.exp(-60.0 * ((time + 0.25) % 0.5))
    bass = sum(np.sin(2.0 * np.pi * 55.0 * k * time) / k**2 for k in range(1, 6))
    chord = sum(np.sin(2.0 * np.pi * hertz * k * time) / k**2 for hertz in (220.0, 277.2, 329.6) for k in (1, 2, 3))
    wobble = 440.0 * time + 2.0 * np.sin(2.0 * np.pi * 5.5 * time)
    voice = sum(np.sin(2.0 * np.pi * k * wobble) / k for k in range(1, 12))
    left = np.stack([chord, 0.2 * chord])
    sounds = {
        "drums": np.stack([0.5 * kick + 0.15 * hat] * 2),
        "bass": np.stack([0.2 * bass] * 2),
        "vocals": np.stack([0.12 * voice] * 2),
        "other": 0.06 * (left + left[::-1] * np.array([[1.0], [-1.0]])),
    }
    return {name: sound.astype(np.float32) for name, sound in sounds.items()}
