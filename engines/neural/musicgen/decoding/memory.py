"""The key-value cache of a decoder, preallocated so that steps are cheap and can be recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch

from musearoo.engines.neural.musicgen.decoding.linear import Numerics
from musearoo.engines.neural.musicgen.decoding.shape import LanguageShape, Tensor

FINE: Final = 64
"""Granularity in steps of the attention length on a CPU: at most this many are computed in vain."""

COARSE: Final = 128
"""Shortest attention length on a GPU; each next one doubles, since each is recorded separately."""

SHARED: Final = 256
"""Granularity in steps of the longest length on a GPU, so that requests of similar length share recordings."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Keys and values, each (rows, heads, n, head)."""

    keys: Tensor
    values: Tensor


class Memory:
    """A cache for `rows` sequences of up to `capacity` steps, and cross-attention conditions of up to `crossed` steps.

    Call `begin` before use.
    """

    def __init__(self, shape: LanguageShape, numerics: Numerics, rows: int, capacity: int, crossed: int) -> None:
        self.rows = rows
        self._lengths = list_lengths(capacity, numerics.device.type)
        self.capacity = self._lengths[-1]
        self.crossing = crossed if numerics.device.type == "cpu" else -(-crossed // FINE) * FINE

        def make(layers: int, steps: int) -> Tensor:
            # One allocation for all layers, which is freed as a whole.
            sizes = layers, rows, 2, shape.heads, steps, shape.head
            return torch.empty(sizes, dtype=numerics.attention, device=numerics.device)

        self._all = make(shape.layers, self.capacity)
        self._all_crossed = make(shape.layers if shape.crosses else 0, self.crossing)
        self._steps = torch.arange(self.capacity, device=numerics.device)
        self._nothing = torch.zeros((), dtype=numerics.attention, device=numerics.device)
        self._hidden = torch.full((), -torch.inf, dtype=numerics.attention, device=numerics.device)
        self._reaches: dict[int, tuple[Pair, ...]] = {}
        self.kept = tuple(self._all)
        """Per layer (rows, 2, heads, capacity, head): keys, then values."""
        self.crossed = tuple(Pair(layer[:, 0], layer[:, 1]) for layer in self._all_crossed)
        self.crossed_mask = torch.zeros((1, 1, 1, self.crossing), dtype=numerics.attention, device=numerics.device)
        """Masks the steps after the end of the condition: 0 or -inf."""

    def begin(self, crossed: list[Tensor]) -> None:
        """Clear the cache and set the conditions' keys and values (rows, 2, heads, n, head), one tensor per layer."""
        # Masked values have weight 0, but 0 times NaN would still be NaN.
        self._all.zero_()
        self._all_crossed.zero_()
        for kept, layer in zip(self._all_crossed, crossed, strict=True):
            count = layer.shape[3]
            kept[:, :, :, :count] = layer
        if crossed:
            self.crossed_mask.fill_(0.0)[..., crossed[0].shape[3] :] = -torch.inf

    def choose_length(self, steps: int) -> int:
        """Return the shortest attention length for that many steps."""
        return next(length for length in self._lengths if length >= steps)

    def reach(self, length: int) -> tuple[Pair, ...]:
        """Return the first `length` keys and values of each layer."""
        if length not in self._reaches:
            self._reaches[length] = tuple(Pair(layer[:, 0, :, :length], layer[:, 1, :, :length]) for layer in self.kept)
        return self._reaches[length]

    def mask_after(self, position: Tensor, length: int) -> Tensor:
        """Return an additive mask of the steps after `position`: 0 or -inf, (1, 1, 1, length)."""
        seen = self._steps[:length] <= position
        return torch.where(seen, self._nothing, self._hidden).view(1, 1, 1, length)


def list_lengths(capacity: int, device: str) -> tuple[int, ...]:
    """Return the attention lengths in use up to `capacity` steps; the last covers them all.

    >>> list_lengths(150, "cpu"), list_lengths(300, "cuda"), list_lengths(1600, "cuda")
    ((64, 128, 192), (128, 256, 512), (128, 256, 512, 1024, 1792))
    """
    if device == "cpu":
        return tuple(range(FINE, capacity + FINE, FINE))
    last = -(-capacity // SHARED) * SHARED
    lengths = [length for doubling in range(32) if (length := COARSE << doubling) < last]
    return (*lengths, last)


def count_bytes(shape: LanguageShape, numerics: Numerics, capacity: int, crossed: int) -> int:
    """Return the size of a cache of two rows in bytes."""
    steps = list_lengths(capacity, numerics.device.type)[-1] + crossed
    return shape.layers * 2 * 2 * shape.dim * steps * int(numerics.attention.itemsize)
