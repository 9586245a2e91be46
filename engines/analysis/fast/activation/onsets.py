"""Onsets of notes and drums of any kind."""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.peaks import find_peaks, interpolate_peaks, locate_peaks, sharpen
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.music.knowledge.analysis import Onset

THRESHOLD: Final = 0.35
REACH_FRAMES: Final = 3
"""Minimum distance between onsets: within 30 ms they are perceived as one."""


def find_onsets(activations: Activations) -> tuple[Onset, ...]:
    """Return the onsets of a sound in order of time; strength is the rise in level, relative to the clip's strongest
    (0..1)."""
    frames = find_peaks(activations.beats.onset, THRESHOLD, REACH_FRAMES)
    if not frames.size:
        return ()
    curve = activations.spectrogram.rise_curve
    times = locate_peaks(interpolate_peaks(activations.beats.onset, frames), sharpen(curve), curve.step_seconds)
    bands = activations.spectrogram.bands
    before, after = (bands[np.clip(frames + offset, 0, bands.shape[0] - 1)] for offset in (-3, 1))
    gained = np.maximum(after - before, 0.0).mean(axis=1)
    strengths = gained / max(float(gained.max()), 1e-6)
    pairs = sorted(zip(times.tolist(), strengths.tolist(), strict=True))
    return tuple(Onset(time, strength) for time, strength in pairs)
