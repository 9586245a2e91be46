"""The perceived energy over time, from loudness, brightness, onset density and bass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import ndimage

from musearoo.engines.analysis.fast.character.steps import STEPS_PER_SECOND, BandSteps, DoubleArray
from musearoo.engines.music.knowledge.analysis import EnergyCurve, Onset

STEP: Final = 0.5
"""Seconds between values."""
SMOOTH_SECONDS: Final = 1.5
"""The smoothing window of a value: about the span over which loudness is perceived (EBU's short term is 3 s)."""

# The weight of each cue, and the range that maps to 0..1. According to listeners' ratings of arousal, loudness has the
# largest effect, then spectrum and event density (Gabrielsson and Lindstroem, "The role of structure in the musical
# expression of emotions", 2010; Eerola, "Modeling listeners' emotional response to music", 2012).
LOUDNESS: Final = (0.40, -45.0, -9.0)
"""LUFS: a whispered guitar to a mastered drop."""
BRIGHTNESS: Final = (0.15, -30.0, -6.0)
"""Power above 2 kHz relative to the whole, in dB."""
DENSITY: Final = (0.30, 0.0, 12.0)
"""Onsets a second; 12 are sixteenths at 180 BPM."""
DEPTH: Final = (0.15, -30.0, -3.0)
"""Power below 120 Hz relative to the whole, in dB."""
BRIGHT_HZ: Final = 2000.0
DEEP_HZ: Final = 120.0

SURE_SECONDS: Final = 4.0
"""Length in seconds from which the curve has full confidence."""


def find_energy(
    bands: BandSteps, weighted: DoubleArray, onsets: Sequence[Onset], duration: float
) -> EnergyCurve | None:
    """Return the energy curve; None for silence.

    `weighted` are the K-weighted mean squares of the steps, as `loudness.weigh_steps` gives them.
    """
    steps = bands.steps
    powers = bands.powers.sum(axis=1, dtype=np.float64)
    if not weighted.size or not powers.sum() > 0.0 or not weighted.sum() > 0.0:
        return None
    loud = np.pad(weighted, (0, steps), mode="edge")[:steps]
    counts = np.zeros(steps)
    if onsets:
        times = np.array([onset.time for onset in onsets])
        strengths = np.array([onset.strength for onset in onsets])
        np.add.at(counts, np.clip((times * STEPS_PER_SECOND).astype(np.intp), 0, steps - 1), 0.5 + 0.5 * strengths)
    width = round(SMOOTH_SECONDS * STEPS_PER_SECOND)
    # In a clip shorter than the window, values outside are extrapolated from inside.
    smooth = ndimage.uniform_filter1d(
        np.stack([loud, powers, _part(bands, BRIGHT_HZ, np.inf), _part(bands, 0.0, DEEP_HZ), counts]),
        min(width, 2 * steps - 1),
        axis=1,
        mode="reflect",
    )
    smooth = np.maximum(smooth, 0.0)
    loud, powers, bright, deep, counts = smooth
    whole = np.maximum(powers, 1e-12)
    curve = (
        _scale(_decibels(loud), LOUDNESS)
        + _scale(_decibels(bright / whole), BRIGHTNESS)
        + _scale(counts * STEPS_PER_SECOND, DENSITY)
        + _scale(_decibels(deep / whole), DEPTH)
    )
    # Brightness does not count without sound, so a fade ends at 0.
    curve *= np.clip((_decibels(loud) + 65.0) / 20.0, 0.0, 1.0)
    per_value = round(STEP * STEPS_PER_SECOND)
    middles = np.minimum(np.arange(per_value // 2, max(steps, per_value // 2 + 1), per_value), steps - 1)
    values = curve[middles]
    climax = min(duration, (int(values.argmax()) + 0.5) * STEP)
    confidence = min(1.0, duration / SURE_SECONDS) * 0.9
    return EnergyCurve(STEP, tuple(map(float, values)), float(values.mean()), float(climax), float(confidence))


def _part(bands: BandSteps, low: float, high: float) -> DoubleArray:
    inside = (bands.hertz >= low) & (bands.hertz < high)
    return np.asarray(bands.powers[:, inside].sum(axis=1, dtype=np.float64))


def _decibels(powers: DoubleArray) -> DoubleArray:
    return np.asarray(10.0 * np.log10(np.maximum(powers, 1e-12)))


def _scale(values: DoubleArray, cue: tuple[float, float, float]) -> DoubleArray:
    weight, low, high = cue
    return np.asarray(weight * np.clip((values - low) / (high - low), 0.0, 1.0))
