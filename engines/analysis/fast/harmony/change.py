"""The amount of harmonic change at each moment: a cue for bar lines, since chords change on downbeats."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum

REACH_FRAMES: Final = 6
"""The 0.6 s after a moment are compared with the 0.6 s before."""
BASS_SHARE: Final = 0.5
BASS_PITCHES: Final = 28
"""C1 to D#3."""


def measure_harmonic_change(spectrum: HarmonicSpectrum) -> FloatArray:
    """Return the harmonic change at each frame: float32 (frames,), 0..1, 10 a second.

    One minus the cosine similarity of the 0.6 s on both sides, with the bass and the octave-folded pitches as separate
    parts.
    """
    salience = spectrum.salience
    folded = salience[:, : salience.shape[1] // 12 * 12].reshape(spectrum.frames, -1, 12).sum(axis=1)
    whole = _contrast(folded)
    bass = _contrast(salience[:, :BASS_PITCHES])
    result: FloatArray = (BASS_SHARE * bass + (1.0 - BASS_SHARE) * whole).astype(np.float32)
    return result


def _contrast(rows: FloatArray) -> FloatArray:
    """Return one minus the cosine between the sums of the next and the previous `REACH_FRAMES` rows; 0 where either is
    empty.
    """
    frames = rows.shape[0]
    sums = np.cumsum(np.pad(rows, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    places = np.arange(frames)
    before = sums[places] - sums[np.maximum(places - REACH_FRAMES, 0)]
    after = sums[np.minimum(places + REACH_FRAMES, frames)] - sums[places]
    norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    dots = np.einsum("fp,fp->f", before, after)
    result: FloatArray = np.where(norms > 0.0, 1.0 - dots / np.maximum(norms, 1e-12), 0.0).astype(np.float32)
    return result
