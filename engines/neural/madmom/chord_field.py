"""A linear-chain conditional random field over chord classes, decoded to marginal probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from musearoo.engines.neural.madmom.stored_networks import Layer

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ChordField:
    """Log potentials: initial, final, bias (classes,); transition (classes, classes); weights (features, classes)."""

    initial: FloatArray
    final: FloatArray
    bias: FloatArray
    transition: FloatArray
    weights: FloatArray

    @classmethod
    def of(cls, model: Layer) -> ChordField:
        """Convert madmom's stored model."""
        return cls(*(model.array(name) for name in ("pi", "tau", "c", "A", "W")))

    def find_marginals(self, features: FloatArray) -> FloatArray:
        """Return class probabilities per frame, given all frames: float32 (frames, classes), rows sum to 1.

        Forward-backward algorithm; each message is scaled to sum to 1 so that nothing overflows.
        """
        potentials = np.asarray(features @ self.weights + self.bias, dtype=np.float64)
        potentials[-1] += self.final
        here = np.exp(potentials - potentials.max(axis=1, keepdims=True))
        moves = np.exp(self.transition - self.transition.max(), dtype=np.float64)
        forward, backward = np.empty_like(here), np.empty_like(here)
        message = np.exp(self.initial - self.initial.max(), dtype=np.float64)
        for frame, given in enumerate(here):
            # As in madmom, even the first frame is reached by a transition.
            message = (message @ moves) * given
            message /= message.sum()
            forward[frame] = message
        message = np.ones(len(moves))
        for frame in range(len(here) - 1, -1, -1):
            backward[frame] = message
            message = moves @ (message * here[frame])
            message /= message.sum()
        marginals = forward * backward
        return np.asarray(marginals / marginals.sum(axis=1, keepdims=True), dtype=np.float32)
