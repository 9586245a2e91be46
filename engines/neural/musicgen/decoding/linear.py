"""Linear layers at memory bandwidth: reading the weights takes nearly all the time of a decoding step.

A step multiplies two rows with every weight, so it takes as long as reading the weights once. oneDNN reads weights in
its own packed layout at memory speed; torch's default (MKL) took 5 times as long for two rows of float32 on an AMD EPYC
of 2024, and twice as long for bfloat16.
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
"""Rows that the packing is optimised for: one with the conditions and one without. Other numbers work too."""


@dataclass(frozen=True, slots=True, eq=False)
class Numerics:
    """Device and number types of a computation."""

    device: Any
    weights: Any
    """Type of the weights."""
    stream: Any
    """Type of the residual stream."""
    attention: Any
    """Type of keys and values."""

    @classmethod
    def of(cls, device: str, half: bool) -> Numerics:
        """Return the types for a device; half precision only if requested and faster there.

        A CPU stores weights in half precision but adds and attends in full: bfloat16 has 8 bits of precision, too few
        to sum dozens of layers, and attention in it takes three times as long as in float32. With random weights of the
        small model's size its guided logits were off by 0.7 % of their standard deviation, and 98 % of the most likely
        codes were the same. A GPU computes everything in float16, as in audiocraft.
        """
        kind = find_half_precision(device) if half else None
        if kind is None:
            return cls(torch.device(device), torch.float32, torch.float32, torch.float32)
        rest = kind if device.startswith("cuda") else torch.float32
        return cls(torch.device(device), kind, rest, rest)

    @property
    def is_half(self) -> bool:
        """Whether a weight takes two bytes."""
        return self.weights is not torch.float32

    def take(self, values: Tensor, kind: Any) -> Tensor:
        """Return a private contiguous copy of values on the device, in that type."""
        return values.detach().to(self.device, kind, copy=True).contiguous()


class Linear(Protocol):
    """A linear map of values (rows, columns)."""

    def __call__(self, values: Tensor) -> Tensor:
        """Return the product, plus the bias if there is one, in the weights' type."""

    def add_to(self, stream: Tensor, values: Tensor) -> None:
        """Add the result to the stream, in place."""


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A linear layer by torch, on any device."""

    weight: Tensor
    bias: Tensor | None

    def __call__(self, values: Tensor) -> Tensor:
        return functional.linear(values, self.weight, self.bias)

    def add_to(self, stream: Tensor, values: Tensor) -> None:
        if self.bias is None and stream.dtype == self.weight.dtype:
            stream.addmm_(values, self.weight.t())  # one GPU kernel instead of two
        else:
            stream.add_(self(values))


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A linear layer by oneDNN with packed weights. The plain equivalent is `Plain`."""

    weight: Tensor
    bias: Tensor | None

    def __call__(self, values: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(values, self.weight, self.bias, "none", [], "")

    def add_to(self, stream: Tensor, values: Tensor) -> None:
        stream.add_(self(values))


def make_linear(weight: Tensor, bias: Tensor | None, numerics: Numerics, kind: Any = None) -> Linear:
    """Return the fastest available layer for a weight (out, in).

    Its type is the numerics' weight type, or `kind`.
    """
    kind = numerics.weights if kind is None else kind
    kept = numerics.take(weight, kind)
    shift = None if bias is None else numerics.take(bias, kind)
    if numerics.device.type == "cpu" and can_pack(kind):
        return Packed(torch.ops.mkldnn._reorder_linear_weight(kept, ROWS), shift)
    return Plain(kept, shift)


@functools.cache
def can_pack(kind: Any) -> bool:
    """Return whether torch has oneDNN's product for that type on this CPU, and it matches torch's own.

    Available on Windows and Linux; torch has no public name for it, so it is tested before use.
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
