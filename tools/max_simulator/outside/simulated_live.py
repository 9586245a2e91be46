"""`LiveAPI` access to a simulated Live in another process; each query runs on that Live's main thread.

As in Max, a script that queries a frozen Live blocks until Live runs again.
"""

from typing import Any

from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.max_simulator.formats.atoms import Atom
from musearoo.tools.max_simulator.outside.live_api import NOTHING, LiveRefusal

Plain = int | float | str | bool | None | dict[str, Any] | list[Any]
"""The values that the simulated Live's control channel returns; an object is its class, pointer and name."""


class SimulatedLive:
    """The set of a simulated Live as Max sees it; implements `LiveAccess`.

    Objects are numbered in the order of first use and keep their number for life. A device's key is that of
    `LiveProcess.insert_max_device`.
    """

    def __init__(self, live: LiveProcess) -> None:
        self.live = live
        self._ids: dict[int, int] = {}
        self._pointers: list[int] = [NOTHING]

    def resolve(self, path: str, device: int, start: int = NOTHING) -> int:
        """Return the id of the object at a path; 0 when there is none."""
        words = path.split()
        if not words:
            return start if self.alive(start) else NOTHING
        if words[0] == "id":
            id = int(words[1]) if len(words) == 2 and words[1].isdigit() else NOTHING
            return id if self.alive(id) else NOTHING
        found = self._ask("resolve", start, path=path, device=device)
        return self._id_of(found) if isinstance(found, dict) else NOTHING

    def alive(self, id: int) -> bool:
        """Return whether the object still exists."""
        return bool(self.path(id))

    def path(self, id: int) -> str:
        """Return the path of an object, without quotes; empty for none."""
        return str(self._ask("path", id)) if self._pointer(id) else ""

    def type(self, id: int) -> str:
        """Return the class of an object, such as `Track`; empty for none."""
        return str(self._ask("class_name", id)) if self._pointer(id) else ""

    def get(self, id: int, name: str) -> list[Atom]:
        """Return the value of a property. Raises LiveRefusal when it does not exist."""
        return self._atoms(self._ask("get", id, name=name))

    def set(self, id: int, name: str, *values: Atom) -> None:
        """Set a property. Raises LiveRefusal."""
        self._ask("set", id, name=name, args=self._arguments(values))

    def call(self, id: int, name: str, *values: Atom) -> list[Atom]:
        """Call a function. Raises LiveRefusal."""
        return self._atoms(self._ask("call", id, name=name, args=self._arguments(values)))

    def count(self, id: int, name: str) -> int:
        """Return the number of children with a name. Raises LiveRefusal."""
        children = self._ask("get", id, name=name)
        if not isinstance(children, list):
            raise LiveRefusal(f"{name} is not a list of children")
        return len(children)

    def _ask(self, question: str, id: int, **details: Any) -> Plain:
        answer = self.live.ask_object_model(question, pointer=self._pointer(id), **details)
        if "refused" in answer:
            raise LiveRefusal(answer["refused"])
        value: Plain = answer["value"]
        return value

    def _pointer(self, id: int) -> int:
        return self._pointers[id] if 0 < id < len(self._pointers) else NOTHING

    def _id_of(self, found: dict[str, Any]) -> int:
        pointer = found["ptr"]
        if pointer not in self._ids:
            self._ids[pointer] = len(self._pointers)
            self._pointers.append(pointer)
        return self._ids[pointer]

    def _atoms(self, value: Plain) -> list[Atom]:
        match value:
            case None:
                return ["id", NOTHING]
            case bool():
                return [int(value)]
            case dict():
                return ["id", self._id_of(value)]
            case list():
                return [atom for item in value for atom in self._atoms(item)]
            case _:
                return [value]

    def _arguments(self, values: tuple[Atom, ...]) -> list[Any]:
        """Return the arguments for Live: `"id", 5` becomes the object with that id."""
        arguments: list[Any] = []
        after_id = False
        for value in values:
            if after_id and isinstance(value, int):
                arguments[-1] = {"pointer": self._pointer(value)}
            else:
                arguments.append(value)
            after_id = value == "id"
        return arguments
