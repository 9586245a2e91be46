"""A logistic regression, with a ridge, and what it is worth on sentences that it was not fitted on."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from musearoo.tools.workshop.training.voice.confidence.examples import Example

Floats = NDArray[np.float64]

FOLDS: Final = 5
RIDGE: Final = 0.01
"""Of the weights of standardised evidence."""


def fit(values: Floats, is_right: NDArray[np.bool_]) -> Floats:
    """Weights of the columns and, last, the bias: as if there were as many right ones as wrong ones."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    columns = np.column_stack([(values - mean) / spread, np.ones(len(values))])
    signs = np.where(is_right, 1.0, -1.0)
    shares = np.where(is_right, 0.5 / is_right.sum(), 0.5 / (~is_right).sum())

    def loss(weights: Floats) -> float:
        missed = (shares * np.logaddexp(0.0, -signs * (columns @ weights))).sum()
        return float(missed + RIDGE * np.square(weights[:-1]).sum())

    found = minimize(loss, np.zeros(columns.shape[1]), method="BFGS").x
    weights = found[:-1] / spread
    return np.asarray([*weights, found[-1] - weights @ mean])


def cross_validate(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    """The score of each example by weights of other sentences than its own (-inf for no words); the weights of all."""
    weighed = np.array([example.evidence is not None for example in examples])
    values = np.array([example.evidence or (0.0,) * 7 for example in examples])
    right = np.array([example.is_right for example in examples])
    # What was meant for us but misheard is neither: to act upon it is a fault, but of the words and not of the trust.
    usable = weighed & (right | np.array([example.wanted is None for example in examples]))
    folds = np.array(
        [
            zlib.crc32(f"{example.said}{not example.said and number}".encode()) % FOLDS
            for number, example in enumerate(examples)
        ]
    )
    scores = np.full(len(examples), -np.inf)
    for fold in range(FOLDS):
        known, other = usable & (folds != fold), weighed & (folds == fold)
        weights = fit(values[known], right[known])
        scores[other] = values[other] @ weights[:-1] + weights[-1]
    return scores, fit(values[usable], right[usable])
