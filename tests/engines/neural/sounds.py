"""Small sounds of partials and noise with a beat and chords; deterministic."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

CHORDS = ((60, 64, 67), (57, 60, 64), (65, 69, 72), (67, 71, 74))


def play_band(seconds: float, rate: int = 44_100, bpm: float = 120.0) -> FloatArray:
    """Return four chords, a bar each, over a kick on each beat and hats on the off-beats: float32 (samples,)."""
    time = np.arange(round(seconds * rate)) / rate
    beats = time * bpm / 60.0
    noise = np.random.default_rng(3).standard_normal(len(time))
    kick = np.exp(-20.0 * (beats % 1.0)) * np.sin(2.0 * np.pi * 55.0 * time)
    hat = np.exp(-60.0 * ((beats + 0.5) % 1.0)) * noise
    tones = np.zeros(len(time))
    for place, chord in enumerate(CHORDS):
        held = (beats // 4.0 % 4.0 == place) * np.exp(-0.5 * (beats % 4.0))
        for pitch in chord:
            turns = 440.0 * 2.0 ** ((pitch - 69) / 12.0) * time
            tones += held * sum(np.sin(2.0 * np.pi * partial * turns) / partial for partial in range(1, 8))
    return np.asarray(0.4 * kick + 0.05 * hat + 0.1 * tones, dtype=np.float32)
