"""Takes that were composed ahead, each with all that it depends on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from musearoo.bridge.core.composing import Basis
from musearoo.bridge.requests.composition import Composition

MOST_BYTES: Final = 16 * 1024 * 1024
"""Bytes of all takes together, as `size_of` estimates them."""

BYTES_OF_NOTE: Final = 400
"""Of a note in Python, with its numbers."""
BYTES_OF_TAKE: Final = 6_000


@dataclass(frozen=True, slots=True)
class ReadyTake:
    """A take that was composed ahead, at `made` in seconds of the daemon's clock."""

    basis: Basis
    made: float
    take: Composition


@dataclass(slots=True)
class ReadyTakes:
    """The takes that were composed ahead, the oldest first."""

    _takes: list[ReadyTake] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._takes)

    def find(self, basis: Basis) -> ReadyTake | None:
        """Return the take with that basis, None where there is none."""
        return next((ready for ready in self._takes if ready.basis == basis), None)

    def add(self, ready: ReadyTake) -> int:
        """Keep a take; returns how many of the oldest had to go for it."""
        self._takes.append(ready)
        size, gone = sum(size_of(each.take) for each in self._takes), 0
        while size > MOST_BYTES:
            size -= size_of(self._takes.pop(0).take)
            gone += 1
        return gone

    def drop_all_but(self, bases: Collection[Basis]) -> int:
        """Drop the takes with another basis than these; returns how many."""
        kept = [ready for ready in self._takes if any(ready.basis == basis for basis in bases)]
        gone, self._takes = len(self._takes) - len(kept), kept
        return gone

    def remove(self, ready: ReadyTake) -> None:
        """Drop a take that was used."""
        self._takes.remove(ready)


def size_of(take: Composition) -> int:
    """Return about how many bytes a take holds."""
    notes = sum(len(part.clip.notes) for part in take.parts)
    blobs = sum(len(blob) for edit in take.messages if isinstance(blob := getattr(edit, "notes", b""), bytes))
    return BYTES_OF_TAKE + BYTES_OF_NOTE * notes + blobs
