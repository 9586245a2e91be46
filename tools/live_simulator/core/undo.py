"""The undo history: the values that each step changed, so that it can be undone and redone exactly.

A change is one attribute of one model object with its value before and after. Values are immutable (numbers, strings,
tuples, note tables), so a step costs a few references, however large the clip.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

UNDO_LABEL = "Undo Custom Action"
REDO_LABEL = "Redo Custom Action"

MAX_STEPS = 1000
"""Live's history is limited by memory; this limit bounds the memory of a soak test."""


class Change(NamedTuple):
    """One attribute's change; `put` stores a value and notifies, without recording."""

    put: Callable[[Any], None]
    before: Any
    after: Any


class Journal:
    """The undo history of one Live Set."""

    def __init__(self) -> None:
        self._undo: list[list[Change]] = []
        self._redo: list[list[Change]] = []
        self._open: list[Change] = []
        self._depth = 0
        self.is_replaying = False

    @property
    def can_undo(self) -> bool:
        """True when there is a step to undo."""
        return bool(self._undo or self._open)

    @property
    def can_redo(self) -> bool:
        """True when there is a step to redo."""
        return bool(self._redo)

    @property
    def step_count(self) -> int:
        """The number of steps that can be undone."""
        return len(self._undo)

    def begin_step(self) -> None:
        """Open a step. Steps nest; the outermost one is recorded."""
        self._depth += 1

    def end_step(self) -> None:
        """Close a step. Does nothing when none is open; an empty step is not recorded."""
        if self._depth == 0:
            return
        self._depth -= 1
        if self._depth == 0:
            self._commit()

    def record(self, change: Change) -> None:
        """Add a change to the open step, or record it as a separate step."""
        if self.is_replaying:
            return
        self._open.append(change)
        if self._depth == 0:
            self._commit()

    def undo(self) -> str:
        """Undo the last step and return its label, or '' when there is none."""
        self._close_all()
        if not self._undo:
            return ""
        step = self._undo.pop()
        self._replay([(change.put, change.before) for change in reversed(step)])
        self._redo.append(step)
        return UNDO_LABEL

    def redo(self) -> str:
        """Redo the last undone step and return its label, or '' when there is none."""
        self._close_all()
        if not self._redo:
            return ""
        step = self._redo.pop()
        self._replay([(change.put, change.after) for change in step])
        self._undo.append(step)
        return REDO_LABEL

    def forget(self) -> None:
        """Clear the history, as opening a set does."""
        self._undo, self._redo, self._open, self._depth = [], [], [], 0

    def _close_all(self) -> None:
        self._depth = 0
        self._commit()

    def _commit(self) -> None:
        if self._open:
            self._undo.append(self._open)
            self._open = []
            self._redo = []
            del self._undo[:-MAX_STEPS]

    def _replay(self, values: list[Any]) -> None:
        self.is_replaying = True
        try:
            for put, value in values:
                put(value)
        finally:
            self.is_replaying = False
