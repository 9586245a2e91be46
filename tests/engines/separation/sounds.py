"""Sounds to take apart, and a source that gives them in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engines.music.stems import StemName
from engines.separation.contract import FloatArray
from engines.separation.dsp import DspSeparator


@dataclass(frozen=True, eq=False)
class Heard:
    """Samples, float32 (channels, frames), given `block` at a time."""

    samples: FloatArray
    rate: int = 44_100
    block: int = 8_192

    @property
    def channels(self) -> int:
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1])

    def blocks(self) -> Iterator[FloatArray]:
        for first in range(0, self.frames, self.block):
            yield self.samples[:, first : first + self.block]


def take_apart(heard: Heard) -> dict[StemName, FloatArray]:
    """The whole stems of a sound."""
    blocks = list(DspSeparator().separate(heard, lambda _fraction, _text: None))
    return {name: np.concatenate([block[name] for block in blocks], axis=1) for name in blocks[0]}


def play_band(seconds: float, rate: int = 44_100) -> dict[str, FloatArray]:
    """A kick and a hat, a bass, a chord to the sides and a voice in the middle: float32 (2, samples) each."""
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
