"""The register: the range of pitches the music uses."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.music.estimate import UNKNOWN, Estimate

LOWEST_PITCH: Final = 24
"""The pitch of a HarmonicSpectrum's first column."""

OVERTONES: Final = ((12, 0.91), (19, 0.65), (24, 0.52), (28, 0.39), (31, 0.33), (36, 0.26))
"""The harmonics of a tone in semitones above it, and the share of its salience that they may have."""
TAIL: Final = 0.02
"""The share of the energy that may be below the lowest pitch and above the highest."""
OUTSTANDING: Final = 0.5
"""A tone has at least this share of the salience of the strongest neighbouring tone."""
LEAST_TONE, SLOPE, SLOPE_FROM = 1.0, 0.03, 48
"""The minimum salience of a tone, and its increase per semitone above the spectrum's column 48 (C5), where cymbals and
overtones look like tones.

These, OUTSTANDING and OVERTONES were chosen on rendered pieces of POP909 (MIT), OpenEWLD and Nottingham with known
notes: two range ends in three are within three semitones.
"""
LEAST_SALIENCE: Final = 0.15
"""Mean salience below which nothing is pitched: drums and noise."""


def find_register(salience: FloatArray, levels: FloatArray) -> Estimate[tuple[int, int] | None]:
    """Return the lowest and the highest pitch of the music; unknown where nothing is pitched.

    `salience` float32 (frames, pitches) and `levels` float32 (frames,) are a HarmonicSpectrum's.
    """
    loud = levels > 0.1 * max(float(levels.max(initial=0.0)), 1e-9)
    if not loud.any():
        return UNKNOWN
    tones = salience[loud].copy()
    for semitones, share in OVERTONES:
        tones[:, semitones:] -= np.float32(share) * salience[loud][:, :-semitones]
    strongest = tones.max(axis=1, keepdims=True)
    above = SLOPE * np.maximum(np.arange(tones.shape[1], dtype=np.float32) - SLOPE_FROM, 0.0)
    carrying = np.where(tones > np.maximum(OUTSTANDING * strongest, LEAST_TONE) + above, tones, 0.0)
    profile = carrying.mean(axis=0, dtype=np.float64)
    whole = float(profile.sum())
    if whole < LEAST_SALIENCE:
        return UNKNOWN
    shares = np.cumsum(profile) / whole
    low = int(np.searchsorted(shares, TAIL))
    high = int(np.searchsorted(shares, 1.0 - TAIL))
    confidence = min(0.7, 0.25 * whole) * min(1.0, loud.sum() / 20.0)
    return Estimate((LOWEST_PITCH + low, LOWEST_PITCH + high), float(confidence), "clip")
