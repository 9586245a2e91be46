"""The ids that the daemon knows Live's tracks, scenes and clips by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host.live import is_alive

if TYPE_CHECKING:
    from ..host.live import LiveObject


class Identities:
    """Ids to live objects and back; ids count up from 1 and none is ever used again.

    An object is known by its address in Live. Live may give the address of a deleted object to a new one, so a
    handle that is found at an address counts only while it is alive.
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
        """The object's id, a new one where it has none yet."""
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
        """The object behind an id; None when it never had one or is no more."""
        thing = self._objects.get(thing_id)
        return thing if is_alive(thing) else None

    def id_if_known(self, thing: LiveObject | None) -> int:
        """The object's id, 0 where it has none."""
        if thing is None or not is_alive(thing):
            return 0
        known = self._id_by_pointer.get(thing._live_ptr)
        return known if known is not None and is_alive(self._objects[known]) else 0

    def forget(self, thing_id: int) -> None:
        """Drops an id whose object is no more."""
        self._objects.pop(thing_id, None)
        self._made.discard(thing_id)
        pointer = self._pointer_by_id.pop(thing_id, None)
        if pointer is not None and self._id_by_pointer.get(pointer) == thing_id:
            del self._id_by_pointer[pointer]

    def forget_dead(self) -> None:
        """Drops the ids of all objects that are no more."""
        for thing_id in [known for known, thing in self._objects.items() if not is_alive(thing)]:
            self.forget(thing_id)

    def mark_made(self, thing_id: int) -> None:
        """Notes that this script made the object, so that it may be deleted without being named by the user."""
        self._made.add(thing_id)

    def is_made(self, thing_id: int) -> bool:
        """Whether this script made the object in this run of Live."""
        return thing_id in self._made
