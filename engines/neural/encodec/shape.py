"""The architecture of a codec: its sizes, and from them its layers in the order of the weight files.

Imports nothing heavy. Method: Défossez, Copet, Synnaeve, Adi, "High Fidelity Neural Audio Compression" (2022).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["convolution", "residual", "recurrence", "upsampling"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the encoder or the decoder.

    `name`: prefix of its tensors, as in `encoder.3`. `inner`: channels within a residual block. `activated`: whether
    an ELU precedes the layer; a residual block has its own.
    """

    name: str
    kind: Kind
    inputs: int
    outputs: int
    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    inner: int = 0
    activated: bool = False

    @property
    def reach(self) -> int:
        """Receptive field in steps."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def before(self) -> int:
        """Input steps before the first; for upsampling, output steps trimmed at the start."""
        return self.reach - self.stride - self.after

    @property
    def after(self) -> int:
        """The same at the end."""
        return (self.reach - self.stride) // 2


@dataclass(frozen=True, slots=True)
class CodecShape:
    """All sizes of a mono, non-causal codec."""

    rate: int
    """Hz."""
    ratios: tuple[int, ...]
    """Upsampling factor of each level of the decoder."""
    filters: int
    """Channels at audio rate; each deeper level has twice as many."""
    dimension: int
    """Size of a frame's vector."""
    codebooks: int
    cardinality: int
    """Entries per codebook."""
    residuals: int
    """Residual blocks per level."""
    dilation_growth: int
    """Factor by which dilation grows from one residual block to the next."""
    compress: int
    """Factor by which a residual block reduces its channels."""
    recurrent_layers: int
    kernel: int
    last_kernel: int
    residual_kernel: int
    mirrors: bool
    """Whether convolutions pad by reflection; otherwise with silence."""
    has_shortcut: bool
    """Whether a residual block's skip connection has a convolution."""

    @property
    def hop(self) -> int:
        """Samples per frame."""
        return math.prod(self.ratios)

    def encoder(self) -> tuple[Layer, ...]:
        """Return the layers from audio to frames."""
        return tuple(self._encode())

    def decoder(self) -> tuple[Layer, ...]:
        """Return the layers from frames to audio."""
        return tuple(self._decode())

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the size of each tensor, by its name in `engines.neural.encodec.weights`."""
        layers = (*self.encoder(), *self.decoder())
        tensors = {name: size for layer in layers for name, size in self._tensors(layer)}
        return tensors | {f"codebooks.{number}": (self.cardinality, self.dimension) for number in range(self.codebooks)}

    # Each activation counts as a layer in the files.
    def _encode(self) -> Iterator[Layer]:
        yield Layer("encoder.0", "convolution", 1, self.filters, self.kernel)
        place, width = 1, self.filters
        for ratio in reversed(self.ratios):
            for depth in range(self.residuals):
                yield self._residual(f"encoder.{place}", width, depth)
                place += 1
            yield Layer(f"encoder.{place + 1}", "convolution", width, 2 * width, 2 * ratio, ratio, activated=True)
            place, width = place + 2, 2 * width
        if self.recurrent_layers:
            yield Layer(f"encoder.{place}", "recurrence", width, width)
            place += 1
        yield Layer(f"encoder.{place + 1}", "convolution", width, self.dimension, self.last_kernel, activated=True)

    def _decode(self) -> Iterator[Layer]:
        place, width = 1, self.filters << len(self.ratios)
        yield Layer("decoder.0", "convolution", self.dimension, width, self.kernel)
        if self.recurrent_layers:
            yield Layer(f"decoder.{place}", "recurrence", width, width)
            place += 1
        for ratio in self.ratios:
            yield Layer(f"decoder.{place + 1}", "upsampling", width, width // 2, 2 * ratio, ratio, activated=True)
            place, width = place + 2, width // 2
            for depth in range(self.residuals):
                yield self._residual(f"decoder.{place}", width, depth)
                place += 1
        yield Layer(f"decoder.{place + 1}", "convolution", width, 1, self.last_kernel, activated=True)

    def _residual(self, name: str, width: int, depth: int) -> Layer:
        dilation, inner = self.dilation_growth**depth, width // self.compress
        return Layer(name, "residual", width, width, self.residual_kernel, dilation=dilation, inner=inner)

    def _tensors(self, layer: Layer) -> Iterator[tuple[str, tuple[int, ...]]]:
        if layer.kind == "residual":
            yield from _convolution(f"{layer.name}.block.1", layer.inputs, layer.inner, layer.kernel)
            yield from _convolution(f"{layer.name}.block.3", layer.inner, layer.outputs, 1)
            if self.has_shortcut:
                yield from _convolution(f"{layer.name}.shortcut", layer.inputs, layer.outputs, 1)
        elif layer.kind == "recurrence":
            for number in range(self.recurrent_layers):
                for side in ("ih", "hh"):
                    yield f"{layer.name}.lstm.weight_{side}_l{number}", (4 * layer.outputs, layer.inputs)
                    yield f"{layer.name}.lstm.bias_{side}_l{number}", (4 * layer.outputs,)
        elif layer.kind == "upsampling":
            yield f"{layer.name}.weight", (layer.inputs, layer.outputs, layer.kernel)
            yield f"{layer.name}.bias", (layer.outputs,)
        else:
            yield from _convolution(layer.name, layer.inputs, layer.outputs, layer.kernel)


def _convolution(name: str, inputs: int, outputs: int, kernel: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield f"{name}.weight", (outputs, inputs, kernel)
    yield f"{name}.bias", (outputs,)
