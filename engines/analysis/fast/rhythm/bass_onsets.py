"""Bass onsets: a walking bass marks beats that cymbals leave open."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.activation.spectrogram import CENTRES_HZ
from musearoo.engines.music.drum_map import DRUM_KINDS

HIGHEST_HZ: Final = 260.0
"""Up to B3: most of what a bass plays, and few first notes of anything else."""

BANDS: Final = sum(centre <= HIGHEST_HZ for centre in CENTRES_HZ[1:-1])

RISE: Final = 3
"""Frames over which a rise is taken: the window of the spectrogram is 46 ms long, a note takes as long to fill it."""

KICK_REACH: Final = 3
"""Frames around a kick in which the rise of the bass bands is its own."""


def find_bass(bands: FloatArray, drums: DrumEvidence) -> FloatArray:
    """Return the rise of the bass around each frame, except at kicks: float32 (frames,), 0 and up.

    `bands`: float32 (frames, bands), as the ear's spectrogram has them.
    """
    low = bands[:, :BANDS]
    rises = np.zeros(low.shape[0], dtype=np.float32)
    if low.shape[0] > RISE:
        rises[RISE - 1 : -1] = np.maximum(low[RISE:] - low[:-RISE], 0.0).mean(axis=1)
    kick = drums.onsets[: rises.size, DRUM_KINDS.index("kick")]
    rises[: kick.size] *= 1.0 - maximum_filter1d(kick, 2 * KICK_REACH + 1, mode="constant")
    return rises
