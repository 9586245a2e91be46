"""The convolutional layers of the network, over (batch, rows, steps, channels).

Both of its halves have this shape: a spectrum has its frequencies for rows, a waveform has one row. Channels last is
what convolutions on a processor like best, and makes a plain product of every convolution of width 1. What follows a
convolution is done a few rows at a time, which stay in the processor's cache and in memory that it has already.

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
"""What the widest of the values between layers may take: a few of them fit a processor's last cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Numerics:
    """Where numbers are computed with, and how exactly."""

    device: Any
    dtype: Any

    def take(self, values: Tensor) -> Tensor:
        """Values of a model, there. What is made of them is made in full precision first."""
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
        """That of a `Conv1d`, which runs along the steps, or a `Conv2d`."""
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
    """A product along the channels: a convolution of width 1."""

    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> Linear:
        """That of a `Linear`, or of a convolution of width 1."""
        return cls(numerics.take(module.weight).flatten(1), numerics.take(module.bias))

    def __call__(self, values: Tensor) -> Tensor:
        return functional.linear(values, self.weight, self.bias)


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """Brings each row of each sound to mean 0 and variance 1, over its steps and channels, and scales the channels."""

    weight: Tensor
    bias: Tensor
    eps: float

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> Norm:
        """That of a `GroupNorm` of one group."""
        return cls(numerics.take(module.weight), numerics.take(module.bias), module.eps)

    def __call__(self, values: Tensor) -> Tensor:
        # `group_norm` would take the difference of two sums of squares here, and lose what a large mean hides.
        scaled = functional.layer_norm(values, values.shape[2:], eps=self.eps)
        return torch.addcmul(self.bias, scaled, self.weight, out=scaled)


def gate(values: Tensor) -> Tensor:
    """The first half of the channels, weighed by the sigmoid of the second; `glu`, but fast for halves of rows."""
    half = values.shape[-1] // 2
    return values[..., half:].contiguous().sigmoid_().mul_(values[..., :half])


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """One layer of a `DConv`: a narrow convolution along the steps, widened and gated, is added."""

    narrow: Convolution
    narrow_norm: Norm
    wide: Linear
    wide_norm: Norm

    @classmethod
    def of(cls, layer: Any, numerics: Numerics) -> Residual:
        """That of one layer of a `DConv`, its layer scale within the norm before the gate."""
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
    """One layer down: a convolution that makes few of many rows or steps, residuals, a gate."""

    convolution: Convolution
    residuals: tuple[Residual, ...]
    rewrite: Linear

    @classmethod
    def of(cls, layer: Any, numerics: Numerics) -> Encoder:
        """That of an `HEncLayer`."""
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
    """One layer up, with what the layer down at the same height gave: a gate, residuals, many rows or steps of few."""

    rewrite: Convolution
    residuals: tuple[Residual, ...]
    weight: Tensor
    bias: Tensor
    stride: tuple[int, int]
    trim: tuple[int, int]
    is_last: bool

    @classmethod
    def of(cls, layer: Any, numerics: Numerics, wanted: Sequence[int] | None = None) -> Decoder:
        """That of an `HDecLayer`; `wanted`: which of the channels that come out."""
        residuals = tuple(Residual.of(one, numerics) for one in layer.dconv.layers) if layer.dconv else ()
        channels = slice(None) if wanted is None else list(wanted)
        weight, stride, trim = layer.conv_tr.weight[:, channels], layer.conv_tr.stride, (layer.pad, 0)
        if weight.dim() == 3:
            weight, stride, trim = weight[:, :, None], (1, *stride), (0, layer.pad)
        weight = numerics.take(weight).contiguous(memory_format=torch.channels_last)
        bias = numerics.take(layer.conv_tr.bias[channels])
        return cls(Convolution.of(layer.rewrite, numerics), residuals, weight, bias, stride, trim, layer.last)

    def __call__(self, values: Tensor, skip: Tensor, steps: int, pool: ThreadPool) -> Tensor:
        """`steps`: how many there were before the layer down at the same height."""
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
        # A row that comes out lies under two of those that go in, except where there is one row alone.
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
    """The rows in stretches that are small enough for a processor's cache; all at once elsewhere."""
    batch, rows, steps, channels = values.shape
    together = rows
    if values.device.type == "cpu":
        together = max(1, CHUNK_BYTES // (batch * steps * 2 * channels * values.element_size()))
    for start in range(0, rows, together):
        yield slice(start, min(start + together, rows))


def reach(values: Tensor, start: int, stop: int) -> Tensor:
    """The rows from `start` to `stop`, silence where there are none."""
    rows = values.shape[1]
    above, below = max(0, -start), max(0, stop - rows)
    inner = values[:, max(0, start) : min(stop, rows)]
    return functional.pad(inner, (0, 0, 0, 0, above, below)) if above or below else inner
