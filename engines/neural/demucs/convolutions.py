"""The convolutional layers of Demucs, over (batch, rows, steps, channels).

Both halves use this shape: a spectrum has one row per frequency, a waveform has one row. With channels last, CPU
convolutions are fastest and a convolution of width 1 is a matrix product. Everything after a convolution is computed a
few rows at a time, which stay in the CPU cache and in memory that is already allocated.

The plain equivalents are `HEncLayer`, `HDecLayer` and `DConv` of demucs. Method: Défossez, "Hybrid Spectrogram and
Waveform Source Separation" (2021); Rouard, Massa, Défossez, "Hybrid Transformers for Music Source Separation" (2023).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch.nn import functional

from musearoo.engines.neural.demucs.thread_pool import ThreadPool

Tensor = Any
"""torch.Tensor; its library comes without types."""

CHUNK_BYTES: Final = 2_000_000
"""Largest intermediate tensor of a chunk; a few of them fit a CPU's last-level cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Numerics:
    """Device and number type of the computation."""

    device: Any
    dtype: Any

    def take(self, values: Tensor) -> Tensor:
        """Move a model's values to the device and type. Derive values in full precision before this."""
        return values.detach().to(self.device, self.dtype)


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution over rows and steps."""

    weight: Tensor
    bias: Tensor
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> Convolution:
        """Convert a `Conv1d`, which runs along the steps, or a `Conv2d`."""
        weight, stride, padding, dilation = module.weight, module.stride, module.padding, module.dilation
        if weight.dim() == 3:
            weight, stride, padding, dilation = weight[:, :, None], (1, *stride), (0, *padding), (1, *dilation)
        weight = numerics.take(weight).contiguous(memory_format=torch.channels_last)
        return cls(weight, numerics.take(module.bias), stride, padding, dilation)

    def __call__(self, values: Tensor, padding: tuple[int, int] | None = None) -> Tensor:
        shape = self.padding if padding is None else padding
        result = functional.conv2d(
            values.permute(0, 3, 1, 2), self.weight, self.bias, self.stride, shape, self.dilation
        )
        return result.permute(0, 2, 3, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A linear map over the channels: a convolution of width 1."""

    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> Linear:
        """Convert a `Linear`, or a convolution of width 1."""
        return cls(numerics.take(module.weight).flatten(1), numerics.take(module.bias))

    def __call__(self, values: Tensor) -> Tensor:
        return functional.linear(values, self.weight, self.bias)


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """Normalise each row of each sound to mean 0 and variance 1 over steps and channels, and scale the channels."""

    weight: Tensor
    bias: Tensor
    eps: float

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> Norm:
        """Convert a `GroupNorm` of one group."""
        return cls(numerics.take(module.weight), numerics.take(module.bias), module.eps)

    def __call__(self, values: Tensor) -> Tensor:
        # `group_norm` subtracts two sums of squares here, which loses precision when the mean is large.
        scaled = functional.layer_norm(values, values.shape[2:], eps=self.eps)
        return torch.addcmul(self.bias, scaled, self.weight, out=scaled)


def gate(values: Tensor) -> Tensor:
    """Multiply the first half of the channels by the sigmoid of the second: `glu`, but fast with channels last."""
    half = values.shape[-1] // 2
    return values[..., half:].contiguous().sigmoid_().mul_(values[..., :half])


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """One layer of a `DConv`: a narrow convolution along the steps, widened, gated and added to its input."""

    narrow: Convolution
    narrow_norm: Norm
    wide: Linear
    wide_norm: Norm

    @classmethod
    def of(cls, layer: Any, numerics: Numerics) -> Residual:
        """Convert one layer of a `DConv`, folding its layer scale into the norm before the gate."""
        narrow, narrow_norm, _gelu, wide, wide_norm, _glu, scale = layer
        scales = torch.cat([scale.scale.float(), torch.ones(scale.scale.numel())])
        weight, bias = numerics.take(wide_norm.weight * scales), numerics.take(wide_norm.bias * scales)
        return cls(
            Convolution.of(narrow, numerics),
            Norm.of(narrow_norm, numerics),
            Linear.of(wide, numerics),
            Norm(weight, bias, wide_norm.eps),
        )

    def __call__(self, values: Tensor) -> Tensor:
        inner = functional.gelu(self.narrow_norm(self.narrow(values, self.narrow.padding)))
        return gate(self.wide_norm(self.wide(inner))).add_(values)


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """One encoder layer: a strided convolution over rows or steps, residuals, a gate."""

    convolution: Convolution
    residuals: tuple[Residual, ...]
    rewrite: Linear

    @classmethod
    def of(cls, layer: Any, numerics: Numerics) -> Encoder:
        """Convert an `HEncLayer`."""
        residuals = tuple(Residual.of(one, numerics) for one in layer.dconv.layers) if layer.dconv else ()
        return cls(Convolution.of(layer.conv, numerics), residuals, Linear.of(layer.rewrite, numerics))

    def __call__(self, values: Tensor, pool: ThreadPool) -> Tensor:
        (stride, stride_steps), (margin, margin_steps) = self.convolution.stride, self.convolution.padding
        channels, _, kernel, _ = self.convolution.weight.shape
        values = functional.pad(values, (0, 0, 0, -values.shape[2] % stride_steps))
        batch, rows, steps, _ = values.shape
        result = values.new_empty(batch, rows // stride, steps // stride_steps, channels)

        def work(rows: slice) -> None:
            part = reach(values, rows.start * stride - margin, (rows.stop - 1) * stride + kernel - margin)
            part = functional.gelu(self.convolution(part, (0, margin_steps)))
            for residual in self.residuals:
                part = residual(part)
            result[:, rows] = gate(self.rewrite(part))

        pool.share(work, chunks(result))
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Decoder:
    """One decoder layer with its skip connection: a gate, residuals, a transposed convolution."""

    rewrite: Convolution
    residuals: tuple[Residual, ...]
    weight: Tensor
    bias: Tensor
    stride: tuple[int, int]
    trim: tuple[int, int]
    is_last: bool

    @classmethod
    def of(cls, layer: Any, numerics: Numerics, wanted: Sequence[int] | None = None) -> Decoder:
        """Convert an `HDecLayer`; `wanted`: which of its output channels to keep."""
        residuals = tuple(Residual.of(one, numerics) for one in layer.dconv.layers) if layer.dconv else ()
        channels = slice(None) if wanted is None else list(wanted)
        weight, stride, trim = layer.conv_tr.weight[:, channels], layer.conv_tr.stride, (layer.pad, 0)
        if weight.dim() == 3:
            weight, stride, trim = weight[:, :, None], (1, *stride), (0, layer.pad)
        weight = numerics.take(weight).contiguous(memory_format=torch.channels_last)
        bias = numerics.take(layer.conv_tr.bias[channels])
        return cls(Convolution.of(layer.rewrite, numerics), residuals, weight, bias, stride, trim, layer.last)

    def __call__(self, values: Tensor, skip: Tensor, steps: int, pool: ThreadPool) -> Tensor:
        """`steps`: the number of steps at the input of the encoder layer of the same level."""
        halo, margin = self.rewrite.padding
        batch, rows, _, _ = values.shape
        gated = torch.empty_like(values)

        def gather(rows: slice) -> None:
            around = rows.start - halo, rows.stop + halo
            part = gate(self.rewrite(reach(values, *around) + reach(skip, *around), (0, margin)))
            for residual in self.residuals:
                part = residual(part)
            gated[:, rows] = part

        pool.share(gather, chunks(gated))
        stride, trim = self.stride[0], self.trim[0]
        # An output row overlaps two input rows, except if there is only one row.
        beside = 1 if stride > 1 else 0
        result = values.new_empty(batch, rows * stride, steps, self.weight.shape[1])

        def spread(rows: slice) -> None:
            part = reach(gated, rows.start - beside, rows.stop + beside).permute(0, 3, 1, 2)
            cut = (trim + beside * stride, self.trim[1])
            part = functional.conv_transpose2d(part, self.weight, self.bias, self.stride, cut)
            part = part.permute(0, 2, 3, 1)[:, :, :steps]
            result[:, rows.start * stride : rows.stop * stride] = part if self.is_last else functional.gelu(part)

        pool.share(spread, chunks(gated))
        return result


def chunks(values: Tensor) -> Iterator[slice]:
    """Yield slices of rows small enough for a CPU's cache; a single one on a GPU."""
    batch, rows, steps, channels = values.shape
    together = rows
    if values.device.type == "cpu":
        together = max(1, CHUNK_BYTES // (batch * steps * 2 * channels * values.element_size()))
    for start in range(0, rows, together):
        yield slice(start, min(start + together, rows))


def reach(values: Tensor, start: int, stop: int) -> Tensor:
    """Return rows `start` to `stop`, padded with zeros beyond the ends."""
    rows = values.shape[1]
    above, below = max(0, -start), max(0, stop - rows)
    inner = values[:, max(0, start) : min(stop, rows)]
    return functional.pad(inner, (0, 0, 0, 0, above, below)) if above or below else inner
