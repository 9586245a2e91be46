"""Matrix products as fast as the processor reads the weights: nearly all the time of a step is spent on them.

A step multiplies two rows with every weight there is, so its time is that of reading them once. oneDNN reads weights
that it has laid out for itself at the speed of the memory; torch's own way (MKL) took 5 times as long for two rows of
float32 on an AMD EPYC of 2024, and twice as long for bfloat16.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final, Protocol

import torch
from torch.nn import functional

from musearoo.engines.neural.devices import find_half_precision
from musearoo.engines.neural.musicgen.decoding.shape import Tensor

ROWS: Final = 2
"""What weights are laid out for: a row with the conditions and one without. Other numbers of rows work too."""


@dataclass(frozen=True, slots=True, eq=False)
class Numerics:
    """Device and number types of a computation."""

    device: Any
    weights: Any
    """The type of what is multiplied with."""
    stream: Any
    """The type of what runs through the layers, each adding to it."""
    attention: Any
    """The type of keys and values."""

    @classmethod
    def of(cls, device: str, half: bool) -> Numerics:
        """That of a device, in half precision where it is wanted and the device computes faster with it.

        A processor reads its weights in half precision but adds and attends in full: bfloat16 has 8 bits, too few to
        add dozens of layers up in, and attention over it takes three times as long as over float32. With random weights
        of the small model's size its guided logits were off by 0.7 % of their spread, and 98 % of the likeliest codes
        were the same. A GPU does all in float16, as audiocraft has it.
        """
        kind = find_half_precision(device) if half else None
        if kind is None:
            return cls(torch.device(device), torch.float32, torch.float32, torch.float32)
        rest = kind if device.startswith("cuda") else torch.float32
        return cls(torch.device(device), kind, rest, rest)

    @property
    def is_half(self) -> bool:
        """Whether weights take two bytes."""
        return self.weights is not torch.float32

    def take(self, values: Tensor, kind: Any) -> Tensor:
        """Values there, of that type, that nobody else changes."""
        return values.detach().to(self.device, kind, copy=True).contiguous()


class Linear(Protocol):
    """A product with weights, of values (rows, columns)."""

    def __call__(self, values: Tensor) -> Tensor:
        """The product, and the bias where there is one, in the weights' type."""

    def add_to(self, stream: Tensor, values: Tensor) -> None:
        """Adds the product to the stream, in place."""


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A product as torch does it, on whichever device."""

    weight: Tensor
    bias: Tensor | None

    def __call__(self, values: Tensor) -> Tensor:
        return functional.linear(values, self.weight, self.bias)

    def add_to(self, stream: Tensor, values: Tensor) -> None:
        if self.bias is None and stream.dtype == self.weight.dtype:
            stream.addmm_(values, self.weight.t())  # one kernel of a GPU instead of two
        else:
            stream.add_(self(values))


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A product by oneDNN, with weights that lie as it likes them. The plain equivalent is `Plain`."""

    weight: Tensor
    bias: Tensor | None

    def __call__(self, values: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(values, self.weight, self.bias, "none", [], "")

    def add_to(self, stream: Tensor, values: Tensor) -> None:
        stream.add_(self(values))


def make_linear(weight: Tensor, bias: Tensor | None, numerics: Numerics, kind: Any = None) -> Linear:
    """The product with a weight (out, in) of a model, the fastest there is at that place.

    In the type of the place's weights, or in `kind`.
    """
    kind = numerics.weights if kind is None else kind
    kept = numerics.take(weight, kind)
    shift = None if bias is None else numerics.take(bias, kind)
    if numerics.device.type == "cpu" and can_pack(kind):
        return Packed(torch.ops.mkldnn._reorder_linear_weight(kept, ROWS), shift)
    return Plain(kept, shift)


@functools.cache
def can_pack(kind: Any) -> bool:
    """Whether this torch, on this processor, has oneDNN's product of that type, and it gives what torch's own gives.

    It is there on Windows and Linux; torch has no public name for it, so it is tried before it is relied on.
    """
    if not torch.backends.mkldnn.is_available():
        return False
    weight, values = torch.linspace(-1.0, 1.0, 24 * 16).view(24, 16).to(kind), torch.eye(ROWS, 16, dtype=kind)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
        given = torch.ops.mkldnn._linear_pointwise(values, packed, None, "none", [], "")
    except (AttributeError, RuntimeError):  # NotImplementedError is one of the latter
        return False
    return bool(torch.equal(given, weight.t()[:ROWS]))
