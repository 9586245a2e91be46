"""What changed and has not been told yet: all that a listener may touch, for Live forbids more inside one."""

from __future__ import annotations

from collections import OrderedDict
from typing import Callable, NamedTuple

KINDS = (
    *("structure", "song", "track", "mixer", "equaliser", "scene"),
    *("slots", "slot", "arrangement", "clip", "content", "selection"),
)
"""Kinds of mark in the order in which they are worked off: what others refer to is told first."""


class Mark(NamedTuple):
    """One thing to look at again: a kind, and which one (an id, a slot's address, or 0)."""

    kind: str
    key: int


class Marks:
    """A set of marks; a mark that stands already is not added again, so many changes of one object are one."""

    def __init__(self) -> None:
        self._keys: dict[str, OrderedDict[int, None]] = {kind: OrderedDict() for kind in KINDS}

    def __len__(self) -> int:
        return sum([len(keys) for keys in self._keys.values()])

    def add(self, kind: str, key: int = 0) -> None:
        """Marks a thing."""
        self._keys[kind][key] = None

    def adder(self, kind: str, key: int = 0) -> Callable[[], None]:
        """A listener that marks a thing."""
        keys = self._keys[kind]

        def mark() -> None:
            keys[key] = None

        return mark

    def discard(self, kind: str, key: int = 0) -> None:
        """Takes a mark away, if it stands."""
        self._keys[kind].pop(key, None)

    def next(self) -> Mark | None:
        """The most urgent mark, which is taken away; None when there is none."""
        for kind, keys in self._keys.items():
            if keys:
                return Mark(kind, keys.popitem(last=False)[0])
        return None

    def of(self, kind: str) -> list[int]:
        """The keys that are marked in one kind."""
        return list(self._keys[kind])

    def clear(self) -> None:
        """Takes all marks away."""
        for keys in self._keys.values():
            keys.clear()
