"""A tiny synthesiser, so that the bench has something to hear on a machine without soundfonts or data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from tools.analysis_sets.piece import KIND_OF_PITCH, Piece

FloatArray = npt.NDArray[np.float32]

RATE: Final = 44_100
_PARTIALS: Final = (1.0, 0.5, 0.33, 0.2, 0.12, 0.07)
_OPEN_HAT: Final = (26, 46)


def synthesise(piece: Piece, seed: int = 0) -> FloatArray:
    """The piece's sound, float32 (2, frames) at 44.1 kHz, peak .8: plucked tones, drums of noise and falling sines."""
    generator = np.random.default_rng(seed)
    mix = np.zeros(round(piece.duration * RATE), np.float64)
    for tone in piece.tones:
        _add(mix, tone.start, _tone(tone.pitch, tone.end - tone.start) * tone.velocity / 127.0 * 0.3)
    for stroke in piece.strokes:
        sound = _DRUMS[KIND_OF_PITCH.get(stroke.pitch, "tom")](stroke.pitch, generator)
        _add(mix, stroke.time, sound * (stroke.velocity / 127.0) ** 1.5 * 0.6)
    peak = float(np.abs(mix).max()) if mix.size else 0.0
    mono = mix * (0.8 / peak if peak else 1.0)
    return np.stack([mono, mono]).astype(np.float32)


def _add(mix: npt.NDArray[np.float64], start: float, sound: npt.NDArray[np.float64]) -> None:
    first = round(start * RATE)
    sound = sound[max(0, -first) :]
    first = max(first, 0)
    if first < len(mix):
        length = min(len(sound), len(mix) - first)
        mix[first : first + length] += sound[:length]


def _tone(pitch: int, seconds: float) -> npt.NDArray[np.float64]:
    time = np.arange(int((max(seconds, 0.05) + 0.05) * RATE)) / RATE
    frequency = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
    sound = np.zeros_like(time)
    for number, level in enumerate(_PARTIALS, start=1):
        if number * frequency < RATE / 2.2:
            sound += level * np.exp(-time * (1.0 + number)) * np.sin(2 * np.pi * number * frequency * time)
    return np.asarray(sound * np.minimum(1.0, time / 0.003) * np.clip((time[-1] - time) / 0.05, 0.0, 1.0))


def _kick(_: int, __: np.random.Generator) -> npt.NDArray[np.float64]:
    time = np.arange(int(0.3 * RATE)) / RATE
    return 1.5 * np.exp(-time / 0.08) * np.sin(2 * np.pi * (50.0 * time + 3.0 * (1 - np.exp(-time / 0.02))))


def _snare(_: int, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    time = np.arange(int(0.25 * RATE)) / RATE
    noise = generator.standard_normal(len(time)) * np.exp(-time / 0.06) * 0.35
    return noise + 0.5 * np.exp(-time / 0.05) * np.sin(2 * np.pi * 190.0 * time)


def _hat(pitch: int, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    return _noise(0.25 if pitch in _OPEN_HAT else 0.03, 0.3, generator)


def _cymbal(_: int, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    return _noise(0.5, 0.25, generator)


def _tom(pitch: int, _: np.random.Generator) -> npt.NDArray[np.float64]:
    time = np.arange(int(0.4 * RATE)) / RATE
    frequency = 80.0 + 8.0 * (pitch - 41)
    return np.exp(-time / 0.12) * np.sin(2 * np.pi * (frequency * time + 1.0 * (1 - np.exp(-time / 0.03))))


def _noise(decay: float, level: float, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    time = np.arange(int(min(1.0, 5 * decay) * RATE)) / RATE
    # Twice differenced, so that it is bright as metal is.
    return np.diff(generator.standard_normal(len(time) + 2), 2) * 0.4 * level * np.exp(-time / decay)


_DRUMS: Final[dict[str, Callable[[int, np.random.Generator], npt.NDArray[np.float64]]]] = {
    "kick": _kick,
    "snare": _snare,
    "hat": _hat,
    "tom": _tom,
    "cymbal": _cymbal,
}
