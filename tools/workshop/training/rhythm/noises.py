"""Sounds without a beat: noise, drones, unmetered strokes and tones, speech-like syllables, single strokes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import Sound

RATE: Final = 44_100
Samples = npt.NDArray[np.float64]


def make_noises(count: int, seed: int) -> Iterator[Sound]:
    """Yield `count` sounds of 1 to 20 s, kinds in turn. Deterministic for a seed."""
    chance = np.random.default_rng(seed)
    kinds = (_noise, _wind, _drone, _strokes, _tones, _syllables, _stroke)
    for number in range(count):
        seconds = chance.uniform(1.0, 4.0) if kinds[number % len(kinds)] is _stroke else chance.uniform(4.0, 20.0)
        samples = kinds[number % len(kinds)](int(seconds * RATE), chance)
        yield Sound.of(0.6 * samples / max(1e-9, float(np.abs(samples).max())), RATE)


def _noise(length: int, chance: np.random.Generator) -> Samples:
    """Return noise that falls by 0 to 6 dB an octave."""
    spectrum = np.fft.rfft(chance.normal(size=length))
    slope = chance.uniform(0.0, 1.0)
    spectrum /= (np.arange(spectrum.size) + 10.0) ** slope
    samples: Samples = np.fft.irfft(spectrum, length).astype(np.float64)
    return samples


def _wind(length: int, chance: np.random.Generator) -> Samples:
    """Return noise that swells slowly."""
    swells = chance.uniform(0.1, 1.0, 12)
    swell: Samples = np.interp(np.arange(length), np.linspace(0, length, 12), swells)
    return _noise(length, chance) * swell


def _drone(length: int, chance: np.random.Generator) -> Samples:
    """Return one to four sustained notes with overtones and a slow tremolo."""
    time = np.arange(length) / RATE
    notes = chance.choice([36, 43, 48, 52, 55, 60, 64, 67, 71], chance.integers(1, 5), replace=False)
    tone = np.zeros(length)
    for note in notes:
        pitch = 440.0 * 2.0 ** ((note - 69) / 12)
        for overtone in range(1, 6):
            tone += np.sin(2 * np.pi * pitch * overtone * time * (1 + chance.uniform(-1e-3, 1e-3))) / overtone
    edges = np.minimum(1.0, np.minimum(time, time[-1] - time) / 1.5 + 0.01)
    tremolo: Samples = 1 + 0.2 * np.sin(2 * np.pi * chance.uniform(0.05, 0.3) * time)
    drone: Samples = tone * edges * tremolo
    return drone


def _strokes(length: int, chance: np.random.Generator) -> Samples:
    """Return strokes at random times."""
    samples = np.zeros(length)
    for start in chance.uniform(0, length - 6000, chance.integers(4, 40)).astype(int):
        decay = np.exp(-np.arange(5000) / chance.uniform(200, 1500))
        samples[start : start + 5000] += chance.uniform(0.2, 1.0) * decay * chance.normal(size=5000)
    return samples


def _tones(length: int, chance: np.random.Generator) -> Samples:
    """Return a melody without a meter."""
    samples = np.zeros(length)
    start = 0
    while start < length - RATE:
        size = int(np.clip(RATE * chance.gamma(2.0, 0.5), 3000, length - start))
        time = np.arange(size) / RATE
        pitch = 220.0 * 2.0 ** (chance.integers(0, 24) / 12)
        samples[start : start + size] += np.sin(2 * np.pi * pitch * time) * np.exp(-time * chance.uniform(0.5, 3.0))
        start += int(size * chance.uniform(0.4, 1.2))
    return samples


def _syllables(length: int, chance: np.random.Generator) -> Samples:
    """Return voiced bursts with a formant, with short and occasionally longer gaps, as in speech."""
    samples = np.zeros(length)
    start = 0
    while start < length - RATE // 2:
        size = int(RATE * chance.uniform(0.06, 0.3))
        time = np.arange(size) / RATE
        pitch, formant = chance.uniform(90, 200), chance.uniform(400, 2000)
        voice = np.zeros(size)
        for overtone in range(1, 20):
            level = np.exp(-(((pitch * overtone - formant) / 700) ** 2))
            voice += level * np.sin(2 * np.pi * pitch * overtone * time)
        samples[start : start + size] = voice * np.hanning(size)
        start += size + int(RATE * chance.choice([0.01, 0.03, 0.1, 0.4], p=[0.5, 0.25, 0.15, 0.1]))
    return samples


def _stroke(length: int, chance: np.random.Generator) -> Samples:
    """Return one stroke with its decay."""
    samples = np.zeros(length)
    samples[:8000] = np.exp(-np.arange(8000) / 1500) * chance.normal(size=8000)
    return samples
