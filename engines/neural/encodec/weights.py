"""Rename a codec's tensors from the states of audiocraft or transformers to our names.

A name is the half of the codec, the place in its list of layers, and what stands there: `decoder.3.weight`. A weight
that was saved as a direction and a length (weight norm: Salimans and Kingma, 2016) is made one tensor again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import torch

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.layers import Tensor
from musearoo.engines.neural.encodec.shape import CodecShape

LAYER: Final = re.compile(r"(encoder|decoder)\.(?:model|layers)\.(\d+)\.(.+)")
CODEBOOK: Final = re.compile(r"quantizer\.(?:vq\.)?layers\.(\d+)\.(?:_codebook|codebook)\.embed")
WRAPPER: Final = re.compile(r"\b(?:conv|convtr)\.")
"""The libraries' own layers around a convolution; what they hold is told apart by its place already."""

LENGTH, DIRECTION = "weight_g", "weight_v"
OTHER_NORM: Final = {"parametrizations.weight.original0": LENGTH, "parametrizations.weight.original1": DIRECTION}
"""What newer versions of torch name the two halves of a weight."""


def gather_weights(state: Mapping[str, Tensor], shape: CodecShape, name: str) -> dict[str, Tensor]:
    """The tensors of `shape.sizes()`, float32, on the processor, of a state that may hold more.

    `name`: what holds them, for the errors. Raises EngineError where one is missing, has another size, or holds what is
    no number.
    """
    named = _rename(state)
    return {wanted: _take(named, wanted, size, name) for wanted, size in shape.sizes().items()}


def _rename(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    named = {}
    for key, values in state.items():
        if found := CODEBOOK.fullmatch(key):
            named[f"codebooks.{found[1]}"] = values
        elif found := LAYER.fullmatch(key):
            rest = WRAPPER.sub("", found[3])
            for theirs, ours in OTHER_NORM.items():
                rest = rest.replace(theirs, ours)
            named[f"{found[1]}.{found[2]}.{rest}"] = values
    return named


def _take(named: Mapping[str, Tensor], wanted: str, size: tuple[int, ...], name: str) -> Tensor:
    layer = wanted.removesuffix("weight")
    length, direction = named.get(layer + LENGTH), named.get(layer + DIRECTION)
    if wanted in named:
        values = _copy(named[wanted])
    elif length is not None and direction is not None:
        values = _fold(_copy(length), _copy(direction), wanted, name)
    else:
        raise _broken(name, f"it lacks {wanted}")
    if tuple(values.shape) != size:
        raise _broken(name, f"its {wanted} is {_write(values.shape)} in size, where {_write(size)} is needed")
    if not bool(values.isfinite().all()):
        raise _broken(name, f"its {wanted} holds what is no number")
    return values


def _fold(length: Tensor, direction: Tensor, wanted: str, name: str) -> Tensor:
    """A weight of its direction, of any length, and the length that each of its first rows is to have."""
    if tuple(length.shape) != (direction.shape[0], *(1,) * (direction.dim() - 1)):
        raise _broken(name, f"the two halves of its {wanted} do not go together")
    return torch._weight_norm(direction, length, 0)


def _copy(values: Tensor) -> Tensor:
    """Values of our own: what a file's lie in may go."""
    return values.detach().to("cpu", torch.float32, copy=True)


def _write(size: tuple[int, ...]) -> str:
    return " × ".join(map(str, size))


def _broken(name: str, why: str) -> EngineError:
    return EngineError(f"{name} does not hold the codec that its settings describe: {why}.")
