"""What a first judgement says of the surroundings of each cell: whose they are, and where bass and lead then go."""

from __future__ import annotations

from typing import Final

import numpy as np

from engines.separation.contract import FloatArray
from engines.separation.cues import Powers, tables_of
from engines.separation.filters import mean_along
from engines.separation.lines import follow
from engines.separation.stft import Grid

CONTEXT_CUES: Final = 44


def compute_context(powers: Powers, shares: FloatArray, cues: FloatArray, grid: Grid) -> FloatArray:
    """The second network's cues, float32 (cues, frames, bands); `shares` (4, …) and `cues` are the first one's."""
    bands, bass_pitches, lead_pitches = tables_of(grid)
    context = np.empty((CONTEXT_CUES, *powers.total.shape), dtype=np.float32)
    place = iter(range(CONTEXT_CUES))

    def note(*found: FloatArray) -> None:
        for cue in found:
            context[next(place)] = cue

    # Roots, for a few loud cells would speak for all others.
    weight = np.sqrt(powers.total / bands.widths)
    weight += np.float32(1e-4 * float(weight.mean()) + 1e-12)
    weighted = shares[:-1] * weight
    note(*shares[:-1])
    for sizes in ((5, 1), (25, 1), (1, 9), (1, 61), (5, 9)):
        means = [mean_along(mean_along(part, sizes[0], 0), sizes[1], 1) for part in (weight, *weighted)]
        note(*(part / means[0] for part in means[1:]))
    frame_shares = weighted.sum(axis=2, keepdims=True) / weight.sum(axis=1, keepdims=True)
    band_shares = weighted.sum(axis=1, keepdims=True) / weight.sum(axis=0, keepdims=True)
    note(*(np.broadcast_to(part, weight.shape) for part in (*frame_shares, *band_shares)))
    power = np.sqrt(powers.total / bands.widths)
    for stem, pitches, keep in ((1, bass_pitches, bands.centres < 1_200.0), (2, lead_pitches, bands.centres < 5_000.0)):
        line = follow(np.sqrt(power * shares[stem] * keep), pitches)
        comb = pitches.combs[line.path]
        strength = np.minimum(line.strength[:, np.newaxis], 8.0)
        note(comb, comb * strength, np.broadcast_to(strength, weight.shape))
    # The knots, the shared and what was measured of attacks and steadiness.
    note(*cues[[0, 1, 2, 3, 8, 9, 15, 18, 20, 21]], *cues[[-9, -7, -5, -3]])
    return context
