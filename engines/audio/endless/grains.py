"""Granular clouds: short windows of a sound, scattered in time, pitch and place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.foundation.chance import derive_seed

EVERY: Final = 0.11
"""Seconds from one grain of a cloud to the next, on average."""
LASTS: Final = (0.18, 0.42)
"""Seconds of a grain."""
HOME: Final = 69
"""MIDI pitch at which a sound is read at its own speed."""
MOST: Final = 48
"""Grains at once."""

Block = npt.NDArray[np.float32]


def make_source(rate: int, seed: int) -> Block:
    """Return a sound to take grains from, where the user gives none: float32 (samples), six seconds around A4.

    A choir of sines on A and its fifth and octave, each slowly louder and softer in its own time, with breath.
    """
    chance = np.random.Generator(np.random.PCG64(derive_seed(seed, "grain source")))
    time = np.arange(6 * rate) / rate
    sound = np.zeros(len(time))
    for ratio, gain in ((0.5, 0.5), (1.0, 1.0), (1.5, 0.35), (2.0, 0.4), (3.0, 0.14), (4.0, 0.1)):
        for cents in (-7.0, 4.0, 9.0):
            hertz = 440.0 * ratio * 2.0 ** (cents / 1200.0)
            slow = 0.6 + 0.4 * np.sin(2.0 * np.pi * (chance.uniform(0.1, 0.6) * time + chance.random()))
            sound += gain * slow * np.sin(2.0 * np.pi * (hertz * time + chance.random()))
    breath = np.convolve(chance.standard_normal(len(time)), np.ones(12) / 12.0, "same")
    sound += 0.25 * breath * np.sin(np.pi * np.linspace(0.0, 1.0, len(time)))
    return np.asarray(0.2 * sound / np.sqrt(np.mean(sound**2)), np.float32)


@dataclass(slots=True)
class Cloud:
    """Grains of one note, from sample `begins` to `ends`; `attack` and `release` in seconds."""

    pitch: int
    loud: float
    begins: int
    ends: int
    attack: float
    release: float
    wide: float
    seed: int
    number: int = 0


@dataclass(slots=True)
class Clouds:
    """All clouds that sound; their grains are drawn from their seed and number alone."""

    rate: int
    block: int
    source: Block
    _clouds: list[Cloud] = field(default_factory=list)
    _grains: list[tuple[int, int, float, float, float, float]] = field(default_factory=list)
    """Begin, length, speed, place in the source, and gain left and right."""

    def __len__(self) -> int:
        return len(self._clouds)

    def add(self, cloud: Cloud) -> None:
        """Add the cloud of a note."""
        self._clouds.append(cloud)

    def cut(self, at: int) -> None:
        """Forget clouds that begin at a sample or later; the others go on to their own end."""
        self._clouds = [cloud for cloud in self._clouds if cloud.begins < at]

    def render(self, at: int, motion: float) -> Block:
        """Return the sound from a sample on: (2, block). `motion`, 0..1: how far grains stray in pitch and place."""
        for cloud in self._clouds:
            self._spawn(cloud, at + self.block, motion)
        self._clouds = [cloud for cloud in self._clouds if cloud.ends > at]
        out = np.zeros((2, self.block), np.float32)
        going = []
        for grain in self._grains:
            begin, length, speed, place, left, right = grain
            first, last = max(begin, at), min(begin + length, at + self.block)
            if last > first:
                index = np.arange(first - begin, last - begin, dtype=np.float32)
                where = place + speed * index
                whole = where.astype(np.int32)
                share = where - whole
                sound = self.source[whole] * (1.0 - share) + self.source[whole + 1] * share
                sound *= np.float32(0.5) - np.float32(0.5) * np.cos(index * np.float32(2.0 * np.pi / length))
                out[0, first - at : last - at] += np.float32(left) * sound
                out[1, first - at : last - at] += np.float32(right) * sound
            if begin + length > at + self.block:
                going.append(grain)
        self._grains = going
        return out

    def _spawn(self, cloud: Cloud, until: int, motion: float) -> None:
        while True:
            draw = np.random.Generator(np.random.PCG64(derive_seed(cloud.seed, "grain", cloud.number)))
            late, lasts, stray, place, pan, loud = draw.random(6)
            begin = cloud.begins + round((cloud.number + late) * EVERY * self.rate)
            if begin >= until:
                return
            cloud.number += 1
            if begin >= cloud.ends:
                return
            if len(self._grains) >= MOST:
                continue
            length = round((LASTS[0] + (LASTS[1] - LASTS[0]) * lasts) * self.rate)
            cents = (stray - 0.5) * 24.0 * motion + (12.0 * 100.0 if stray > 0.9 else 0.0)
            speed = 2.0 ** ((cloud.pitch - HOME) / 12.0 + cents / 1200.0)
            room = len(self.source) - 2 - length * speed
            if room <= 0.0:
                continue
            gone, left = (begin - cloud.begins) / self.rate, (cloud.ends - begin) / self.rate
            shape = min(1.0, gone / max(0.05, cloud.attack) + 0.1, left / max(0.05, cloud.release))
            gain = cloud.loud * shape * (0.5 + 0.5 * loud)
            angle = 0.5 * np.pi * (0.5 + cloud.wide * (pan - 0.5))
            self._grains.append((begin, length, speed, place * room, gain * np.cos(angle), gain * np.sin(angle)))
