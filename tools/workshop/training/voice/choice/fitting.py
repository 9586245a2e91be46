"""Weights of a log-linear choice among candidates, as if each utterance were one case."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from musearoo.tools.workshop.training.voice.choice.examples import Example
from musearoo.tools.workshop.training.voice.confidence.fitting import fit

Floats = NDArray[np.float64]

FOLDS: Final = 5
RIDGE: Final = 0.003
"""Of the weights of standardised evidence."""


def fold_of(example: Example, number: int) -> int:
    """The fifth that an utterance belongs to: all of one sentence to the same."""
    return zlib.crc32((example.said or str(number)).encode()) % FOLDS


def fit_choice(examples: Sequence[Example]) -> Floats:
    """Weights of Evidence by which right candidates are likelier than others; who has none is passed over."""
    cases = [
        (np.array([choice.evidence for choice in one.choices], float), np.array(one.rights))
        for one in examples
        if any(one.rights)
    ]
    everything = np.concatenate([values for values, _ in cases])
    spread = everything.std(axis=0) + 1e-9

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for values, rights in cases:
            standard = values / spread
            scores = standard @ weights
            chances = np.exp(scores - scores.max())
            right = chances * rights
            total -= np.log(right.sum() / chances.sum())
            slope -= standard.T @ (right / right.sum() - chances / chances.sum())
        count = len(cases)
        return float(total / count + RIDGE * weights @ weights), slope / count + 2.0 * RIDGE * weights

    found = minimize(loss, np.zeros(everything.shape[1]), jac=True, method="BFGS").x
    return np.asarray(found / spread)


def fit_trust(reasons: Floats, is_right: NDArray[np.bool_]) -> Floats:
    """Weights of Trust and, last, the bias."""
    return fit(reasons, is_right)
