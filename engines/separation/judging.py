"""From cues to shares: a small network weighs what `cues` measures, the same for every cell."""

from __future__ import annotations

from typing import Final

import numpy as np

from engines.separation.contract import FloatArray
from engines.separation.judgement import LAYERS

CELLS_AT_ONCE: Final = 1 << 16
"""What they take on their way stays small, however many there are."""

_LAYERS: Final = tuple(
    (np.array(weights, dtype=np.float32), np.array(bias, dtype=np.float32)[:, np.newaxis]) for weights, bias in LAYERS
)


def judge(cues: FloatArray) -> FloatArray:
    """The share of each stem in each cell, 0..1, 1 in all: float32 (4, frames, bands) of cues (cues, frames, bands).

    Dense layers with ReLU between them and a softmax at the end.
    """
    count, *shape = cues.shape
    flat = cues.reshape(count, -1)
    shares = np.empty((_LAYERS[-1][1].size, flat.shape[1]), dtype=np.float32)
    for first in range(0, flat.shape[1], CELLS_AT_ONCE):
        state = flat[:, first : first + CELLS_AT_ONCE]
        for number, (weights, bias) in enumerate(_LAYERS):
            state = weights @ (np.maximum(state, 0.0) if number else state)
            state += bias
        state -= state.max(axis=0)
        np.exp(state, out=state)
        shares[:, first : first + CELLS_AT_ONCE] = state / state.sum(axis=0)
    return shares.reshape(-1, *shape)
