"""Context cues for the second network: the first mask estimate around each cell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.cues import BASS_TOP, LEAD_TOP, Powers, tables_of
from musearoo.engines.audio.separation.filters import blur
from musearoo.engines.audio.separation.melodic_lines import follow
from musearoo.engines.audio.separation.stft import Grid
from musearoo.engines.music.stems import FOUR_STEMS

SURROUNDINGS: Final = ((5, 1), (25, 1), (1, 9), (1, 61), (5, 9))
"""Frames and bands over which masks are averaged."""
KEPT: Final = (0, 1, 2, 3, 8, 9, 15, 18, 20, 21, 35, 37, 39, 41)
"""The first network's cues that the second uses again: steadiness, onset, panning, repetition, register."""
STRONGEST: Final = 8.0
CONTEXT_CUES: Final = (len(FOUR_STEMS) - 1) * (len(SURROUNDINGS) + 3) + 2 * 3 + len(KEPT)


def compute_context(powers: Powers, shares: FloatArray, cues: FloatArray, grid: Grid, core: slice) -> FloatArray:
    """Compute the second network's cues, float32 (cues, frames, bands), for the frames of `core`.

    `shares` (4, frames, bands) and `cues` (cues, frames, bands) are the first network's, for all frames.
    """
    magnitudes = np.sqrt(powers.total / tables_of(grid)[0].widths).astype(np.float32)
    found = chain(
        shares[:-1],
        _shares_around(magnitudes, shares[:-1]),
        _lines(magnitudes, shares, grid),
        (cues[place] for place in KEPT),
    )
    context = np.empty((CONTEXT_CUES, *magnitudes[core].shape), dtype=np.float32)
    for place, cue in enumerate(found):
        # A cue that is constant over time has only one frame.
        context[place] = cue[core] if cue.shape[0] > 1 else cue
    return context


def _shares_around(magnitudes: FloatArray, shares: FloatArray) -> Iterator[FloatArray]:
    """Yield the stems' masks averaged around a cell, over its frame and over its band, weighted by magnitude.

    Weighted by power, a few loud cells would dominate.
    """
    weights = magnitudes + np.float32(1e-4 * float(magnitudes.mean()) + 1e-12)
    weighted = shares * weights
    for frames, bands in SURROUNDINGS:
        whole = blur(weights, frames, bands)
        yield from (blur(part, frames, bands) / whole for part in weighted)
    for axis in (1, 0):
        whole = weights.sum(axis=axis, keepdims=True)
        yield from (part.sum(axis=axis, keepdims=True) / whole for part in weighted)


def _lines(magnitudes: FloatArray, shares: FloatArray, grid: Grid) -> Iterator[FloatArray]:
    """Track bass and lead again in their estimated stems."""
    bands, bass, lead = tables_of(grid)
    for stem, pitches, top in (("bass", bass, BASS_TOP), ("vocals", lead, LEAD_TOP)):
        own = magnitudes * shares[FOUR_STEMS.index(stem)] * (bands.centres < top)
        line = follow(np.sqrt(own), pitches)
        comb, strength = pitches.combs[line.path], np.minimum(line.strength[:, np.newaxis], STRONGEST)
        yield from (comb, comb * strength, strength)
