"""Linear discriminant analysis with a shrunken covariance: a closed form with small weight files.

After Friedman, "Regularized Discriminant Analysis" (1989): the shared covariance is shrunk towards its diagonal,
because there are hardly more examples than features. Class priors are uniform, whatever the number of examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musearoo.tools.bench.engines.drums.window import Floats


@dataclass(frozen=True, slots=True)
class Classifier:
    """Scores are weights @ features + biases; the class with the highest score wins.

    Weights: float64 (classes, features).
    """

    classes: tuple[str, ...]
    weights: Floats
    biases: Floats

    def name(self, features: Floats) -> tuple[str, ...]:
        """Return the class of each row of features (n, features)."""
        scores = features @ self.weights.T + self.biases
        return tuple(self.classes[index] for index in scores.argmax(axis=1))


def fit_classifier(features: Floats, labels: Sequence[str], groups: Sequence[str], shrinkage: float) -> Classifier:
    """Fit a classifier to examples (n, features); `shrinkage` 0..1 shrinks the covariance to its diagonal.

    All classes have equal weight. Within a class, a group such as a performance counts by the square root of its number
    of examples: a long take counts more than a short one, but not in proportion.
    """
    classes = tuple(sorted(set(labels)))
    names, owners = np.array(labels), np.array(groups)
    weight = np.zeros(len(names))
    for label in classes:
        chosen = names == label
        _, group, counts = np.unique(owners[chosen], return_inverse=True, return_counts=True)
        own = counts[group] ** -0.5
        weight[chosen] = own / own.sum() / len(classes)
    scale = np.sqrt(_variance(features, weight)) + 1e-3
    scaled = features / scale
    means = np.array([np.average(scaled[names == label], axis=0, weights=weight[names == label]) for label in classes])
    centred = scaled - means[[classes.index(label) for label in labels]]
    covariance = (centred * weight[:, None]).T @ centred
    shrunk = (1.0 - shrinkage) * covariance + shrinkage * np.diag(np.diag(covariance) + 0.05)
    weights = np.linalg.solve(shrunk, means.T).T
    biases = -0.5 * np.sum(weights * means, axis=1)
    return Classifier(classes, weights / scale, biases)


def cross_validate(
    features: Floats, labels: Sequence[str], groups: Sequence[str], shrinkage: float, folds: int = 5
) -> tuple[str, ...]:
    """Return each example's class by a classifier that was trained without its group."""
    order = {group: number % folds for number, group in enumerate(sorted(set(zip(labels, groups, strict=True))))}
    fold = np.array([order[pair] for pair in zip(labels, groups, strict=True)])
    given = np.array([""] * len(labels), dtype=object)
    for number in range(folds):
        held = fold == number
        kept = [index for index in range(len(labels)) if not held[index]]
        fitted = fit_classifier(features[kept], [labels[i] for i in kept], [groups[i] for i in kept], shrinkage)
        given[held] = fitted.name(features[held])
    return tuple(given)


def _variance(features: Floats, weight: Floats) -> Floats:
    middle = np.average(features, axis=0, weights=weight)
    variance: Floats = np.average((features - middle) ** 2, axis=0, weights=weight)
    return variance
