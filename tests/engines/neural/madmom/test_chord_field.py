"""Marginals of the chord field compared with brute-force sums over all paths."""

from itertools import product

import numpy as np

from musearoo.engines.neural.madmom.chord_field import ChordField


def test_marginals_are_sums_over_all_paths() -> None:
    rng = np.random.default_rng(7)
    initial, final, bias = rng.standard_normal((3, 3)).astype(np.float32)
    transition = rng.standard_normal((3, 3)).astype(np.float32)
    weights = rng.standard_normal((4, 3)).astype(np.float32)
    features = rng.standard_normal((5, 4)).astype(np.float32)
    message = features @ weights + bias
    totals = np.zeros((5, 3))
    # As in madmom, a path comes from a state before the first frame.
    for path in product(range(3), repeat=6):
        score = initial[path[0]] + final[path[-1]]
        score += sum(transition[path[k], path[k + 1]] + message[k, path[k + 1]] for k in range(5))
        for frame, state in enumerate(path[1:]):
            totals[frame, state] += np.exp(score)
    chances = ChordField(initial, final, bias, transition, weights).find_marginals(features)
    assert np.allclose(chances, totals / totals.sum(axis=1, keepdims=True), atol=1e-5)


def test_large_potentials_do_not_overflow() -> None:
    nothing = np.zeros(2, dtype=np.float32)
    field = ChordField(nothing, nothing, nothing, np.zeros((2, 2), np.float32), np.eye(2, dtype=np.float32))
    features = np.array([[1e4, 0.0], [0.0, 1e4]], dtype=np.float32)
    assert field.find_marginals(features).tolist() == [[1.0, 0.0], [0.0, 1.0]]
