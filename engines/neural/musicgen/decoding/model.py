"""A language model in memory, ready to decode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from musearoo.engines.errors import ParamError
from musearoo.engines.neural.musicgen.decoding.decoder import Decoder
from musearoo.engines.neural.musicgen.decoding.delays import count_steps
from musearoo.engines.neural.musicgen.decoding.linear import Numerics
from musearoo.engines.neural.musicgen.decoding.memory import count_bytes
from musearoo.engines.neural.musicgen.decoding.network import Network
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import LanguageShape, Tensor

Precision: TypeAlias = Literal["full", "half"]

LARGEST_CONDITION: Final = 512
"""Steps of a condition that memory is estimated for: more than text or a melody has."""


class LanguageModel:
    """A language model on a device."""

    def __init__(self, network: Network, *, records: bool = True) -> None:
        self.network = network
        self.records = records and network.numerics.device.type == "cuda"
        """Whether steps are recorded as CUDA graphs, the fastest way to launch them."""
        self._spare: Decoder | None = None

    @classmethod
    def build(
        cls,
        weights: Mapping[str, Tensor],
        shape: LanguageShape,
        device: str = "cpu",
        precision: Precision = "full",
        *,
        records: bool = True,
    ) -> LanguageModel:
        """Build a model from weights of that shape (see `LanguageShape.read`); they are copied and can be freed.

        "half" means full precision on a device where half is not faster. `records=False` launches each CUDA kernel
        separately.
        """
        if precision not in ("full", "half"):
            raise ParamError("precision", "full or half", precision)
        return cls(Network.of(weights, shape, Numerics.of(device, precision == "half")), records=records)

    @property
    def shape(self) -> LanguageShape:
        """Its shape."""
        return self.network.shape

    @property
    def device(self) -> str:
        """Its device: "cpu", "cuda", "cuda:1", "mps"."""
        return str(self.network.numerics.device)

    @property
    def precision(self) -> Precision:
        """The precision in use."""
        return "half" if self.network.numerics.is_half else "full"

    @property
    def bytes(self) -> int:
        """Size of its weights in bytes."""
        return _count_weights(self.shape, self.network.numerics)

    def take_decoder(self, sampling: Sampling, frames: int, lead: int, crossed: int) -> Decoder:
        """Return a decoder for windows and conditions of that size; the caller owns it until `hand_back`.

        Reuses the decoder handed back last, if it fits.
        """
        spare, self._spare = self._spare, None
        if spare is not None and spare.serves(sampling, frames, lead, crossed):
            return spare
        del spare  # free its memory before allocating the next one's
        return Decoder(self.network, sampling, frames, lead, crossed, records=self.records)

    def hand_back(self, decoder: Decoder) -> None:
        """Keep a decoder for the next request if it has recordings, which took time to make."""
        if self.records:
            self._spare = decoder


def estimate_bytes(shape: LanguageShape, precision: Precision, frames: int, device: str = "cpu") -> int:
    """Return the memory of a model in bytes while it decodes `frames` frames, those of a prompt included."""
    numerics = Numerics.of(device, precision == "half")
    steps = count_steps(min(frames, shape.window), shape.delays)
    # Prepended and cross-attention conditions take the same room.
    return _count_weights(shape, numerics) + count_bytes(shape, numerics, steps, LARGEST_CONDITION)


def _count_weights(shape: LanguageShape, numerics: Numerics) -> int:
    """Return the size of the weights in bytes: heads are in full precision, embeddings in the stream's type."""
    heads = shape.codebooks * shape.dim * shape.cardinality
    codes = shape.codebooks * shape.dim * (shape.cardinality + 1)
    rest = shape.parameters - heads - codes
    return 4 * heads + int(numerics.stream.itemsize) * codes + int(numerics.weights.itemsize) * rest
