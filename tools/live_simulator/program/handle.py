"""The base class of the object handles that scripts use."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.objects import Model


class Handle:
    """The base of the classes that `binding.py` creates. A dead handle equals None; using it raises an error."""

    __slots__ = ("__weakref__", "_model", "_pointer")

    _model: Model | None
    _pointer: int

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    def _release(self) -> None:
        self._model = None

    def __eq__(self, other: object) -> bool:
        if other is None:
            return self._model is None
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._pointer)
