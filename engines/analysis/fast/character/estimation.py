"""A clip's character, from its spectrogram, rhythm and harmony."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import Spectrogram
from musearoo.engines.analysis.fast.character.bands import measure_bands
from musearoo.engines.analysis.fast.character.energy import find_energy
from musearoo.engines.analysis.fast.character.loudness import describe_loudness, weigh_steps
from musearoo.engines.analysis.fast.character.register import find_register
from musearoo.engines.analysis.fast.character.sections import find_sections
from musearoo.engines.analysis.fast.character.steps import BandSteps, measure_band_steps, measure_channel_steps
from musearoo.engines.analysis.fast.character.stereo import measure_stereo
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum
from musearoo.engines.analysis.traits.complexity import measure_complexity
from musearoo.engines.analysis.traits.mood import MoodCues, find_mood
from musearoo.engines.analysis.traits.style_likelihoods import gather_features, guess_styles
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import (
    Character,
    DrumOnset,
    EnergyCurve,
    Harmony,
    Loudness,
    Mood,
    Onset,
    Rhythm,
)
from musearoo.engines.styles.schema import Style

BRIGHT_HZ: Final = 2000.0
DARK_DB, BRILLIANT_DB = -30.0, -6.0
"""Power above 2 kHz relative to the whole: a felt piano, and a kit of open cymbals."""
UNSTABLE: Final = frozenset({(0, 3, 6), (0, 3, 6, 9), (0, 3, 6, 10), (0, 4, 8)})
"""Chords that need to resolve: diminished, half-diminished and augmented."""

SILENCE: Final = Character(loudness=Loudness(None, -200.0, None))


def find_character(
    sound: Sound,
    spectrogram: Spectrogram,
    rhythm: Rhythm,
    harmony: Harmony,
    hits: Sequence[DrumOnset],
    onsets: Sequence[Onset],
    styles: Mapping[str, Style],
    swing: float | None = None,
    pitches: HarmonicSpectrum | None = None,
) -> Character:
    """Return the character of a sound. `swing` is the groove's swing ratio if known; without `pitches` (the harmonic
    spectrum) there is no register and sections are found by timbre alone."""
    if sound.is_silent:
        return SILENCE
    bands, channels = measure_band_steps(spectrogram), measure_channel_steps(sound)
    weighted = weigh_steps(sound, bands, channels)
    energy = find_energy(bands, weighted, onsets, sound.duration)
    register = UNKNOWN if pitches is None else find_register(pitches.salience, pitches.levels)
    if hits and harmony.key.value is None and all(span.chord is None for span in harmony.chords):
        # Apparent pitches may come from the drums.
        register = replace(register, confidence=0.3 * register.confidence)
    salience = None if pitches is None else pitches.salience
    strokes = [(hit.time, hit.kind, hit.velocity) for hit in hits]
    return Character(
        energy=energy,
        sections=find_sections(bands, rhythm, sound.duration, salience),
        styles=guess_styles(gather_features(rhythm, harmony, strokes, swing), styles),
        mood=_find_mood(rhythm, harmony, onsets, energy, bands, register, sound.duration),
        complexity=measure_complexity([onset.time for onset in onsets], rhythm, harmony.chords, sound.duration),
        register=register,
        bands=measure_bands(spectrogram, bands),
        loudness=None if sound.is_folded else describe_loudness(sound, weighted),
        stereo=None if sound.is_folded else measure_stereo(channels),
    )


def _find_mood(
    rhythm: Rhythm,
    harmony: Harmony,
    onsets: Sequence[Onset],
    energy: EnergyCurve | None,
    bands: BandSteps,
    register: Estimate[tuple[int, int] | None],
    duration: float,
) -> Mood | None:
    key = harmony.key.value
    span = register.value if register.confidence > 0.3 else None
    return find_mood(
        MoodCues(
            mode=None if key is None else harmony.key.confidence * (-1.0 if key.is_minor else 1.0),
            bpm=rhythm.tempo.value if rhythm.tempo.confidence > 0.3 else None,
            energy=None if energy is None else energy.mean,
            onsets_per_second=len(onsets) / duration if duration >= 1.0 else None,
            brightness=_measure_brightness(bands),
            dissonance=_measure_dissonance(harmony),
            middle_pitch=None if span is None else (span[0] + span[1]) / 2.0,
        )
    )


def _measure_brightness(bands: BandSteps) -> float | None:
    powers = bands.powers.sum(axis=0, dtype=np.float64)
    whole = float(powers.sum())
    if whole <= 0.0:
        return None
    share = 10.0 * np.log10(max(float(powers[bands.hertz > BRIGHT_HZ].sum()) / whole, 1e-9))
    return float(np.clip((share - DARK_DB) / (BRILLIANT_DB - DARK_DB), 0.0, 1.0))


def _measure_dissonance(harmony: Harmony) -> float | None:
    spans = [(span.end - span.start, span.chord) for span in harmony.chords if span.chord is not None]
    whole = sum(length for length, _ in spans)
    if whole <= 0.0:
        return None
    return sum(length for length, chord in spans if chord is not None and chord.intervals in UNSTABLE) / whole
