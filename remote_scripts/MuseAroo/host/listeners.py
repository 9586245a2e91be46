"""The listeners on one live object, each added once and removed exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .live import is_alive

if TYPE_CHECKING:
    from .live import LiveObject


class Listeners:
    """The listeners on one object. Detects what this Live can observe."""

    def __init__(self, thing: LiveObject) -> None:
        self._thing: Any = thing
        self._added: list[tuple[str, Callable[[], None]]] = []

    def __len__(self) -> int:
        return len(self._added)

    def add(self, events: tuple[str, ...], callback: Callable[[], None]) -> None:
        """Call `callback` whenever one of `events` changes; skip those that the object cannot observe.

        Some properties exist but refuse listeners on some kinds of track (the mute of the master). That is Live's
        answer to the attempt, not an error.
        """
        for event in events:
            adder = getattr(self._thing, f"add_{event}_listener", None)
            if adder is None:
                continue
            try:
                adder(callback)
            except Exception:
                continue
            self._added.append((event, callback))

    def remove(self) -> None:
        """Remove every listener; a deleted object has dropped its own."""
        added, self._added = self._added, []
        if not is_alive(self._thing):
            return
        for event, callback in added:
            try:
                if getattr(self._thing, f"{event}_has_listener")(callback):
                    getattr(self._thing, f"remove_{event}_listener")(callback)
            except Exception:
                # The object was deleted with its listeners; the others must still be removed.
                continue
