"""Small sounds whose harmony is known: chords of harmonic tones, noise and strokes, made here and nowhere read."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.harmony.network import Weights, read_weights
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Rhythm

RATE = 22_050


@cache
def learned_weights() -> Weights:
    """The weights that are shipped."""
    return read_weights(
        (importlib.resources.files("musearoo.engines.analysis.fast.harmony") / "weights.npz").read_bytes()
    )


def tone(pitch: float, seconds: float, rate: int = RATE) -> npt.NDArray[np.float64]:
    """A plucked tone with eight partials."""
    time = np.arange(round(seconds * rate)) / rate
    frequency = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    partials = sum(
        np.sin(2.0 * np.pi * frequency * order * time) / order for order in range(1, 9) if frequency * order < rate / 2
    )
    attack = np.minimum(time / 0.01, 1.0)
    return np.asarray(partials * attack * np.exp(-time / seconds))


def play_chords(labels: Sequence[str], seconds: float = 2.0, cents: float = 0.0, rate: int = RATE) -> Sound:
    """Each chord for `seconds`, in close position around middle C, its bass note between E1 and D#2."""
    bars = []
    for label in labels:
        chord = Chord.parse(label)
        pitches = [55 + (pitch - 55) % 12 for pitch in chord.pitch_classes] + [28 + (chord.bass_or_root - 28) % 12]
        bars.append(sum(tone(pitch + cents / 100.0, seconds, rate) for pitch in pitches))
    samples = np.concatenate(bars)
    return Sound.of(0.3 * samples / np.abs(samples).max(), rate)


def play_drums(seconds: float = 8.0) -> Sound:
    """Strokes of noise, every half second, and thumps between."""
    generator = np.random.default_rng(5)
    time = np.arange(round(seconds * RATE)) / RATE
    within = time % 0.5
    noise = generator.normal(size=time.size) * np.exp(-within / 0.05)
    thump = np.sin(2.0 * np.pi * 50.0 * within * np.exp(-within / 0.03)) * np.exp(-((time + 0.25) % 0.5) / 0.1)
    return Sound.of(0.2 * noise + 0.3 * thump, RATE)


def even_rhythm(seconds: float, beat: float = 0.5, beats_per_bar: int = 4) -> Rhythm:
    """A beat every `beat` seconds, from 0 on."""
    beats = tuple(np.arange(0.0, seconds - 1e-6, beat).tolist())
    return Rhythm(Estimate(60.0 / beat, 1.0, "clip"), beats, beats[::beats_per_bar])


NO_RHYTHM = Rhythm(Estimate(None, 0.0, "guess"))
