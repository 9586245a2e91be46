"""Residual vector quantisation: each codebook encodes the residual of those before it.

Stereo audio is encoded per channel, and the codes are interleaved: codebook 0 left, codebook 0 right, codebook 1 left,
and so on. The plain equivalents are `audiocraft.quantization` and, for interleaving,
`InterleaveStereoCompressionModel`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.layers import Tensor, Weights
from musearoo.engines.neural.encodec.shape import CodecShape


@dataclass(frozen=True, slots=True, eq=False)
class Quantiser:
    """Converts between vectors (channels, frames, dimension) and codes (channels * codebooks, frames)."""

    channels: int
    codebooks: Tensor
    """(codebooks, cardinality, dimension)"""
    squares: Tensor
    """Squared norms of the codebook vectors: (codebooks, cardinality)."""

    @classmethod
    def of(cls, shape: CodecShape, channels: int, weights: Weights) -> Quantiser:
        """Return the quantiser of a codec for a number of audio channels."""
        codebooks = torch.stack([weights[f"codebooks.{number}"] for number in range(shape.codebooks)])
        return cls(channels, codebooks, codebooks.square().sum(dim=2))

    @property
    def rows(self) -> int:
        """Codes per frame."""
        return self.channels * len(self.codebooks)

    def look_up(self, codes: Tensor) -> Tensor:
        """Return the vectors of codes. Raises EngineError for invalid codes."""
        self._check(codes)
        numbers = codes.to(self.codebooks.device).unflatten(0, (len(self.codebooks), self.channels))
        vectors = functional.embedding(numbers[0], self.codebooks[0])
        for codebook, own in zip(self.codebooks[1:], numbers[1:], strict=True):
            vectors += functional.embedding(own, codebook)
        return vectors

    def find_codes(self, vectors: Tensor) -> Tensor:
        """Return the nearest codes of vectors, int64, one codebook after the other."""
        codes = []
        for codebook, squares in zip(self.codebooks, self.squares, strict=True):
            nearest = (squares - 2.0 * vectors @ codebook.T).argmin(dim=2)
            vectors = vectors - functional.embedding(nearest, codebook)
            codes.append(nearest)
        return torch.stack(codes).flatten(0, 1)

    def _check(self, codes: Tensor) -> None:
        if codes.dim() != 2 or codes.shape[0] != self.rows or codes.dtype not in (torch.int64, torch.int32):
            kind = str(codes.dtype).removeprefix("torch.")
            raise EngineError(
                f"The codec takes codes as whole numbers ({self.rows}, frames), not {kind} {tuple(codes.shape)}."
            )
        if not codes.numel():
            return
        # Codes out of range leave a GPU unusable for the rest of the process.
        lowest, highest, cardinality = int(codes.min()), int(codes.max()), self.codebooks.shape[1]
        if lowest < 0 or highest >= cardinality:
            raise EngineError(f"The codec takes codes of 0 to {cardinality - 1}, not {lowest} to {highest}.")
