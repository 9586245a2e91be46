"""How a codec is built: its sizes, and from them the list of its layers, in the order in which the files have them.

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

    `name`: of its tensors, as in `encoder.3`. `inner`: channels within a residual block. `activated`: whether what goes
    in is bent first (ELU); a residual block bends within.
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
        """How many steps lie between the first and the last that it reads at once, both included."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def before(self) -> int:
        """How many steps ahead of the first it reads; of an upsampling, how many of the first it gives are cut off."""
        return self.reach - self.stride - self.after

    @property
    def after(self) -> int:
        """The same at the other end."""
        return (self.reach - self.stride) // 2


@dataclass(frozen=True, slots=True)
class CodecShape:
    """All sizes of a codec that is mono and not causal."""

    rate: int
    """Hz."""
    ratios: tuple[int, ...]
    """By how much each level of the decoder multiplies the steps."""
    filters: int
    """Channels of the level that has the steps of the sound; each level below has twice as many."""
    dimension: int
    """Of the vector that stands for a frame."""
    codebooks: int
    cardinality: int
    """Entries of a codebook."""
    residuals: int
    """Residual blocks of a level."""
    dilation_growth: int
    """How much wider each of them looks than the one before."""
    compress: int
    """How many times fewer channels a residual block has within."""
    recurrent_layers: int
    kernel: int
    last_kernel: int
    residual_kernel: int
    mirrors: bool
    """Whether a convolution finds the sound mirrored beyond its ends; it finds silence otherwise."""
    has_shortcut: bool
    """Whether a residual block has a convolution beside it."""

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return math.prod(self.ratios)

    def encoder(self) -> tuple[Layer, ...]:
        """From a sound to frames."""
        return tuple(self._encode())

    def decoder(self) -> tuple[Layer, ...]:
        """From frames to a sound."""
        return tuple(self._decode())

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """The size of each tensor, by the name that `engines.neural.encodec.weights` gives it."""
        layers = (*self.encoder(), *self.decoder())
        tensors = {name: size for layer in layers for name, size in self._tensors(layer)}
        return tensors | {f"codebooks.{number}": (self.cardinality, self.dimension) for number in range(self.codebooks)}

    # Each bend counts as a layer of the files.
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
