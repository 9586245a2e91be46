"""Perform the edits of one transaction: record what they change, and revert it when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterator, NamedTuple, Optional

from ..host.live import is_alive

if TYPE_CHECKING:
    from ..host.live import Clip, Slot, Song, Track
    from ..host.log import Log
    from .draft import Draft, Thing


MOST_TICKS = 100
"""The maximum number of ticks, about a second, that an edit waits for Live."""


class Work:
    """The context of a running transaction. Every change goes through it, with its inverse."""

    def __init__(self, song: Song, draft: Draft) -> None:
        self.song, self.draft = song, draft
        self.structure = False
        """Whether tracks or scenes were added or removed."""
        self.slots: list[tuple[Track, Slot]] = []
        self.tracks: list[Track] = []
        self.made: list[Thing] = []
        """Objects created in addition to those of the edits: scenes for new clips."""
        self.needs_undo = False
        """Whether user data was deleted, or changed in a way that only Live's own undo restores exactly.

        Set after such a change only: otherwise an undo would revert the user's previous action.
        """
        self._inverses: list[Callable[[], object]] = []
        self._endings: dict[str, Callable[[], Iterator[None]]] = {}

    def on_failure(self, inverse: Callable[[], object]) -> None:
        """Call `inverse` if this edit or a later one fails, in reverse order of registration."""
        self._inverses.append(inverse)

    def keep_only_if_done(self, slot: Slot, clip: Clip) -> None:
        """Delete a new clip on failure, if it is still in its slot: never one that the user put there."""

        def delete() -> None:
            if is_alive(slot) and is_alive(clip) and slot.clip == clip:
                slot.delete_clip()

        self.on_failure(delete)

    def set(self, thing: Any, name: str, value: Any) -> None:
        """Set an attribute; the old value is restored on failure."""
        before = getattr(thing, name)
        if before != value:
            self.on_failure(lambda: setattr(thing, name, before))
            setattr(thing, name, value)

    def take_back(self, log: Log) -> None:
        """Revert the changes, the last first. A failing inverse does not stop the others."""
        for inverse in reversed(self._inverses):
            try:
                inverse()
            except Exception:
                log.traceback("taking back an edit")

    def in_the_end(self, what: str, ending: Callable[[], Iterator[None]]) -> None:
        """Run `ending` after the last edit, whether or not one failed; once for each `what`, as first given."""
        self._endings.setdefault(what, ending)

    def end(self, log: Log) -> Iterator[None]:
        """Run the endings, yielding where Live needs a tick. What they restore is not part of the undo step."""
        for what, ending in self._endings.items():
            try:
                yield from ending()
            except Exception:
                log.traceback(f"putting back the {what}")


Waits = Optional[Iterator[None]]
"""The result of performing an edit: None when it is complete, or an iterator that yields for each tick it needs."""


class Step(NamedTuple):
    """One checked edit: how to perform it, and what it creates or changes."""

    perform: Callable[[Work], Waits]
    subject: Thing | None
    makes: bool = False
    counts_notes: bool = False
    deleted_id: int = 0
    """Reported instead of the subject's id, because the subject no longer exists."""
