"""Marks of unreported changes, the only state that a listener may modify, because Live forbids more inside one."""

from __future__ import annotations

from collections import OrderedDict
from typing import Callable, NamedTuple

KINDS = (
    *("structure", "song", "track", "instrument", "mixer", "equaliser", "scene"),
    *("slots", "slot", "arrangement", "clip", "content", "selection"),
)
"""Kinds of mark in processing order: objects that others refer to are reported first."""


class Mark(NamedTuple):
    """One object to check again: a kind, and its key (an id, a slot's address, or 0)."""

    kind: str
    key: int


class Marks:
    """A set of marks. Adding an existing mark does nothing, so many changes of one object are reported once."""

    def __init__(self) -> None:
        self._keys: dict[str, OrderedDict[int, None]] = {kind: OrderedDict() for kind in KINDS}

    def __len__(self) -> int:
        return sum([len(keys) for keys in self._keys.values()])

    def add(self, kind: str, key: int = 0) -> None:
        """Mark an object."""
        self._keys[kind][key] = None

    def adder(self, kind: str, key: int = 0) -> Callable[[], None]:
        """Return a listener that marks an object."""
        keys = self._keys[kind]

        def mark() -> None:
            keys[key] = None

        return mark

    def discard(self, kind: str, key: int = 0) -> None:
        """Remove a mark, if present."""
        self._keys[kind].pop(key, None)

    def next(self) -> Mark | None:
        """Remove and return the most urgent mark, or None."""
        for kind, keys in self._keys.items():
            if keys:
                return Mark(kind, keys.popitem(last=False)[0])
        return None

    def of(self, kind: str) -> list[int]:
        """Return the marked keys of one kind."""
        return list(self._keys[kind])

    def clear(self) -> None:
        """Remove all marks."""
        for keys in self._keys.values():
            keys.clear()
