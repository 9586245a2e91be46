"""Backtracking for best-path searches."""

from __future__ import annotations

from collections.abc import Sequence


def trace_back(last: int, came_from: Sequence[Sequence[int]]) -> list[int]:
    """Return the choices of the best path that ends with `last`, first to last.

    `came_from` has for each position after the first, and for each choice there, the best choice at the position before
    (Viterbi, "Error Bounds for Convolutional Codes", 1967).

    >>> trace_back(1, [[0, 2], [1, 1]])
    [2, 1, 1]
    """
    path = [last]
    for origins in reversed(came_from):
        path.append(origins[path[-1]])
    return path[::-1]
