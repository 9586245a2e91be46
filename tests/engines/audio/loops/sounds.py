"""Takes to cut loops from: drums and bass at sample-exact times."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.network import Weights
from musearoo.engines.audio.sound_model import FloatArray
from musearoo.engines.audio.synthesis.drum_kit import render_stroke
from musearoo.engines.neural.analysis_weights import read_learned

RATE = 32_000
Seconds = npt.NDArray[np.float64]
KICK, SNARE, HAT = 36, 38, 42


@cache
def read_activation_weights() -> Weights:
    """Return the weights of the activation network."""
    return read_learned({}).ear


def ignore(_fraction: float, _words: str) -> None:
    """Ignore progress."""


def even_beats(bpm: float, first: float, seconds: float) -> Seconds:
    """Return beats from `first` on."""
    return np.arange(first, seconds, 60.0 / bpm)


def play_groove(beats: Seconds, seconds: float, downbeat: int = 0, bar: int = 4) -> FloatArray:
    """Return a rock groove on given beats, of which number `downbeat` begins a bar: float32 (2, samples)."""
    sound = np.zeros((2, round((seconds + 1.0) * RATE)), dtype=np.float32)
    time = np.arange(round(seconds * RATE) + RATE) / RATE
    for number, (beat, following) in enumerate(
        zip(beats, np.append(beats[1:], 2.0 * beats[-1] - beats[-2]), strict=True)
    ):
        place = (number - downbeat) % bar
        strokes = [(beat, HAT, 0.25), (0.5 * (beat + following), HAT, 0.15)]
        strokes.append((beat, KICK, 0.5) if place in (0, 2) else (beat, SNARE, 0.4))
        if place == 0:
            # A root note through the bar marks its start.
            hertz = 55.0 * 2.0 ** ((0, 5, 7, 0)[(number - downbeat) // bar % 4] / 12.0)
            first = round(beat * RATE)
            rings = time[: min(time.size, sound.shape[1] - first)]
            length = bar * (following - beat)
            fading = np.exp(-rings) * np.clip((length - rings) / 0.02, 0.0, 1.0) * np.clip(rings / 0.003, 0.0, 1.0)
            sound[:, first : first + rings.size] += (0.25 * np.sin(2.0 * np.pi * hertz * rings) * fading).astype(
                np.float32
            )
        for moment, drum, gain in strokes:
            stroke = render_stroke(drum, RATE)
            first = round(moment * RATE)
            room = max(0, min(stroke.shape[1], sound.shape[1] - first))
            sound[:, first : first + room] += np.float32(gain) * stroke[:, :room]
    return sound[:, : round(seconds * RATE)]


def play_pad(seconds: float) -> FloatArray:
    """Return four tones that swell slowly, without a beat: float32 (1, samples)."""
    time = np.arange(round(seconds * RATE)) / RATE
    waves = [
        np.sin(2.0 * np.pi * hertz * time + 0.3 * np.sin(2.0 * np.pi * 0.3 * time)) for hertz in (110, 165, 220, 277)
    ]
    pad: FloatArray = (0.1 * np.sum(waves, axis=0))[np.newaxis].astype(np.float32)
    return pad
