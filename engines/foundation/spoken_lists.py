"""Join names into a spoken list."""

from __future__ import annotations

from collections.abc import Iterable


def join_names(names: Iterable[str]) -> str:
    """Join names with commas and "and".

    >>> join_names(["drums", "bass", "piano"]), join_names(["bass"]), join_names([])
    ('drums, bass and piano', 'bass', '')
    """
    spoken = list(names)
    return " and ".join(filter(None, (", ".join(spoken[:-1]), *spoken[-1:])))
