"""The Live that a script's `LiveAPI` accesses by ids and paths, and a small fake Live for tests.

Ids are integers above 0, one per live object; 0 is no object. Values are Max's atoms: a boolean is 0 or 1, an object
`["id", n]`, several `["id", a, "id", b]`, none `["id", 0]`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from musearoo.tools.max_simulator.formats.atoms import Atom

NOTHING = 0
"""The id that means no object."""


class LiveRefusal(Exception):  # noqa: N818 - Live's refusal, not an error of ours
    """Live refused a request of `LiveAPI`; the text is what Max prints to its console."""


class LiveAccess(Protocol):
    """A Live whose objects are accessible by the paths of the Live Object Model."""

    def resolve(self, path: str, device: int, start: int = NOTHING) -> int:
        """Return the id of the object at a path such as `live_set tracks 0`; 0 when there is none.

        `device` is the key of the calling device, which `this_device` stands for. A path without a root continues from
        the object `start`.
        """

    def alive(self, id: int) -> bool:
        """Return whether the object still exists."""

    def path(self, id: int) -> str:
        """Return the path of an object, without quotes; empty for none."""

    def type(self, id: int) -> str:
        """Return the class of an object, such as `Track`; empty for none."""

    def get(self, id: int, name: str) -> list[Atom]:
        """Return the value of a property. Raises LiveRefusal when it does not exist."""

    def set(self, id: int, name: str, *values: Atom) -> None:
        """Set a property. Raises LiveRefusal."""

    def call(self, id: int, name: str, *values: Atom) -> list[Atom]:
        """Call a function. Raises LiveRefusal."""

    def count(self, id: int, name: str) -> int:
        """Return the number of children with a name. Raises LiveRefusal."""


@dataclass(slots=True)
class FakeObject:
    """An object of the fake Live; children are objects, lists of objects, or None for an empty place."""

    type: str
    values: dict[str, list[Atom]] = field(default_factory=dict)
    children: "dict[str, FakeObject | list[FakeObject] | None]" = field(default_factory=dict)
    parent: "FakeObject | None" = None


class FakeLive:
    """A Live of plain data that implements the whole interface: an application, a set, and devices on its tracks.

    The key of a device is the id of its object. Calls are recorded in `calls`.
    """

    def __init__(self, app: FakeObject, song: FakeObject) -> None:
        self.app, self.song = app, song
        self.calls: list[tuple[str, str, tuple[Atom, ...]]] = []
        self._objects: list[FakeObject] = []

    @classmethod
    def with_tracks(cls, count: int, scenes: int = 4) -> "FakeLive":
        """Return a set of `count` empty tracks with a MuseAroo device on the first."""
        device = FakeObject("MaxDevice", {"name": ["MuseAroo"]}, {"parameters": []})
        tracks = [
            FakeObject(
                "Track",
                {"name": [f"{n + 1}-Audio"], "is_frozen": [0], "has_audio_input": [1], "playing_slot_index": [-1]},
            )
            for n in range(count)
        ]
        for track in tracks:
            track.children["devices"] = []
            track.children["clip_slots"] = [
                FakeObject("ClipSlot", {"has_clip": [0]}, {"clip": None}) for _ in range(scenes)
            ]
        if tracks:
            tracks[0].children["devices"] = [device]
        rows = [FakeObject("Scene", {"name": [""]}) for _ in range(scenes)]
        view = FakeObject("Song.View", {}, {"selected_scene": rows[0] if rows else None, "detail_clip": None})
        values: dict[str, list[Atom]] = {"tempo": [120.0], "name": [""], "is_playing": [0], "current_song_time": [0.0]}
        values |= {"signature_numerator": [4], "signature_denominator": [4]}
        song = FakeObject("Song", values, {"tracks": tracks, "scenes": rows, "view": view})
        app = FakeObject("Application", {"name": ["Live"]})
        live = cls(app, song)
        live._adopt(song, None)
        return live

    def _adopt(self, child: FakeObject, parent: FakeObject | None) -> None:
        child.parent = parent
        for found in child.children.values():
            for grandchild in found if isinstance(found, list) else [found]:
                if grandchild is not None and (grandchild.parent is None or grandchild.parent is child):
                    self._adopt(grandchild, child)

    def key(self, track: int, device: int = 0) -> int:
        """Return the key of a device on a track."""
        return self.resolve(f"live_set tracks {track} devices {device}", NOTHING)

    def object(self, id: int) -> FakeObject:
        """Return the object with an id. Raises LiveRefusal for 0."""
        if not self.alive(id):
            raise LiveRefusal("no valid object set")
        return self._objects[id - 1]

    def id_of(self, found: FakeObject | None) -> int:
        """Return the id of an object; always the same one."""
        if found is None:
            return NOTHING
        for index, known in enumerate(self._objects):
            if known is found:
                return index + 1
        self._objects.append(found)
        return len(self._objects)

    def resolve(self, path: str, device: int, start: int = NOTHING) -> int:
        """Return the id of the object at a path."""
        words = path.split()
        if not words:
            return start
        roots = {"live_set": self.song, "live_app": self.app}
        if words[0] == "id" and len(words) == 2 and words[1].isdigit():
            return int(words[1]) if self.alive(int(words[1])) else NOTHING
        if words[0] in roots:
            found: FakeObject | None = roots[words.pop(0)]
        elif words[0] == "this_device":
            words.pop(0)
            found = self._objects[device - 1] if self.alive(device) else None
        else:
            found = self._objects[start - 1] if self.alive(start) else None
        while words and found is not None:
            found = self._step(found, words)
        return self.id_of(found)

    def _step(self, here: FakeObject, words: list[str]) -> FakeObject | None:
        name = words.pop(0)
        if name == "canonical_parent":
            return here.parent
        child = here.children.get(name)
        if isinstance(child, list):
            index = int(words.pop(0)) if words and words[0].isdigit() else len(child)
            return child[index] if index < len(child) else None
        return child

    def alive(self, id: int) -> bool:
        """Return whether an object has this id."""
        return 0 < id <= len(self._objects)

    def path(self, id: int) -> str:
        """Return the path of an object."""
        if not self.alive(id):
            return ""
        here = self._objects[id - 1]
        if here is self.song or here is self.app:
            return "live_set" if here is self.song else "live_app"
        if here.parent is None:
            return ""
        above = self.path(self.id_of(here.parent))
        for name, child in here.parent.children.items():
            if child is here:
                return f"{above} {name}"
            if isinstance(child, list) and any(one is here for one in child):
                return f"{above} {name} {[one is here for one in child].index(True)}"
        return ""

    def type(self, id: int) -> str:
        """Return the class of an object."""
        return self._objects[id - 1].type if self.alive(id) else ""

    def get(self, id: int, name: str) -> list[Atom]:
        """Return a value, or the ids of children."""
        here = self.object(id)
        if name in here.values:
            return list(here.values[name])
        if name == "canonical_parent":
            return ["id", self.id_of(here.parent)]
        if name not in here.children:
            raise LiveRefusal(f"get: no property called {name}")
        child = here.children[name]
        ids: list[Atom] = []
        for one in child if isinstance(child, list) else [child]:
            ids += ["id", self.id_of(one)]
        return ids

    def set(self, id: int, name: str, *values: Atom) -> None:
        """Set an existing value."""
        here = self.object(id)
        if name not in here.values:
            raise LiveRefusal(f"set: no property called {name}")
        here.values[name] = list(values)

    def call(self, id: int, name: str, *values: Atom) -> list[Atom]:
        """Record the call; answers `get_version_string` and similar functions."""
        here = self.object(id)
        self.calls.append((here.type, name, values))
        answers: dict[str, list[Atom]] = {
            "get_version_string": ["12.3.6"],
            "get_major_version": [12],
            "get_minor_version": [3],
            "get_bugfix_version": [6],
        }
        if here.type == "Application" and name in answers:
            return answers[name]
        if here.type == "Song" and name == "get_current_beats_song_time":
            return ["001.01.01.001"]
        raise LiveRefusal(f"call: no function called {name}")

    def count(self, id: int, name: str) -> int:
        """Return the number of children."""
        child = self.object(id).children.get(name)
        if not isinstance(child, Sequence):
            raise LiveRefusal(f"getcount: no children called {name}")
        return len(child)
