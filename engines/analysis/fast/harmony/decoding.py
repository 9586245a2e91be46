"""Viterbi decoding of the chord sequence: changing chords costs more off the beat."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import FloatArray

IntArray = npt.NDArray[np.int64]

CHANGE_COSTS: Final = (3.5, 2.0, 1.0)
"""The cost of a chord change between beats, on a beat and on a downbeat, in nats of likelihood."""


def find_path(emissions: FloatArray, costs: npt.NDArray[np.float64]) -> IntArray:
    """Return the states, int64 (steps,), with the highest sum of `emissions` (steps, states) less the costs of all
    changes.

    `costs` (steps,): the cost of a state change at that step. Since all changes cost the same, this is Viterbi's
    algorithm in steps x states, not squared.
    """
    steps, states = emissions.shape
    everyone = np.arange(states)
    came_from = np.empty((steps, states), dtype=np.int16)
    best = emissions[0].astype(np.float64)
    for step in range(1, steps):
        leader = int(best.argmax())
        changed = best[leader] - costs[step]
        stays = best >= changed
        came_from[step] = np.where(stays, everyone, leader)
        best = np.where(stays, best, changed) + emissions[step]
    path = np.empty(steps, dtype=np.int64)
    path[-1] = best.argmax()
    for step in range(steps - 1, 0, -1):
        path[step - 1] = came_from[step, path[step]]
    return path


def change_costs(strengths: IntArray) -> npt.NDArray[np.float64]:
    """Return the cost of a change at each step, by its metrical strength."""
    return np.array(CHANGE_COSTS)[strengths]


def runs_of(path: IntArray) -> list[tuple[int, int]]:
    """Return the runs of equal states: (first step, step after the last) each, in order.

    >>> runs_of(np.array([4, 4, 2]))
    [(0, 2), (2, 3)]
    """
    borders = [0, *(int(step) + 1 for step in np.flatnonzero(np.diff(path))), int(path.size)]
    return list(pairwise(borders))
