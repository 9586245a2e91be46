"""Evidence from rising energy alone: what stands in for the network where there are no weights."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engines.brainaroo.hearing.ear.heard import Heard
from engines.brainaroo.hearing.ear.spectrogram import CENTRES_HZ, Spectrogram
from engines.brainaroo.hearing.evidence import BeatEvidence, DrumEvidence
from engines.brainaroo.hearing.sound import FloatArray

DRUM_RANGES = ((32.0, 110.0), (180.0, 2_500.0), (6_000.0, 16_000.0), (80.0, 300.0), (3_000.0, 16_000.0))
"""Where kick, snare, hat, tom and cymbal rise, in Hz."""


def listen_by_flux(spectrogram: Spectrogram) -> Heard:
    """Evidence by spectral flux: rises over 20 ms, relative to the clip's strongest."""
    bands = spectrogram.bands
    before = np.vstack([bands[:1], bands[:1], bands])[: bands.shape[0]]
    rises = np.maximum(bands - before, 0.0)
    centres = np.array(CENTRES_HZ[1:-1])
    onset = normalise(rises.mean(axis=1))
    low = normalise(rises[:, centres < 150.0].mean(axis=1))
    strokes = np.stack(
        [normalise(rises[:, (centres >= a) & (centres <= b)].mean(axis=1)) for a, b in DRUM_RANGES], axis=1
    )
    beats = BeatEvidence(beat=(onset + low) * 0.5, downbeat=low * onset, onset=onset)
    return Heard(spectrogram, beats, DrumEvidence(strokes))


def normalise(rise: FloatArray) -> FloatArray:
    """A rise without its slow floor, 0..1."""
    sharp = np.maximum(rise - ndimage.uniform_filter1d(rise, 21), 0.0)
    top = float(np.quantile(sharp, 0.98)) if sharp.size else 0.0
    result: FloatArray = np.clip(sharp / max(top, 1e-3), 0.0, 1.0).astype(np.float32)
    return result
