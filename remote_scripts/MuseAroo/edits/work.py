"""Performing the edits of one transaction: what they touch, and how to take them back when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterator, NamedTuple, Optional

from ..host.live import is_alive

if TYPE_CHECKING:
    from ..host.live import Clip, Slot, Song, Track
    from ..host.log import Log
    from .draft import Draft, Thing


MOST_TICKS = 100
"""Ticks, about a second, that an edit waits for Live to do what it was asked for."""


class Work:
    """The hands of a transaction. Every change goes through here with the way to undo it."""

    def __init__(self, song: Song, draft: Draft) -> None:
        self.song, self.draft = song, draft
        self.structure = False
        """Whether tracks or scenes came or went."""
        self.slots: list[tuple[Track, Slot]] = []
        self.tracks: list[Track] = []
        self.made: list[Thing] = []
        """What was made besides what the edits themselves name: scenes that a clip needed."""
        self.needs_undo = False
        """Whether something of the user's is gone, or changed in a way that only Live's own undo takes back exactly.

        Set after such a change only: an undo without one would take back what the user did before.
        """
        self._inverses: list[Callable[[], object]] = []
        self._endings: dict[str, Callable[[], Iterator[None]]] = {}

    def on_failure(self, inverse: Callable[[], object]) -> None:
        """Has `inverse` called if this edit or a later one fails; the last one given is called first."""
        self._inverses.append(inverse)

    def keep_only_if_done(self, slot: Slot, clip: Clip) -> None:
        """Has a new clip deleted on failure, if it still lies in its slot: never one that the user put there."""

        def delete() -> None:
            if is_alive(slot) and is_alive(clip) and slot.clip == clip:
                slot.delete_clip()

        self.on_failure(delete)

    def set(self, thing: Any, name: str, value: Any) -> None:
        """Gives an attribute a new value, the old one coming back on failure."""
        before = getattr(thing, name)
        if before != value:
            self.on_failure(lambda: setattr(thing, name, before))
            setattr(thing, name, value)

    def take_back(self, log: Log) -> None:
        """Undoes what was done, the last first. One inverse that fails does not keep the others from trying."""
        for inverse in reversed(self._inverses):
            try:
                inverse()
            except Exception:
                log.traceback("taking back an edit")

    def in_the_end(self, what: str, ending: Callable[[], Iterator[None]]) -> None:
        """Has `ending` run after the last edit, whether or not one failed; once for each `what`, as first given."""
        self._endings.setdefault(what, ending)

    def end(self, log: Log) -> Iterator[None]:
        """Runs the endings, yielding where Live needs a tick. What they put back is no part of the undo step."""
        for what, ending in self._endings.items():
            try:
                yield from ending()
            except Exception:
                log.traceback(f"putting back the {what}")


Waits = Optional[Iterator[None]]
"""What performing an edit gives: nothing when it is done at once, else what yields for each tick that it needs."""


class Step(NamedTuple):
    """One checked edit: how to perform it, and what it makes or changes."""

    perform: Callable[[Work], Waits]
    subject: Thing | None
    makes: bool = False
    counts_notes: bool = False
    deleted_id: int = 0
    """Told instead of the subject's id, for the subject will be no more."""
