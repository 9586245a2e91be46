"""MusicGen's transformer as two functions: one step with a key-value cache, and many steps at once.

The plain equivalent is `LMModel` of audiocraft with its `StreamingTransformer`, which copies keys and values at every
step and recomputes those of the conditions. Method: J. Copet et al., "Simple and Controllable Music Generation" (2023).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import torch
from torch.nn import functional

from musearoo.engines.neural.musicgen.decoding.linear import Linear, Numerics, make_linear
from musearoo.engines.neural.musicgen.decoding.memory import Memory, Pair
from musearoo.engines.neural.musicgen.decoding.shape import LAYER, LanguageShape, Tensor

EPSILON: Final = 1e-5
"""Added to a variance before taking its root."""


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """Layer normalisation."""

    weight: Tensor
    bias: Tensor

    def __call__(self, stream: Tensor, kind: object) -> Tensor:
        """Normalise the stream, and convert it to that type."""
        return functional.layer_norm(stream, self.weight.shape, self.weight, self.bias, EPSILON).to(kind)


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """Cross-attention to the conditions."""

    norm: Norm
    queries: Linear
    keys_and_values: Linear
    out: Linear


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A transformer layer: self-attention, cross-attention, feed-forward."""

    norm: Norm
    into: Linear
    """Queries, keys and values."""
    out: Linear
    crossing: Crossing | None
    last_norm: Norm
    up: Linear
    down: Linear


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The transformer."""

    shape: LanguageShape
    numerics: Numerics
    codes: Tensor
    """Embeddings of all codebooks, stacked: (codebooks * (cardinality + 1), dim)."""
    starts: Tensor
    """The row of each codebook's first code: int64 (codebooks,)."""
    layers: tuple[Layer, ...]
    norm: Norm
    heads: Linear
    """For all codebooks at once, in full precision: guidance triples their rounding errors."""

    @classmethod
    def of(cls, weights: Mapping[str, Tensor], shape: LanguageShape, numerics: Numerics) -> Network:
        """Convert weights under audiocraft's names, of that shape."""

        def linear(name: str, first: int = 0, last: int | None = None) -> Linear:
            bias = weights.get(name + "bias")
            rows = slice(first, last)
            return make_linear(weights[name + "weight"][rows], None if bias is None else bias[rows], numerics)

        def norm(name: str) -> Norm:
            return Norm(*(numerics.take(weights[f"{name}.{part}"], numerics.stream) for part in ("weight", "bias")))

        def layer(prefix: str) -> Layer:
            crossing = None
            if shape.crosses:
                across = prefix + "cross_attention."
                crossing = Crossing(
                    norm=norm(prefix + "norm_cross"),
                    queries=linear(across + "in_proj_", 0, shape.dim),
                    keys_and_values=linear(across + "in_proj_", shape.dim),
                    out=linear(across + "out_proj."),
                )
            return Layer(
                norm=norm(prefix + "norm1"),
                into=linear(prefix + "self_attn.in_proj_"),
                out=linear(prefix + "self_attn.out_proj."),
                crossing=crossing,
                last_norm=norm(prefix + "norm2"),
                up=linear(prefix + "linear1."),
                down=linear(prefix + "linear2."),
            )

        books = range(shape.codebooks)
        biases = [weights[name] for book in books if (name := f"linears.{book}.bias") in weights]
        return cls(
            shape=shape,
            numerics=numerics,
            codes=numerics.take(torch.cat([weights[f"emb.{book}.weight"] for book in books]), numerics.stream),
            starts=torch.arange(shape.codebooks, device=numerics.device) * (shape.cardinality + 1),
            layers=tuple(layer(LAYER.format(index)) for index in range(shape.layers)),
            norm=norm("out_norm"),
            heads=make_linear(
                torch.cat([weights[f"linears.{book}.weight"] for book in books]),
                torch.cat(biases) if biases else None,
                numerics,
                torch.float32,
            ),
        )

    def embed(self, sequence: Tensor) -> Tensor:
        """Sum the embeddings of each step's codes: (codebooks, n) -> (n, dim)."""
        rows = (sequence + self.starts[:, None]).flatten()
        return self.codes.index_select(0, rows).view(*sequence.shape, self.shape.dim).sum(0)

    def cross(self, condition: Tensor) -> list[Tensor]:
        """Return the keys and values (rows, 2, heads, n, head) of a condition (rows, n, dim), for each layer."""
        rows, count, dim = condition.shape
        flat = condition.to(self.numerics.device, self.numerics.weights).reshape(rows * count, dim)
        return [
            self._split(layer.crossing.keys_and_values(flat), rows, 2)
            for layer in self.layers
            if layer.crossing is not None
        ]

    def step(self, stream: Tensor, position: Tensor, length: int, memory: Memory) -> Tensor:
        """Compute one step, store it in memory, and return its logits, float32 (rows, codebooks, cardinality).

        `stream` is (rows, dim) and is overwritten; `position`, int64 (1,), is the step's index: below `length`, which
        `memory.choose_length` returned.
        """
        rows, kind = stream.shape[0], self.numerics.weights
        mask, pasts = memory.mask_after(position, length), memory.reach(length)
        for index, layer in enumerate(self.layers):
            split = self._split(layer.into(layer.norm(stream, kind)), rows, 3)
            memory.kept[index].index_copy_(3, position, split[:, 1:])
            layer.out.add_to(stream, self._attend(split[:, 0], pasts[index], mask))
            self._finish(index, stream, rows, memory)
        return self.heads(self.norm(stream, torch.float32)).view(rows, self.shape.codebooks, -1)

    def fill(self, values: Tensor, memory: Memory, tick: Callable[[], None]) -> None:
        """Store the first steps (rows, n, dim) in memory, all at once; `values` is overwritten.

        Calls `tick` before each layer. The plain equivalent is `step` for each of the steps.
        """
        rows, count, dim = values.shape
        stream, kind = values.reshape(rows * count, dim), self.numerics.weights
        for index, layer in enumerate(self.layers):
            tick()
            split = self._split(layer.into(layer.norm(stream, kind)), rows, 3)
            memory.kept[index][:, :, :, :count] = split[:, 1:]
            if index + 1 == len(self.layers):
                return
            layer.out.add_to(stream, self._attend(split[:, 0], Pair(split[:, 1], split[:, 2]), None, count > 1))
            self._finish(index, stream, rows, memory)

    def _finish(self, index: int, stream: Tensor, rows: int, memory: Memory) -> None:
        """Run the part of a layer after self-attention."""
        layer, kind = self.layers[index], self.numerics.weights
        if layer.crossing is not None:
            queries = self._split(layer.crossing.queries(layer.crossing.norm(stream, kind)), rows, 1)[:, 0]
            layer.crossing.out.add_to(stream, self._attend(queries, memory.crossed[index], memory.crossed_mask))
        layer.down.add_to(stream, functional.gelu(layer.up(layer.last_norm(stream, kind))))

    def _split(self, product: Tensor, rows: int, parts: int) -> Tensor:
        """Split queries, keys and values: (rows * n, parts * dim) -> (rows, parts, heads, n, head)."""
        split = product.view(rows, -1, parts, self.shape.heads, self.shape.head)
        return split.permute(0, 2, 3, 1, 4).to(self.numerics.attention)

    def _attend(self, queries: Tensor, pair: Pair, mask: Tensor | None, causal: bool = False) -> Tensor:
        """Attend to keys and values, (rows, heads, n, head) -> (rows * n, dim), in the weights' type."""
        found = functional.scaled_dot_product_attention(queries, pair.keys, pair.values, mask, is_causal=causal)
        return found.transpose(1, 2).reshape(-1, self.shape.dim).to(self.numerics.weights)
