"""Tuning, keys and chords: `compute_harmonic_spectrum`, then `find_harmony`."""

from __future__ import annotations

from musearoo.engines.analysis.fast.harmony.change import measure_harmonic_change
from musearoo.engines.analysis.fast.harmony.estimation import HarmonyHints, find_harmony
from musearoo.engines.analysis.fast.harmony.network import Weights, read_weights
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum, compute_harmonic_spectrum

__all__ = (
    "HarmonicSpectrum",
    "HarmonyHints",
    "Weights",
    "compute_harmonic_spectrum",
    "find_harmony",
    "measure_harmonic_change",
    "read_weights",
)
