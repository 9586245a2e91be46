"""The classifier: it learns what can be learned, from others than it is asked about."""

import numpy as np
import pytest

from musearoo.tools.bench.engines.drums.classifier import cross_validate, fit_classifier

CHANCE = np.random.default_rng(3)
LABELS = ["funk"] * 30 + ["rock"] * 10
GROUPS = [f"take {number // 3}" for number in range(40)]
FEATURES = CHANCE.normal(size=(40, 6)) + np.where(np.array(LABELS) == "rock", 6.0, 0.0)[:, None] * np.eye(6)[0]


def test_what_differs_is_told() -> None:
    fitted = fit_classifier(FEATURES, LABELS, GROUPS, 0.5)
    assert fitted.classes == ("funk", "rock")
    right = [given == label for given, label in zip(fitted.name(FEATURES), LABELS, strict=True)]
    assert np.mean(right) > 0.95


def test_a_class_of_few_examples_has_as_much_say() -> None:
    fitted = fit_classifier(FEATURES, LABELS, GROUPS, 0.5)
    middle = np.zeros((1, 6))
    middle[0, 0] = 3.0
    scores = middle @ fitted.weights.T + fitted.biases
    assert float(scores[0, 0]) == pytest.approx(float(scores[0, 1]), abs=4.0)


def test_cross_validation_never_asks_about_what_was_learned() -> None:
    noise = CHANCE.normal(size=(40, 60))
    learned = fit_classifier(noise, LABELS, GROUPS, 0.1).name(noise)
    asked = cross_validate(noise, LABELS, GROUPS, 0.1)
    right = [np.mean([a == b for a, b in zip(LABELS, given, strict=True)]) for given in (learned, asked)]
    assert right[0] > 0.95
    assert right[1] < 0.8
