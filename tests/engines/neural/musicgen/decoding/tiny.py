"""Tiny language models with random weights, built without audiocraft."""

from __future__ import annotations

from typing import Any

import torch

from musearoo.engines.neural.musicgen.decoding.model import LanguageModel, Precision
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, LanguageShape, list_sizes

TEXT = LanguageShape(dim=32, layers=2, heads=4, hidden=128, cardinality=60, window=40, stride=24)
MELODY = LanguageShape(dim=32, layers=2, heads=4, hidden=128, cardinality=60, crosses=False, window=40, stride=24)


def make_weights(shape: LanguageShape, seed: int = 1) -> dict[str, Any]:
    """Return all weights of such a model, under audiocraft's names."""
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.randn(sizes, generator=generator) * (0.4 if len(sizes) == 1 else sizes[-1] ** -0.5)
        for name, sizes in list_sizes(shape)[0].items()
    }


def make_model(shape: LanguageShape = TEXT, precision: Precision = "full") -> LanguageModel:
    """Return a model of that shape."""
    return LanguageModel.build(make_weights(shape), shape, precision=precision)


def make_conditions(shape: LanguageShape = TEXT, steps: int = 5, seed: int = 1) -> Conditions:
    """Return random conditions for such a model."""
    values = torch.randn((2, steps, shape.dim), generator=torch.Generator().manual_seed(seed))
    return Conditions(cross=values) if shape.crosses else Conditions(prepend=values)
