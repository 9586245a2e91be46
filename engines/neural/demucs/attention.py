"""The transformer between encoder and decoder: self-attention in each half of the network, then cross-attention.

The plain equivalent is `CrossTransformerEncoder` of demucs, which uses the slow path of torch's attention for
cross-attention. Method: Rouard, Massa, Défossez, "Hybrid Transformers for Music Source Separation" (2023).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch.nn import functional

from musearoo.engines.neural.demucs.convolutions import Linear, Numerics, Tensor
from musearoo.engines.neural.demucs.thread_pool import ThreadPool

TOKENS: Final = 168
"""Tokens that a thread computes at once: a segment's halves have 16 and 8 such parts."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenNorm:
    """Layer norm: normalises each token to mean 0 and variance 1, and scales the channels."""

    weight: Tensor
    bias: Tensor
    eps: float

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> TokenNorm:
        """Convert a `LayerNorm`."""
        return cls(numerics.take(module.weight), numerics.take(module.bias), module.eps)

    def __call__(self, tokens: Tensor) -> Tensor:
        return functional.layer_norm(tokens, self.weight.shape, self.weight, self.bias, self.eps)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One transformer layer: attention and feed-forward, both with skip connections.

    `keys_norm` is set for cross-attention to the other half.
    """

    heads: int
    norm: TokenNorm
    keys_norm: TokenNorm | None
    queries: Linear
    keys_values: Linear
    joined: Linear
    wide_norm: TokenNorm
    wide: Linear
    narrow: Linear
    out_weight: Tensor
    out_bias: Tensor
    out_eps: float

    @classmethod
    def of(cls, layer: Any, numerics: Numerics) -> Layer:
        """Convert a `MyTransformerEncoderLayer` or `CrossTransformerEncoderLayer`, folding in its layer scales."""
        is_cross = hasattr(layer, "cross_attn")
        attention = layer.cross_attn if is_cross else layer.self_attn
        width = attention.embed_dim
        weight, bias = numerics.take(attention.in_proj_weight), numerics.take(attention.in_proj_bias)
        return cls(
            heads=attention.num_heads,
            norm=TokenNorm.of(layer.norm1, numerics),
            keys_norm=TokenNorm.of(layer.norm2, numerics) if is_cross else None,
            queries=Linear(weight[:width], bias[:width]),
            keys_values=Linear(weight[width:], bias[width:]),
            joined=_scaled(attention.out_proj, layer.gamma_1, numerics),
            wide_norm=TokenNorm.of(layer.norm3 if is_cross else layer.norm2, numerics),
            wide=Linear.of(layer.linear1, numerics),
            narrow=_scaled(layer.linear2, layer.gamma_2, numerics),
            out_weight=numerics.take(layer.norm_out.weight),
            out_bias=numerics.take(layer.norm_out.bias),
            out_eps=layer.norm_out.eps,
        )

    def __call__(self, tokens: Tensor, other: Tensor, pool: ThreadPool) -> Tensor:
        """Return one half's tokens, (batch, tokens, channels), after attention to itself or to `other`."""
        width = tokens.shape[2]
        source, norm = (tokens, self.norm) if self.keys_norm is None else (other, self.keys_norm)
        known = source.new_empty(*source.shape[:2], 2 * width)
        result = torch.empty_like(tokens)

        def project(part: slice) -> None:
            known[:, part] = self.keys_values(norm(source[:, part]))

        def attend(part: slice) -> None:
            queries = self._by_head(self.queries(self.norm(tokens[:, part])))
            found = functional.scaled_dot_product_attention(queries, keys, values)
            own = tokens[:, part] + self.joined(found.transpose(1, 2).flatten(2))
            result[:, part] = own + self.narrow(functional.gelu(self.wide(self.wide_norm(own))))

        pool.share(project, parts(source))
        keys, values = (self._by_head(part) for part in known.chunk(2, dim=-1))
        pool.share(attend, parts(tokens))
        scaled = functional.layer_norm(result, result.shape[1:], eps=self.out_eps)
        return torch.addcmul(self.out_bias, scaled, self.out_weight, out=scaled)

    def _by_head(self, values: Tensor) -> Tensor:
        return values.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def parts(tokens: Tensor) -> Iterator[slice]:
    """Yield slices of tokens for the threads of a pool; a single one on a GPU."""
    together = TOKENS if tokens.device.type == "cpu" else tokens.shape[1]
    for start in range(0, tokens.shape[1], together):
        yield slice(start, start + together)


@dataclass(frozen=True, slots=True, eq=False)
class Transformer:
    """The layers of both halves. `max_period`: longest period of the positional encoding, in steps per radian."""

    norm: TokenNorm
    norm_t: TokenNorm
    layers: tuple[Layer, ...]
    layers_t: tuple[Layer, ...]
    max_period: float
    weight: float

    @classmethod
    def of(cls, module: Any, numerics: Numerics) -> Transformer:
        """Convert a `CrossTransformerEncoder`."""
        return cls(
            TokenNorm.of(module.norm_in, numerics),
            TokenNorm.of(module.norm_in_t, numerics),
            tuple(Layer.of(layer, numerics) for layer in module.layers),
            tuple(Layer.of(layer, numerics) for layer in module.layers_t),
            module.max_period,
            module.weight_pos_embed,
        )

    def __call__(self, spectrum: Tensor, wave: Tensor, pool: ThreadPool) -> tuple[Tensor, Tensor]:
        """Transform both halves, (batch, rows, steps, channels) each, keeping their shapes."""
        _, rows, steps, channels = spectrum.shape
        tokens, tokens_t = self.norm(spectrum.flatten(1, 2)), self.norm_t(wave.flatten(1, 2))
        tokens += (self.weight * encode_rows_and_steps(rows, steps, channels, self.max_period)).to(tokens)
        tokens_t += (self.weight * encode_steps(wave.shape[2], channels, self.max_period)).to(tokens)
        for layer, layer_t in zip(self.layers, self.layers_t, strict=True):
            tokens, tokens_t = layer(tokens, tokens_t, pool), layer_t(tokens_t, tokens, pool)
        return tokens.unflatten(1, (rows, steps)), tokens_t.unsqueeze(1)


def encode_steps(steps: int, channels: int, max_period: float) -> Tensor:
    """Return the positional encoding of steps, (steps, channels): cosines, then sines."""
    half = channels // 2
    phase = torch.arange(steps)[:, None] / max_period ** (torch.arange(half) / (half - 1))
    return torch.cat([torch.cos(phase), torch.sin(phase)], dim=1)


def encode_rows_and_steps(rows: int, steps: int, channels: int, max_period: float) -> Tensor:
    """Return the positional encoding, (rows * steps, channels): half steps, half rows, alternating sine and cosine."""
    half = channels // 2
    speeds = max_period ** -(torch.arange(0.0, half, 2) / half)

    def wave(places: int) -> Tensor:
        phase = torch.arange(places)[:, None] * speeds
        return torch.stack([torch.sin(phase), torch.cos(phase)], dim=2).flatten(1)

    of_steps = wave(steps)[None].expand(rows, steps, half)
    of_rows = wave(rows)[:, None].expand(rows, steps, half)
    return torch.cat([of_steps, of_rows], dim=2).flatten(0, 1)


def _scaled(module: Any, scale: Any, numerics: Numerics) -> Linear:
    """Fold a layer scale, if there is one, into the linear layer before it."""
    if not hasattr(scale, "scale"):
        return Linear.of(module, numerics)
    factors = scale.scale.float()
    return Linear(numerics.take(factors[:, None] * module.weight), numerics.take(factors * module.bias))
