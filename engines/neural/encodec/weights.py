"""Rename a codec's tensors from audiocraft's or transformers' names to ours.

A name consists of the codec's half, the layer's index and the tensor: `decoder.3.weight`. Weights that were saved as
direction and length (weight norm: Salimans and Kingma, 2016) are merged into one tensor.
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
"""The libraries' wrapper modules around a convolution; the index already identifies the layer."""

LENGTH, DIRECTION = "weight_g", "weight_v"
OTHER_NORM: Final = {"parametrizations.weight.original0": LENGTH, "parametrizations.weight.original1": DIRECTION}
"""Names of the two parts of a weight-normed tensor in newer versions of torch."""


def gather_weights(state: Mapping[str, Tensor], shape: CodecShape, name: str) -> dict[str, Tensor]:
    """Return the tensors of `shape.sizes()`, float32, on the CPU; `state` may have more.

    `name`: the source, for errors. Raises EngineError if a tensor is missing, has another size, or is not finite.
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
        raise _broken(name, f"its {wanted} has values that are not finite")
    return values


def _fold(length: Tensor, direction: Tensor, wanted: str, name: str) -> Tensor:
    """Merge direction and length (one per row) into a weight."""
    if tuple(length.shape) != (direction.shape[0], *(1,) * (direction.dim() - 1)):
        raise _broken(name, f"the two halves of its {wanted} do not go together")
    return torch._weight_norm(direction, length, 0)


def _copy(values: Tensor) -> Tensor:
    """Return a copy, so that the file's memory can be freed."""
    return values.detach().to("cpu", torch.float32, copy=True)


def _write(size: tuple[int, ...]) -> str:
    return " × ".join(map(str, size))


def _broken(name: str, why: str) -> EngineError:
    return EngineError(f"{name} does not hold the codec that its settings describe: {why}.")
