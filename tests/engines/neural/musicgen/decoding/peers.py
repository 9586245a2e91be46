"""audiocraft's own language model, tiny and with random weights, and ours with the same."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import torch

from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel, Precision
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, LanguageShape

STEREO = (0, 0, 1, 1, 2, 2, 3, 3)
MONO = (0, 1, 2, 3)
HEADS = 4
CARDINALITY = 60


class GivenConditions(torch.nn.Module):  # type: ignore[misc]
    """Replaces audiocraft's condition provider: returns given conditions, one after the other."""

    def __init__(self, *conditions: Any) -> None:
        super().__init__()
        self.waiting = list(conditions)

    def tokenize(self, attributes: Any) -> Any:
        return attributes

    def forward(self, _tokenized: Any) -> dict[str, Any]:
        given = self.waiting.pop(0) if len(self.waiting) > 1 else self.waiting[0]
        return {"description": (given, torch.ones(given.shape[:2]))}


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of model: the use of its conditions, its codebooks, and whether its products have biases."""

    fused: str = "cross"
    delays: tuple[int, ...] = MONO
    biased: bool = False
    dim: int = 48
    layers: int = 3


KINDS = {
    "text": Kind(),
    "melody": Kind(fused="prepend"),
    "stereo": Kind(delays=STEREO),
    "stereo melody": Kind(fused="prepend", delays=STEREO),
    "with biases": Kind(biased=True),
    "one codebook": Kind(delays=(0,)),
}


def make_conditions(kind: Kind, steps: int = 5, seed: int = 1) -> Any:
    """Return random conditions, (2, steps, dim); row 1 is 0, as in audiocraft for text."""
    conditions = torch.randn((2, steps, kind.dim), generator=torch.Generator().manual_seed(seed))
    conditions[1] = 0.0
    return conditions


def make_peer(kind: Kind, *conditions: Any) -> Any:
    """Return audiocraft's `LMModel` of a kind, with random weights."""
    with warnings.catch_warnings(), torch.random.fork_rng():
        # audiocraft triggers warnings of torch and its own dependencies.
        warnings.simplefilter("ignore")
        from audiocraft.models.lm import LMModel
        from audiocraft.modules.codebooks_patterns import DelayedPatternProvider
        from audiocraft.modules.conditioners import ConditionFuser

        torch.manual_seed(7)
        fused: dict[str, list[str]] = {"sum": [], "input_interpolate": [], "cross": [], "prepend": []}
        fused[kind.fused] = ["description"]
        model = LMModel(
            DelayedPatternProvider(len(kind.delays), list(kind.delays)),
            GivenConditions(*conditions),
            ConditionFuser(fused),
            n_q=len(kind.delays),
            card=CARDINALITY,
            dim=kind.dim,
            num_heads=HEADS,
            num_layers=kind.layers,
            norm_first=True,
            activation="gelu",
            bias_ff=kind.biased,
            bias_attn=kind.biased,
            bias_proj=kind.biased,
            memory_efficient=True,
            causal=True,
            cross_attention=kind.fused == "cross",
            dropout=0.0,
        )
        for values in model.parameters():
            values.data = torch.randn_like(values) * (0.4 if values.dim() == 1 else values.shape[-1] ** -0.5)
        return model.eval()


def make_ours(peer: Any, kind: Kind, precision: Precision = "full", **measures: int) -> LanguageModel:
    """Return our model with a peer's weights."""
    weights = peer.state_dict()
    shape = LanguageShape.read(weights, HEADS, kind.delays, **measures)
    return LanguageModel.build(weights, shape, precision=precision)


def as_ours(kind: Kind, conditions: Any) -> Conditions:
    """Return conditions for our model."""
    return Conditions(**{kind.fused: conditions})


def make_prompt(kind: Kind, frames: int) -> Any:
    """Return random codes (codebooks, frames)."""
    generator = torch.Generator().manual_seed(3)
    return torch.randint(0, CARDINALITY, (len(kind.delays), frames), generator=generator)


def generate(peer: Any, frames: int, sampling: Sampling, prompt: Any = None) -> Any:
    """Return the codes that audiocraft draws: (codebooks, frames), without the prompt."""
    from audiocraft.modules.conditioners import ConditioningAttributes

    known = 0 if prompt is None else prompt.shape[1]
    with torch.random.fork_rng():
        torch.manual_seed(sampling.seed)
        return peer.generate(
            None if prompt is None else prompt[None],
            [ConditioningAttributes()],
            max_gen_len=known + frames,
            use_sampling=sampling.temperature > 0,
            temp=sampling.temperature,
            top_k=sampling.top_k,
            cfg_coef=sampling.guidance,
        )[0, :, known:]


def decode_all(
    model: LanguageModel, conditions: Conditions, frames: int, sampling: Sampling, prompt: Any = None
) -> Any:
    """Return the codes that ours draws: (codebooks, frames)."""
    return torch.cat(list(decode(model, conditions, frames, sampling, prompt)), dim=1)
