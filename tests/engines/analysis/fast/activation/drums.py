"""A small drum machine: strokes with known times, as samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


def stroke(kind: str, rate: int) -> Samples:
    """The sound of one stroke, peaking near 1."""
    # Long enough to die away: where a sound is cut off, a click would be heard.
    time = np.arange(int(0.9 * rate)) / rate
    noise = np.random.default_rng(len(kind)).standard_normal(time.size)
    if kind == "kick":
        click = 0.2 * noise * np.exp(-time / 0.003)
        return np.asarray(
            np.sin(2.0 * np.pi * (52.0 * time - 2.2 * np.exp(-40.0 * time))) * np.exp(-time / 0.12) + click
        )
    if kind == "snare":
        return np.asarray((0.5 * np.sin(2.0 * np.pi * 190.0 * time) + 0.35 * noise) * np.exp(-time / 0.07))
    # What is left when slower changes are taken out of noise hisses as a hat does.
    return np.asarray(0.3 * np.diff(noise, n=2, prepend=[0.0, 0.0]) * np.exp(-time / 0.025))


def play(strokes: list[tuple[float, str, float]], seconds: float, rate: int = 44_100) -> Samples:
    """The sound of strokes (second, kind, gain)."""
    sound = np.zeros(int(seconds * rate))
    for time, kind, gain in strokes:
        start = round(time * rate)
        part = stroke(kind, rate)[: sound.size - start]
        sound[start : start + part.size] += 0.4 * gain * part
    return sound


def rock_beat(bars: int, bpm: float, late: float = 0.0) -> list[tuple[float, str, float]]:
    """Eighths on the hat, kick on one and three, snare on two and four `late` seconds late, from second 0.1."""
    beat = 60.0 / bpm
    strokes = []
    for number in range(bars * 8):
        time = 0.1 + number * beat / 2
        strokes.append((time, "hat", 0.8 if number % 2 == 0 else 0.5))
        if number % 4 == 0:
            strokes.append((time, "kick", 1.0))
        if number % 4 == 2:
            strokes.append((time + late, "snare", 1.0))
    return sorted(strokes)
