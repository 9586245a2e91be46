"""Stem mask estimation: two small networks applied to the cues of every cell of the spectrogram.

The first uses the cell's own cues; the second also the first one's output around the cell, as in Tu and Bai,
"Auto-context and its application to high-level vision tasks" (2010).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.mask_weights import FIRST, SECOND, Layers

CELLS_AT_ONCE: Final = 1 << 15
"""Cells per batch: intermediate values stay in the CPU cache."""

Network = tuple[tuple[FloatArray, FloatArray], ...]
"""Weights (outputs, inputs) and biases (outputs, 1) of each layer."""


def estimate_masks(cues: FloatArray, network: Network) -> FloatArray:
    """Estimate the mask of each stem, 0..1, summing to 1: float32 (4, frames, bands) from cues (cues, frames, bands).

    Dense layers with ReLU between them and a softmax at the end.
    """
    count, *shape = cues.shape
    flat = cues.reshape(count, -1)
    shares = np.empty((network[-1][1].size, flat.shape[1]), dtype=np.float32)
    for first in range(0, flat.shape[1], CELLS_AT_ONCE):
        state = flat[:, first : first + CELLS_AT_ONCE]
        for number, (weights, bias) in enumerate(network):
            state = weights @ (np.maximum(state, 0.0) if number else state)
            state += bias
        state -= state.max(axis=0)
        np.exp(state, out=state)
        shares[:, first : first + CELLS_AT_ONCE] = state / state.sum(axis=0)
    return shares.reshape(len(shares), *shape)


def _network(layers: Layers) -> Network:
    return tuple(
        (np.array(weights, dtype=np.float32), np.array(bias, dtype=np.float32)[:, np.newaxis])
        for weights, bias in layers
    )


ALONE: Final = _network(FIRST)
IN_CONTEXT: Final = _network(SECOND)
