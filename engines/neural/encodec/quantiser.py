"""Codes for vectors: each codebook says what those before it left (residual vector quantisation).

The codes of a sound of two channels are those of each channel by itself, turn by turn: codebook 0 of the left, of the
right, codebook 1 of the left, and so on. The plain equivalents are `audiocraft.quantization` and, of the turns,
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
    """Between vectors (channels, frames, dimension) and codes (channels * codebooks, frames)."""

    channels: int
    codebooks: Tensor
    """(codebooks, cardinality, dimension)"""
    squares: Tensor
    """Of the lengths of their vectors: (codebooks, cardinality)."""

    @classmethod
    def of(cls, shape: CodecShape, channels: int, weights: Weights) -> Quantiser:
        """That of a codec for sounds of so many channels."""
        codebooks = torch.stack([weights[f"codebooks.{number}"] for number in range(shape.codebooks)])
        return cls(channels, codebooks, codebooks.square().sum(dim=2))

    @property
    def rows(self) -> int:
        """How many codes a frame has."""
        return self.channels * len(self.codebooks)

    def look_up(self, codes: Tensor) -> Tensor:
        """The vectors that codes stand for; raises EngineError for what are none."""
        self._check(codes)
        numbers = codes.to(self.codebooks.device).unflatten(0, (len(self.codebooks), self.channels))
        vectors = functional.embedding(numbers[0], self.codebooks[0])
        for codebook, own in zip(self.codebooks[1:], numbers[1:], strict=True):
            vectors += functional.embedding(own, codebook)
        return vectors

    def find_codes(self, vectors: Tensor) -> Tensor:
        """The codes that come nearest to vectors, codebook after codebook, int64."""
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
        # A GPU would stop working for good.
        lowest, highest, cardinality = int(codes.min()), int(codes.max()), self.codebooks.shape[1]
        if lowest < 0 or highest >= cardinality:
            raise EngineError(f"The codec takes codes of 0 to {cardinality - 1}, not {lowest} to {highest}.")
