"""The layers of a codec, over (batch, steps, channels): the layout in which CPU convolutions are fastest.

The plain equivalents are `audiocraft.modules.seanet` and `conv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch.nn import functional

from musearoo.engines.neural.encodec.shape import Layer

Tensor = Any
"""torch.Tensor; its library comes without types."""

Weights = Mapping[str, Tensor]

State = tuple[Tensor, Tensor]
"""The state of a recurrent layer: hidden and cell, each (layers, batch, channels)."""

LARGE: Final = 2_000_000
"""Layers with more weights than this are computed as one matrix product: with few steps a convolution library
spends more time on reordering that many weights, at each call, than on the computation."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Padding of a convolution: reflection or silence."""

    mirrors: bool

    def pad(self, values: Tensor, before: int, after: int) -> Tensor:
        """Return a padded copy; audio too short to reflect is extended with silence first."""
        steps = values.shape[1]
        if not self.mirrors:
            return functional.pad(values, (0, 0, before, after))
        short = max(0, max(before, after) + 1 - steps)
        whole = functional.pad(values, (0, 0, 0, short)) if short else values
        ahead, behind = whole[:, 1 : before + 1].flip(1), whole[:, whole.shape[1] - 1 - after : -1].flip(1)
        padded = torch.cat((ahead, whole, behind), dim=1)
        return padded[:, : before + steps + after]


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution over the steps."""

    layer: Layer
    weight: Tensor
    """(outputs, inputs, 1, kernel), or for a matrix product (outputs, inputs * kernel)."""
    bias: Tensor
    ends: Ends

    @classmethod
    def of(cls, layer: Layer, weights: Weights, ends: Ends) -> Convolution:
        """Build a layer from the tensors of its name."""
        weight, bias = weights[f"{layer.name}.weight"], weights[f"{layer.name}.bias"]
        if weight.numel() > LARGE:
            return cls(layer, weight.flatten(1), bias, ends)
        return cls(layer, weight[:, :, None].contiguous(memory_format=torch.channels_last), bias, ends)

    def __call__(self, values: Tensor) -> Tensor:
        """Return (batch, steps / stride, outputs), padding the end to a whole number of strides."""
        layer = self.layer
        lacking = -values.shape[1] % layer.stride
        values = self.ends.pad(values, layer.before, layer.after + lacking)
        if layer.activated:
            values = functional.elu_(values)
        if self.weight.dim() == 2:
            read = values.unfold(1, layer.reach, layer.stride)[..., :: layer.dilation]
            return functional.linear(read.flatten(2), self.weight, self.bias)
        image = values.unsqueeze(1).permute(0, 3, 1, 2)
        result = functional.conv2d(image, self.weight, self.bias, (1, layer.stride), 0, (1, layer.dilation))
        return result.permute(0, 2, 3, 1).squeeze(1)

    def find_sources(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of input steps that output steps `start` to `stop` depend on."""
        layer = self.layer
        first = start * layer.stride - layer.before
        return first, first + (stop - 1 - start) * layer.stride + layer.reach


@dataclass(frozen=True, slots=True, eq=False)
class Upsampling:
    """A transposed convolution with a kernel of two strides: each input step affects two strides."""

    layer: Layer
    weight: Tensor
    """(inputs, outputs, 1, kernel), or for a matrix product (stride * outputs, inputs * 2), which computes the steps
    of one stride from the two input steps that affect it."""
    bias: Tensor
    """(outputs), or for a matrix product (stride * outputs)."""

    @classmethod
    def of(cls, layer: Layer, weights: Weights) -> Upsampling:
        """Build a layer from the tensors of its name."""
        weight, bias = weights[f"{layer.name}.weight"], weights[f"{layer.name}.bias"]
        if weight.numel() > LARGE:
            begun, before = weight.unflatten(2, (2, layer.stride)).unbind(2)
            product = torch.stack((before, begun), dim=1).permute(3, 2, 0, 1).reshape(-1, 2 * layer.inputs)
            return cls(layer, product, bias.repeat(layer.stride))
        return cls(layer, weight[:, :, None].contiguous(memory_format=torch.channels_last), bias)

    def __call__(self, values: Tensor) -> Tensor:
        """Return (batch, steps * stride, outputs)."""
        layer, steps = self.layer, values.shape[1]
        # Not in place: the caller may keep the input.
        values = functional.elu(values)
        if self.weight.dim() == 2:
            pairs = functional.pad(values, (0, 0, 1, 1)).unfold(1, 2, 1).flatten(2)
            result = functional.linear(pairs, self.weight, self.bias).unflatten(2, (layer.stride, -1)).flatten(1, 2)
        else:
            image = values.unsqueeze(1).permute(0, 3, 1, 2)
            result = functional.conv_transpose2d(image, self.weight, self.bias, (1, layer.stride))
            result = result.permute(0, 2, 3, 1).squeeze(1)
        return result[:, layer.before : layer.before + steps * layer.stride]

    def find_sources(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of input steps that output steps `start` to `stop` depend on."""
        layer = self.layer
        return (start + layer.before) // layer.stride - 1, (stop - 1 + layer.before) // layer.stride + 1


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """A residual block: a narrow convolution, then one of width 1 back to all channels."""

    narrow: Convolution
    wide: Tensor
    wide_bias: Tensor
    shortcut: Tensor | None
    shortcut_bias: Tensor | None

    @classmethod
    def of(cls, layer: Layer, weights: Weights, ends: Ends) -> Residual:
        """Build a layer from the tensors with its name as prefix."""
        block, shortcut = f"{layer.name}.block", f"{layer.name}.shortcut"
        narrow = replace(layer, name=f"{block}.1", kind="convolution", outputs=layer.inner, activated=True)
        has_shortcut = f"{shortcut}.weight" in weights
        return cls(
            narrow=Convolution.of(narrow, weights, ends),
            wide=weights[f"{block}.3.weight"].flatten(1),
            wide_bias=weights[f"{block}.3.bias"],
            shortcut=weights[f"{shortcut}.weight"].flatten(1) if has_shortcut else None,
            shortcut_bias=weights[f"{shortcut}.bias"] if has_shortcut else None,
        )

    def __call__(self, values: Tensor) -> Tensor:
        """Return (batch, steps, channels)."""
        inner = functional.linear(functional.elu_(self.narrow(values)), self.wide, self.wide_bias)
        if self.shortcut is not None:
            values = functional.linear(values, self.shortcut, self.shortcut_bias)
        return inner.add_(values)

    def find_sources(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of input steps that output steps `start` to `stop` depend on."""
        return self.narrow.find_sources(start, stop)


@dataclass(frozen=True, slots=True, eq=False)
class Recurrence:
    """Unidirectional LSTM layers with a skip connection; their state is all they need of the past."""

    lstm: Any

    @classmethod
    def of(cls, layer: Layer, weights: Weights) -> Recurrence:
        """Build a layer from the tensors with its name as prefix."""
        prefix = f"{layer.name}.lstm."
        own = {name.removeprefix(prefix): values for name, values in weights.items() if name.startswith(prefix)}
        first = own["weight_hh_l0"]
        lstm = torch.nn.LSTM(
            layer.inputs, layer.outputs, len(own) // 4, batch_first=True, device=first.device, dtype=first.dtype
        )
        lstm.load_state_dict(own)
        return cls(lstm.eval().requires_grad_(False))

    def __call__(self, values: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Return (batch, steps, channels) and the new state; `state` None is the start."""
        result, state = self.lstm(values, state)
        return result.add_(values), state
