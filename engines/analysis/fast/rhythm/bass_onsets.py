"""Bass onsets, which mark beats where cymbals are ambiguous, as in a walking bass."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.activation.spectrogram import CENTRES_HZ
from musearoo.engines.music.drum_map import DRUM_KINDS

HIGHEST_HZ: Final = 260.0
"""Up to B3: most bass notes, and few fundamentals of other instruments."""

BANDS: Final = sum(centre <= HIGHEST_HZ for centre in CENTRES_HZ[1:-1])

RISE: Final = 3
"""Frames over which a rise is measured: the spectrogram's window is 46 ms long, so a note needs that time to fill
it.
"""

KICK_REACH: Final = 3
"""Frames around a kick in which a rise of the bass bands is attributed to the kick."""


def find_bass(bands: FloatArray, drums: DrumEvidence) -> FloatArray:
    """Return the rise of the bass around each frame, except at kicks: float32 (frames,), 0 and up.

    `bands`: float32 (frames, bands), as in the activation network's spectrogram.
    """
    low = bands[:, :BANDS]
    rises = np.zeros(low.shape[0], dtype=np.float32)
    if low.shape[0] > RISE:
        rises[RISE - 1 : -1] = np.maximum(low[RISE:] - low[:-RISE], 0.0).mean(axis=1)
    kick = drums.onsets[: rises.size, DRUM_KINDS.index("kick")]
    rises[: kick.size] *= 1.0 - maximum_filter1d(kick, 2 * KICK_REACH + 1, mode="constant")
    return rises
