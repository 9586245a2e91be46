"""The best way through places with some choices each, found back from its end."""

from __future__ import annotations

from collections.abc import Sequence


def trace_back(last: int, came_from: Sequence[Sequence[int]]) -> list[int]:
    """The choices of the best way, first to last, that ends with the choice `last`.

    `came_from` has for each place but the first, of each choice there, the choice at the place before that leads to it
    best (Viterbi, "Error Bounds for Convolutional Codes", 1967).

    >>> trace_back(1, [[0, 2], [1, 1]])
    [2, 1, 1]
    """
    path = [last]
    for origins in reversed(came_from):
        path.append(origins[path[-1]])
    return path[::-1]
