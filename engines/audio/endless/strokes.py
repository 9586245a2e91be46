"""Soft percussion: each drum rendered once, played from there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from musearoo.engines.foundation.chance import derive_seed

Block = npt.NDArray[np.float32]


def make_drums(rate: int, seed: int) -> dict[int, Block]:
    """Return each drum by its General MIDI pitch, float32 (samples): kick, rim, low tom, bell, shaker, wood."""
    noise = np.random.Generator(np.random.PCG64(derive_seed(seed, "drums"))).standard_normal(rate)

    def tone(hertz: float, falls: float, lasts: float, glide: float = 0.0) -> npt.NDArray[np.float64]:
        time = np.arange(round(6.0 * lasts * rate)) / rate
        phase = hertz * time + glide * falls * (1.0 - np.exp(-time / falls))
        return np.asarray(np.sin(2.0 * np.pi * phase) * np.exp(-time / lasts))

    def hiss(lasts: float, rises: float) -> npt.NDArray[np.float64]:
        time = np.arange(round(6.0 * lasts * rate)) / rate
        bright = np.diff(noise[: len(time) + 1])
        return np.asarray(0.25 * bright * np.minimum(1.0, time / rises) * np.exp(-time / lasts))

    made = {
        36: tone(48.0, 0.03, 0.16, 90.0),
        37: 0.4 * tone(820.0, 0.01, 0.018),
        45: 0.8 * tone(92.0, 0.05, 0.22, 30.0),
        53: 0.35 * tone(1180.0, 0.1, 0.5),
        70: hiss(0.05, 0.012),
        76: 0.5 * tone(640.0, 0.01, 0.045),
    }
    soft = round(0.003 * rate)
    for sound in made.values():
        sound[:soft] *= np.linspace(0.0, 1.0, soft)
    return {pitch: sound.astype(np.float32) for pitch, sound in made.items()}


@dataclass(slots=True)
class Strokes:
    """The strokes that sound."""

    block: int
    drums: dict[int, Block]
    _sounding: list[tuple[int, int, float, float]] = field(default_factory=list)
    """Drum, first sample, and gain left and right."""

    def __len__(self) -> int:
        return len(self._sounding)

    def add(self, drum: int, velocity: float, start: int, gain: float, pan: float) -> None:
        """Add a stroke at a sample."""
        if drum in self.drums:
            loud = gain * (velocity / 127.0) ** 1.4
            angle = 0.5 * np.pi * min(1.0, max(0.0, pan))
            self._sounding.append((drum, start, loud * float(np.cos(angle)), loud * float(np.sin(angle))))

    def cut(self, at: int) -> None:
        """Forget what begins at a sample or later."""
        self._sounding = [stroke for stroke in self._sounding if stroke[1] < at]

    def render(self, at: int) -> Block:
        """Return the sound from a sample on: (2, block)."""
        out = np.zeros((2, self.block), np.float32)
        going = []
        for stroke in self._sounding:
            drum, start, left, right = stroke
            sound = self.drums[drum]
            first, last = max(start, at), min(start + len(sound), at + self.block)
            if last > first:
                piece = sound[first - start : last - start]
                out[0, first - at : last - at] += np.float32(left) * piece
                out[1, first - at : last - at] += np.float32(right) * piece
            if start + len(sound) > at + self.block:
                going.append(stroke)
        self._sounding = going
        return out
