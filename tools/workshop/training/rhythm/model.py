"""The two rhythm models: log odds from features, and the network that ranks meter hypotheses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import WIDEST

HIDDEN: Final = 20
"""Hidden units shared by all features: more would overfit the training set."""

STEPS: Final = 1500
BATCH: Final = 64
RATE: Final = 3e-3
WEIGHT_DECAY: Final = 0.1
INPUT_DROPOUT: Final = 0.1
HIDDEN_DROPOUT: Final = 0.3

LEAST_SCALE: Final = 1e-3
"""A feature that varies less in training is not scaled."""


@dataclass(frozen=True, eq=False)
class Choice:
    """Hypotheses of one clip: float32 (hypotheses, features), which of them are right, and the clip's weight."""

    features: FloatArray
    right: npt.NDArray[np.bool_]
    weight: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """The parameters of `hypothesis_scores.score_features`."""

    means: FloatArray
    scales: FloatArray
    direct: FloatArray
    hidden: FloatArray
    offsets: FloatArray
    out: FloatArray

    def score(self, features: FloatArray) -> FloatArray:
        """Return scores of hypotheses in nats: (...,) of (..., features)."""
        standard = np.clip((features - self.means) / self.scales, -WIDEST, WIDEST)
        scores: FloatArray = standard @ self.direct + np.tanh(standard @ self.hidden + self.offsets) @ self.out
        return scores

    def softened(self, temperature: float) -> Ranking:
        """Return the same ranking with scores divided by a temperature: less confident above 1."""
        return replace(self, direct=self.direct / temperature, out=self.out / temperature)


def fit_temperature(choices: Sequence[Choice], ranking: Ranking) -> float:
    """Return the temperature that maximises the likelihood of held-out choices."""

    def loss(temperature: float) -> float:
        total = 0.0
        for choice in choices:
            scores = ranking.score(choice.features).astype(np.float64) / temperature
            total += float(np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[choice.right]))
        return total

    temperatures: list[float] = np.arange(0.7, 3.0, 0.05).tolist()
    return min(temperatures, key=loss)


def fit_ranking(choices: Sequence[Choice], seed: int, steps: int = STEPS) -> Ranking:
    """The network that gives the right counts of each clip the greatest share of a softmax over all of them."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    everything = np.concatenate([choice.features for choice in choices])
    means, scales = everything.mean(axis=0), everything.std(axis=0)
    scales[scales < LEAST_SCALE] = 1.0
    standard = torch.tensor(np.clip((everything - means) / scales, -WIDEST, WIDEST), dtype=torch.float32)
    right = torch.tensor(np.concatenate([choice.right for choice in choices]), dtype=torch.float32)
    sizes = np.asarray([len(choice.right) for choice in choices])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    weights = torch.tensor([choice.weight for choice in choices], dtype=torch.float32)
    direct = nn.Linear(everything.shape[1], 1, bias=False)
    hidden, out = nn.Linear(everything.shape[1], HIDDEN), nn.Linear(HIDDEN, 1, bias=False)
    nn.init.zeros_(direct.weight)
    nn.init.zeros_(out.weight)
    parameters = [*direct.parameters(), *hidden.parameters(), *out.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    drop_inputs, drop_hidden = nn.Dropout(INPUT_DROPOUT), nn.Dropout(HIDDEN_DROPOUT)
    for _ in range(steps):
        batch = chance.choice(len(choices), min(len(choices), BATCH), replace=False)
        rows = np.concatenate([np.arange(starts[k], starts[k + 1]) for k in batch])
        clips = torch.repeat_interleave(torch.arange(batch.size), torch.tensor(sizes[batch]))
        inputs = drop_inputs(standard[rows])
        scores = (direct(inputs) + out(drop_hidden(torch.tanh(hidden(inputs)))))[:, 0]
        highest = torch.zeros(batch.size).scatter_reduce(0, clips, scores, "amax", include_self=False).detach()
        shares = torch.exp(scores - highest[clips])
        total = torch.zeros(batch.size).index_add(0, clips, shares)
        hit = torch.zeros(batch.size).index_add(0, clips, shares * right[rows])
        loss = -(weights[batch] * torch.log(hit / total + 1e-9)).sum() / weights[batch].sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return Ranking(
        means=means,
        scales=scales,
        direct=direct.weight.detach().numpy()[0],
        hidden=hidden.weight.detach().numpy().T,
        offsets=hidden.bias.detach().numpy(),
        out=out.weight.detach().numpy()[0],
    )


def fit_odds(
    features: FloatArray, is_true: npt.NDArray[np.bool_], weights: FloatArray, penalty: float
) -> tuple[FloatArray, float]:
    """Weights and bias of the log odds that something is true, by penalised logistic regression."""
    means, scales = features.mean(axis=0), features.std(axis=0) + LEAST_SCALE
    inputs = torch.tensor((features - means) / scales, dtype=torch.float64)
    targets = torch.tensor(is_true, dtype=torch.float64)
    shares = torch.tensor(weights / weights.sum(), dtype=torch.float64)
    model = nn.Linear(features.shape[1], 1).double()
    nn.init.zeros_(model.weight)
    optimiser = torch.optim.LBFGS(model.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        losses = nn.functional.binary_cross_entropy_with_logits(model(inputs)[:, 0], targets, reduction="none")
        total = (losses * shares).sum() + penalty * (model.weight**2).sum()
        total.backward()
        return total

    optimiser.step(loss)
    found = model.weight.detach().numpy()[0] / scales
    return found, float(model.bias.detach()) - float(found @ means)
