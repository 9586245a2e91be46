"""Small sounds to judge by: sines, noise, clicks."""

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.character.estimation import find_character
from musearoo.engines.analysis.fast.harmony import compute_harmonic_spectrum
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Character, DrumOnset, Harmony, Onset, Rhythm
from musearoo.engines.music.meter import Meter
from musearoo.engines.styles.schema import Style


def make_sine(hertz: float, seconds: float, level_db: float, rate: int = 48_000) -> FloatArray:
    """A sine whose peaks reach `level_db` full scale, float32 (frames,)."""
    times = np.arange(round(seconds * rate)) / rate
    return np.asarray(10.0 ** (level_db / 20.0) * np.sin(2.0 * np.pi * hertz * times), dtype=np.float32)


def make_noise(seconds: float, level: float = 0.1, rate: int = 44_100, seed: int = 1) -> FloatArray:
    """White noise of a standard deviation, float32 (frames,)."""
    return np.asarray(level * np.random.default_rng(seed).standard_normal(round(seconds * rate)), dtype=np.float32)


def make_steady_rhythm(duration: float, bpm: float = 120.0, beats_per_bar: int = 4) -> Rhythm:
    """Beats from second 0 on, without a doubt."""
    beats = tuple(float(beat) for beat in np.arange(0.0, duration, 60.0 / bpm))
    return Rhythm(
        Estimate(bpm, 1.0, "clip"), beats, beats[::beats_per_bar], Estimate(Meter(beats_per_bar, 4), 1.0, "clip")
    )


def hear(
    sound: Sound,
    rhythm: Rhythm | None = None,
    harmony: Harmony | None = None,
    hits: tuple[DrumOnset, ...] = (),
    onsets: tuple[Onset, ...] = (),
    styles: dict[str, Style] | None = None,
) -> Character:
    """The character of a sound of which nothing else is known, or what is given."""
    return find_character(
        sound,
        compute_spectrogram(sound),
        rhythm or Rhythm(UNKNOWN),
        harmony or Harmony(),
        hits,
        onsets,
        styles or {},
        pitches=compute_harmonic_spectrum(sound),
    )
