"""Features of a take for cutting: activations, onsets and spectra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musearoo.engines.analysis.fast.activation.network import Weights, listen
from musearoo.engines.analysis.fast.activation.onsets import find_onsets
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.analyzer import make_cues
from musearoo.engines.analysis.fast.harmony.spectrum import compute_harmonic_spectrum
from musearoo.engines.analysis.fast.rhythm.signals import Signals, stack_signals
from musearoo.engines.audio.loops.stretching import Seconds
from musearoo.engines.audio.sound_model import FloatArray

LEAST_STRENGTH = 0.05
"""Onsets that rise less than a twentieth of the strongest are fluctuations of sustained sounds."""


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzedTake:
    """A take with its features.

    `bands`: float32 (frames, bands), 100 frames a second, 0 for silence to about 1 for loud.
    `pitches`: float32 (frames, pitches), 10 frames a second, salience of each semitone from C1 up.
    `onsets`: onset times in seconds, ascending; `strengths`: their strengths, 0..1.
    """

    sound: Sound
    signals: Signals
    bands: FloatArray
    pitches: FloatArray
    onsets: Seconds
    strengths: FloatArray


def analyze_take(sound: Sound, network_weights: Weights) -> AnalyzedTake:
    """Compute all features of a take."""
    activations = listen(compute_spectrogram(sound), network_weights)
    spectrum = compute_harmonic_spectrum(sound)
    cues = make_cues(sound, activations, spectrum)
    onsets = [onset for onset in find_onsets(activations) if onset.strength >= LEAST_STRENGTH]
    return AnalyzedTake(
        sound=sound,
        signals=stack_signals(activations.beats, sound.duration, cues),
        bands=activations.spectrogram.bands,
        pitches=spectrum.salience,
        onsets=np.asarray([onset.time for onset in onsets], dtype=np.float64),
        strengths=np.asarray([onset.strength for onset in onsets], dtype=np.float32),
    )
