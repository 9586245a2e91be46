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
"""Steps of a condition that memory is reckoned with: more than text or a melody takes."""


class LanguageModel:
    """A network on a device."""

    def __init__(self, network: Network, *, records: bool = True) -> None:
        self.network = network
        self.records = records and network.numerics.device.type == "cuda"
        """Whether steps are recorded, which is what a CUDA device is told them by fastest."""
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
        """That of weights for which `LanguageShape.read` gave that shape; they are copied, and can go afterwards.

        On a device that computes no faster in half precision, "half" is full precision. `records=False` has a CUDA
        device told each small thing by itself.
        """
        if precision not in ("full", "half"):
            raise ParamError("precision", "full or half", precision)
        return cls(Network.of(weights, shape, Numerics.of(device, precision == "half")), records=records)

    @property
    def shape(self) -> LanguageShape:
        """Its measures."""
        return self.network.shape

    @property
    def device(self) -> str:
        """Where it is: "cpu", "cuda", "cuda:1", "mps"."""
        return str(self.network.numerics.device)

    @property
    def precision(self) -> Precision:
        """What it became."""
        return "half" if self.network.numerics.is_half else "full"

    @property
    def bytes(self) -> int:
        """What its weights take."""
        return _count_weights(self.shape, self.network.numerics)

    def take_decoder(self, sampling: Sampling, frames: int, lead: int, crossed: int) -> Decoder:
        """One for windows of so many frames and conditions of so many steps, the caller's until it is handed back.

        The one that was handed back last, where it serves.
        """
        spare, self._spare = self._spare, None
        if spare is not None and spare.serves(sampling, frames, lead, crossed):
            return spare
        del spare  # its memory is free before the next one takes some
        return Decoder(self.network, sampling, frames, lead, crossed, records=self.records)

    def hand_back(self, decoder: Decoder) -> None:
        """Keeps a decoder for the next wish where that is worth its memory: with its recordings, which took time."""
        if self.records:
            self._spare = decoder


def estimate_bytes(shape: LanguageShape, precision: Precision, frames: int, device: str = "cpu") -> int:
    """What a model of that shape takes while it decodes so many frames, those of a prompt with them."""
    numerics = Numerics.of(device, precision == "half")
    steps = count_steps(min(frames, shape.window), shape.delays)
    # Wherever the conditions stand, the same room is taken.
    return _count_weights(shape, numerics) + count_bytes(shape, numerics, steps, LARGEST_CONDITION)


def _count_weights(shape: LanguageShape, numerics: Numerics) -> int:
    """Bytes of the weights there: those of the heads are in full precision, codes in the stream's."""
    heads = shape.codebooks * shape.dim * shape.cardinality
    codes = shape.codebooks * shape.dim * (shape.cardinality + 1)
    rest = shape.parameters - heads - codes
    return 4 * heads + int(numerics.stream.itemsize) * codes + int(numerics.weights.itemsize) * rest
