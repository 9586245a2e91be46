"""The models that a process has loaded, within a budget: what was not used for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from engines.errors import EngineError

Model = TypeVar("Model")

DEFAULT_BUDGET: Final = 4_000_000_000
"""Bytes that models and the work of one job may take together, unless told otherwise: half of a small machine."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    model: Any
    bytes: int


class ModelShelf:
    """Models by name. Only the thread that performs jobs uses it.

    >>> shelf = ModelShelf(budget=100)
    >>> [shelf.take(name, lambda: name.upper(), 60) for name in ("keys", "chords")], shelf.names
    (['KEYS', 'CHORDS'], ('chords',))
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self.budget = budget
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    @property
    def names(self) -> tuple[str, ...]:
        """What is loaded, the longest unused first."""
        return tuple(self._kept)

    @property
    def bytes(self) -> int:
        """How much what is loaded takes."""
        return sum(kept.bytes for kept in self._kept.values())

    def take(self, name: str, load: Callable[[], Model], size: int) -> Model:
        """The model of that name, loaded now where it is not there; `size` is how many bytes it takes.

        Raises EngineError where it alone is beyond the budget.
        """
        if name not in self._kept:
            self.make_room(size, f"The model {name}")
            self._kept[name] = _Kept(load(), size)
        self._kept.move_to_end(name)
        return cast(Model, self._kept[name].model)

    def make_room(self, size: int, what: str) -> None:
        """Lets models go until `size` more bytes fit; raises EngineError, naming `what`, where they never will."""
        if size > self.budget:
            raise EngineError(
                f"{what} needs {size / 1e9:.1f} GB of memory, and {self.budget / 1e9:.1f} GB is what models and jobs "
                "may take: give it a shorter piece of audio."
            )
        while self._kept and self.bytes + size > self.budget:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Lets all models go."""
        self._kept.clear()


SHELF: Final = ModelShelf()
"""The shelf of this process."""
