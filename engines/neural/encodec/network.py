"""The encoder and decoder of a codec as functions: audio to frame vectors, and back.

The plain equivalent is `audiocraft.models.encodec.EncodecModel`. A batch consists of the channels of one sound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from musearoo.engines.neural.encodec.layers import (
    Convolution,
    Ends,
    Recurrence,
    Residual,
    State,
    Tensor,
    Upsampling,
    Weights,
)
from musearoo.engines.neural.encodec.shape import CodecShape, Layer


@dataclass(frozen=True, slots=True)
class Margin:
    """How many frames before and after a frame its output depends on."""

    before: int
    after: int


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Layers in sequence, each with a receptive field of a few steps and no state."""

    layers: tuple[Convolution | Residual | Upsampling, ...]
    margin: Margin

    @classmethod
    def of(cls, layers: Sequence[Layer], weights: Weights, ends: Ends, read: int, given: int) -> Chain:
        """Build a chain; `read` and `given` are its input and output steps per frame."""
        built = tuple(_build(layer, weights, ends) for layer in layers)
        start, stop = 0, given
        for layer in reversed(built):
            start, stop = layer.find_sources(start, stop)
        return cls(built, Margin(before=-(start // read), after=math.ceil(stop / read) - 1))

    def __call__(self, values: Tensor) -> Tensor:
        """Return the last layer's output for (batch, steps, channels), padding as if this were the whole input."""
        for layer in self.layers:
            values = layer(values)
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """The encoder or the decoder: a chain, an optional recurrent layer, and another chain."""

    before: Chain
    recurrence: Recurrence | None
    after: Chain

    @classmethod
    def encoder(cls, shape: CodecShape, weights: Weights) -> Half:
        """Return the encoder, from (batch, samples, 1) to (batch, frames, dimension)."""
        layers, ends = shape.encoder(), Ends(shape.mirrors)
        before, after = layers[: -1 - _recurrences(layers)], layers[-1:]
        return cls(
            Chain.of(before, weights, ends, read=shape.hop, given=1),
            _build_recurrence(layers, weights),
            Chain.of(after, weights, ends, read=1, given=1),
        )

    @classmethod
    def decoder(cls, shape: CodecShape, weights: Weights) -> Half:
        """Return the decoder, from (batch, frames, dimension) to (batch, samples, 1)."""
        layers, ends = shape.decoder(), Ends(shape.mirrors)
        before, after = layers[:1], layers[1 + _recurrences(layers) :]
        return cls(
            Chain.of(before, weights, ends, read=1, given=1),
            _build_recurrence(layers, weights),
            Chain.of(after, weights, ends, read=1, given=shape.hop),
        )

    def recur(self, values: Tensor, state: State | None) -> tuple[Tensor, State | None]:
        """Apply the recurrent layer to the next frames, continuing from `state`; returns the new state."""
        return self.recurrence(values, state) if self.recurrence else (values, None)


def _recurrences(layers: Sequence[Layer]) -> int:
    return sum(layer.kind == "recurrence" for layer in layers)


def _build_recurrence(layers: Sequence[Layer], weights: Weights) -> Recurrence | None:
    return next((Recurrence.of(layer, weights) for layer in layers if layer.kind == "recurrence"), None)


def _build(layer: Layer, weights: Weights, ends: Ends) -> Convolution | Residual | Upsampling:
    if layer.kind == "residual":
        return Residual.of(layer, weights, ends)
    if layer.kind == "upsampling":
        return Upsampling.of(layer, weights)
    return Convolution.of(layer, weights, ends)
