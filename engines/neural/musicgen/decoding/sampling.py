"""Sample the next codes from the logits, identical to audiocraft's draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch

from musearoo.engines.errors import require_between
from musearoo.engines.neural.musicgen.decoding.shape import Tensor

MAX_SEED: Final = 2**63 - 1

MAX_TOP_K: Final = 65_536
"""More than the codes of any codebook."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling parameters. The same seed gives the same codes on the same device at the same precision."""

    guidance: float = 3.0
    """Classifier-free guidance: 1 uses only the conditional logits, and skips the unconditional row."""
    temperature: float = 1.0
    """0 always takes the most likely code."""
    top_k: int = 250
    """Draw among this many of the most likely codes; 0 for all."""
    seed: int = 0

    def check(self) -> None:
        """Raise ParamError for values out of range."""
        require_between("guidance", self.guidance, 0, 100)
        require_between("temperature", self.temperature, 0, 100)
        require_between("top_k", self.top_k, 0, MAX_TOP_K)
        require_between("seed", self.seed, 0, MAX_SEED)


def guide(logits: Tensor, guidance: float) -> Tensor:
    """Combine rows (rows, codebooks, cardinality) to logits (codebooks, cardinality), pushed away from row 1."""
    if logits.shape[0] == 1:
        return logits[0]
    return logits[1] + (logits[0] - logits[1]) * guidance


def draw(logits: Tensor, sampling: Sampling, generator: torch.Generator) -> Tensor:
    """Draw a code per codebook (codebooks,) from logits (codebooks, cardinality), without device synchronisation.

    `torch.multinomial`, which audiocraft uses, takes the argmin of exponential times with the probabilities as rates;
    but it also synchronises, to validate its input.
    """
    if sampling.temperature == 0.0:
        return logits.argmax(-1)
    chances = torch.softmax(logits / sampling.temperature, dim=-1)
    if sampling.top_k:
        likeliest = torch.topk(chances, min(sampling.top_k, chances.shape[-1]), dim=-1, sorted=False).values
        chances = chances * (chances >= likeliest.amin(-1, keepdim=True))
        chances = chances / chances.sum(dim=-1, keepdim=True)
    return (chances / torch.empty_like(chances).exponential_(generator=generator)).argmax(-1)
