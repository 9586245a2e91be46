"""The shape of a language model, read from its weights, and that of its conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from musearoo.engines.errors import EngineError

Tensor = Any
"""torch.Tensor; its library comes without types."""

WINDOW: Final = 1500
"""Frames of the published models' training window: 30 s at 50 frames a second."""

STRIDE: Final = 900
"""Frames by which the window slides in longer output: audiocraft's 18 s, so the last 12 s are processed again."""

LAYER: Final = "transformer.layers.{}."

CROSSING: Final = "cross_attention.in_proj_weight"


@dataclass(frozen=True, slots=True)
class LanguageShape:
    """Sizes of a language model, and the delays of its codebooks.

    The architecture is that of the published models: pre-norm, sinusoidal positions, GELU.
    """

    dim: int
    layers: int
    heads: int
    hidden: int
    """Width of the feed-forward layers."""
    codebooks: int = 4
    cardinality: int = 2048
    """Codes per codebook; the next number is the special code for "no code"."""
    delays: tuple[int, ...] = (0, 1, 2, 3)
    """Delay of each codebook in steps: ascending, the first 0."""
    crosses: bool = True
    """Whether layers have cross-attention to the conditions, which are otherwise prepended to the sequence."""
    window: int = WINDOW
    stride: int = STRIDE
    max_period: float = 10_000.0
    """Period of the slowest positional sine: steps per radian."""
    positional_scale: float = 1.0

    @classmethod
    def read(
        cls,
        weights: Mapping[str, Tensor],
        heads: int,
        delays: tuple[int, ...],
        *,
        window: int = WINDOW,
        stride: int = STRIDE,
    ) -> LanguageShape:
        """Read the shape from weights under audiocraft's names (`LMModel.state_dict()` without its condition provider).

        Raises EngineError, naming the tensor, if one is missing, has an inconsistent size, is not floating point, or
        belongs to an unsupported model.
        """
        for name in ("emb.0.weight", LAYER.format(0) + "linear1.weight"):
            _require(name in weights, f"{name} is missing")
            _require(weights[name].dim() == 2, f"{name} is no matrix")
        rows, dim = weights["emb.0.weight"].shape
        shape = cls(
            dim=int(dim),
            layers=_count(r"transformer\.layers\.(\d+)\.", weights),
            heads=heads,
            hidden=int(weights[LAYER.format(0) + "linear1.weight"].shape[0]),
            codebooks=_count(r"emb\.(\d+)\.", weights),
            cardinality=int(rows) - 1,
            delays=delays,
            crosses=LAYER.format(0) + CROSSING in weights,
            window=window,
            stride=stride,
        )
        shape.check()
        _check_weights(weights, shape)
        return shape

    def check(self) -> None:
        """Raise EngineError for inconsistent sizes."""
        _require(self.cardinality > 0, "its codebooks are empty")
        _require(self.dim > 2 and self.dim % 2 == 0, f"{self.dim} channels cannot mark positions")
        _require(
            self.heads > 0 and self.dim % self.heads == 0, f"{self.dim} channels do not go into {self.heads} heads"
        )
        _require(
            len(self.delays) == self.codebooks and self.delays[0] == 0 and sorted(self.delays) == list(self.delays),
            f"its {self.codebooks} codebooks come with delays {self.delays}: one each is needed, rising from 0",
        )
        _require(0 < self.stride < self.window, f"a window of {self.window} frames cannot move by {self.stride}")

    @property
    def head(self) -> int:
        """Channels per head."""
        return self.dim // self.heads

    @property
    def parameters(self) -> int:
        """Number of weights, without biases and norms."""
        attention = 4 * self.dim**2
        layer = attention * (2 if self.crosses else 1) + 2 * self.dim * self.hidden
        return self.layers * layer + self.codebooks * self.dim * (2 * self.cardinality + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """Conditions in the model's width: row 0 conditional, row 1 unconditional.

    `cross` is float (2, n, dim), for models with cross-attention; `prepend` is float (2, n, dim) and is prepended to
    the sequence.
    """

    cross: Tensor | None = None
    prepend: Tensor | None = None

    def check(self, shape: LanguageShape) -> None:
        """Raise EngineError for conditions that do not fit the model."""
        if (self.cross is not None) != shape.crosses:
            raise EngineError(
                f"This language model takes its conditions {'beside' if shape.crosses else 'before'} the sequence."
            )
        for given in (self.cross, self.prepend):
            if given is not None and (given.dim() != 3 or given.shape[1] == 0 or given.shape[::2] != (2, shape.dim)):
                raise EngineError(f"Conditions must be (2, n, {shape.dim}), but were {tuple(given.shape)}.")

    @property
    def lead(self) -> int:
        """Prepended steps."""
        return 0 if self.prepend is None else int(self.prepend.shape[1])

    @property
    def beside(self) -> int:
        """Cross-attention steps."""
        return 0 if self.cross is None else int(self.cross.shape[1])


def list_sizes(shape: LanguageShape) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Return the sizes of all tensors that such a model needs, and of the optional ones (biases), by name."""
    dim, hidden = shape.dim, shape.hidden
    needed: dict[str, tuple[int, ...]] = {}
    allowed: dict[str, tuple[int, ...]] = {}

    def add_linear(name: str, rows: int, columns: int) -> None:
        needed[name + "weight"] = (rows, columns)
        allowed[name + "bias"] = (rows,)

    def add_norm(name: str) -> None:
        needed[name + ".weight"] = needed[name + ".bias"] = (dim,)

    for book in range(shape.codebooks):
        needed[f"emb.{book}.weight"] = (shape.cardinality + 1, dim)
        add_linear(f"linears.{book}.", shape.cardinality, dim)
    for layer in range(shape.layers):
        prefix = LAYER.format(layer)
        for attention, norm in (("self_attn", "norm1"), ("cross_attention", "norm_cross"))[: 1 + shape.crosses]:
            add_linear(f"{prefix}{attention}.in_proj_", 3 * dim, dim)
            add_linear(f"{prefix}{attention}.out_proj.", dim, dim)
            add_norm(prefix + norm)
        add_linear(f"{prefix}linear1.", hidden, dim)
        add_linear(f"{prefix}linear2.", dim, hidden)
        add_norm(prefix + "norm2")
    add_norm("out_norm")
    return needed, allowed


def _check_weights(weights: Mapping[str, Tensor], shape: LanguageShape) -> None:
    needed, allowed = list_sizes(shape)
    for name in needed:
        _require(name in weights, f"{name} is missing")
    for name, tensor in weights.items():
        sizes = needed.get(name) or allowed.get(name)
        _require(sizes is not None, f"{name} is of a kind of model that is not known here")
        found = tuple(tensor.shape)
        _require(found == sizes, f"{name} has the sizes {found} where {sizes} are needed")
        _require(tensor.is_floating_point(), f"{name} is not of real numbers")


def _count(pattern: str, names: Mapping[str, Tensor]) -> int:
    """Return one more than the highest number that the pattern matches at the start of a name."""
    return 1 + max((int(found[1]) for name in names if (found := re.match(pattern, name))), default=-1)


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise EngineError(f"The language model cannot be used: {problem}. Fetch the model again.")
