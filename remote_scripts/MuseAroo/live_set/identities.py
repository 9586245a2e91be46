"""The ids of Live's tracks, scenes and clips on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host.live import is_alive

if TYPE_CHECKING:
    from ..host.live import LiveObject


class Identities:
    """Maps ids to live objects and back; ids count up from 1 and are never reused.

    An object is identified by its address in Live. Live may give the address of a deleted object to a new one, so a
    stored handle is valid only while it is alive.
    """

    def __init__(self) -> None:
        self._last = 0
        self._objects: dict[int, LiveObject] = {}
        self._id_by_pointer: dict[int, int] = {}
        self._pointer_by_id: dict[int, int] = {}
        self._made: set[int] = set()

    def __len__(self) -> int:
        return len(self._objects)

    def id_of(self, thing: LiveObject) -> int:
        """Return the object's id; assign a new one if it has none yet."""
        pointer = thing._live_ptr
        known = self._id_by_pointer.get(pointer)
        if known is not None and is_alive(self._objects[known]):
            return known
        self._last += 1
        self._objects[self._last] = thing
        self._id_by_pointer[pointer] = self._last
        self._pointer_by_id[self._last] = pointer
        return self._last

    def find(self, thing_id: int) -> LiveObject | None:
        """Return the object with an id; None for an unknown id or a deleted object."""
        thing = self._objects.get(thing_id)
        return thing if is_alive(thing) else None

    def id_if_known(self, thing: LiveObject | None) -> int:
        """Return the object's id, 0 if it has none."""
        if thing is None or not is_alive(thing):
            return 0
        known = self._id_by_pointer.get(thing._live_ptr)
        return known if known is not None and is_alive(self._objects[known]) else 0

    def forget(self, thing_id: int) -> None:
        """Remove the id of a deleted object."""
        self._objects.pop(thing_id, None)
        self._made.discard(thing_id)
        pointer = self._pointer_by_id.pop(thing_id, None)
        if pointer is not None and self._id_by_pointer.get(pointer) == thing_id:
            del self._id_by_pointer[pointer]

    def forget_dead(self) -> None:
        """Remove the ids of all deleted objects."""
        for thing_id in [known for known, thing in self._objects.items() if not is_alive(thing)]:
            self.forget(thing_id)

    def mark_made(self, thing_id: int) -> None:
        """Record that this script created the object, so that it may be deleted without being named by the user."""
        self._made.add(thing_id)

    def is_made(self, thing_id: int) -> bool:
        """Return whether this script created the object in this run of Live."""
        return thing_id in self._made
