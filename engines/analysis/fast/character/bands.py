"""Level and onset rate of each part of the spectrum."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from scipy import ndimage

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.spectrogram import CENTRES_HZ, Spectrogram
from musearoo.engines.analysis.fast.character.steps import BandSteps, DoubleArray
from musearoo.engines.music.knowledge.analysis import Band

EDGES_HZ: Final = (20.0, 60.0, 200.0, 600.0, 2500.0, 6000.0, 16_000.0)
"""Edges of the bands mixing engineers use: sub, bass, body, voice, presence, air."""
NAMES: Final = ("sub", "bass", "low mid", "mid", "high mid", "air")

SILENT_DB: Final = -90.0
RISE: Final = 0.06
"""An onset rises by this much of the spectrogram's 50 dB within 30 ms: by 3 dB, in the mean over its band."""
RISE_FRAMES: Final = 3
APART_FRAMES: Final = 9
"""Onsets closer than 45 ms, a thirty-second note at 166 BPM, count as one."""


def measure_bands(spectrogram: Spectrogram, steps: BandSteps) -> tuple[Band, ...]:
    """Measure the six bands from the lowest to the highest."""
    powers = steps.powers.mean(axis=0, dtype=np.float64) @ _members()
    whole = max(float(powers.sum()), 1e-30)
    levels = np.maximum(10.0 * np.log10(np.maximum(powers / whole, 1e-30)), SILENT_DB)
    seconds = max(spectrogram.frames / FRAMES_PER_SECOND, 1e-2)
    counts = count_onsets(spectrogram)
    return tuple(
        Band(name, low, high, float(level), float(count / seconds))
        for name, low, high, level, count in zip(NAMES, EDGES_HZ[:-1], EDGES_HZ[1:], levels, counts, strict=True)
    )


def count_onsets(spectrogram: Spectrogram) -> DoubleArray:
    """Return the onset rate in each band: rises of its mean, each at its steepest frame, float64 (bands,)."""
    members = _members()
    curves = spectrogram.bands @ (members / np.maximum(members.sum(axis=0), 1.0)).astype(np.float32)
    rises = curves[RISE_FRAMES:] - curves[:-RISE_FRAMES]
    highest = ndimage.maximum_filter1d(rises, APART_FRAMES, axis=0, mode="constant")
    peaks = (rises >= highest) & (rises > RISE)
    return np.asarray(peaks.sum(axis=0), dtype=np.float64)


@lru_cache(maxsize=1)
def _members() -> DoubleArray:
    """Return the mapping of the spectrogram's bands to these bands: float64 (spectrogram's bands, bands)."""
    hertz = np.array(CENTRES_HZ[1:-1])[:, np.newaxis]
    edges = np.array(EDGES_HZ)
    inside = (hertz >= edges[:-1]) & (hertz < np.append(edges[1:-1], np.inf))
    return np.asarray(inside, dtype=np.float64)
