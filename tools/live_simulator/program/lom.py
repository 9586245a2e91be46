"""The set as the Live Object Model of Max for Live: paths of words, objects by id.

`live_set tracks 0 clip_slots 3 clip` is `song.tracks[0].clip_slots[3].clip`. Members have the names and behaviour of
the Python API, because Max for Live wraps the same objects. Names that begin with an underscore are not accessible.
"""

from __future__ import annotations

from typing import Any, Iterator

from musearoo.tools.live_simulator.core.objects import Model
from musearoo.tools.live_simulator.devices.base import DeviceModel
from musearoo.tools.live_simulator.devices.parameters import MixerDevice
from musearoo.tools.live_simulator.devices.racks import Chain, DeviceHolder, MaxDevice, RackDevice
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.song import Song
from musearoo.tools.live_simulator.live_set.track import Track
from musearoo.tools.live_simulator.program.handle import Handle
from musearoo.tools.live_simulator.program.simulator import Simulator

CHILDREN: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Song, ("tracks", "return_tracks", "master_track", "scenes", "cue_points", "groove_pool", "view")),
    (Track, ("clip_slots", "arrangement_clips", "devices", "mixer_device", "view")),
    (ClipSlot, ("clip",)),
    (RackDevice, ("chains",)),
    (DeviceModel, ("parameters",)),
    (Chain, ("devices",)),
    (MixerDevice, ("volume", "panning", "sends")),
)
"""The path names of an object's children, by the object's class."""


class RefusalError(Exception):
    """Live refused, or has no such member; the text is what Max would print to its console."""


def max_devices(song: Song) -> Iterator[MaxDevice]:
    """Yield the Max devices of a set, including those in racks, from the first track to the master."""

    def within(holder: DeviceHolder) -> Iterator[MaxDevice]:
        for device in holder.devices:
            if isinstance(device, MaxDevice):
                yield device
            if isinstance(device, RackDevice):
                for chain in device.chains:
                    yield from within(chain)

    for track in (*song.tracks, *song.return_tracks, song.master_track):
        yield from within(track)


def path_of(model: Model) -> str:
    """Return the path by which Max names an object, "" for an object that is no longer in a set."""
    if isinstance(model, Song):
        return "live_set"
    parent = model.parent
    if parent is None:
        return "live_app"
    before = path_of(parent)
    for owner, names in CHILDREN:
        if not before or not isinstance(parent, owner):
            continue
        for name in names:
            owned = getattr(parent, name, None)
            if owned is model:
                return f"{before} {name}"
            if isinstance(owned, tuple) and model in owned:
                return f"{before} {name} {owned.index(model)}"
    is_view = getattr(parent, "view", None) is model
    return f"{before} view" if before and is_view else ""


class ObjectModel:
    """Answers Max devices' queries about the set. Objects are identified by their pointers; 0 is none."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def resolve(self, path: str, device: int, start: int) -> Any:
        """Return the object at a path, or None.

        A path without a root continues from the object `start`; `this_device` is the Max device with that key.
        """
        words = path.split()
        if not words:
            return None
        roots = {
            "live_set": lambda: self._simulator.song,
            "live_app": lambda: self._simulator.application,
            "this_device": lambda: self._device(device),
        }
        value = roots[words[0]]() if words[0] in roots else self._alive(start)
        for word in words[1:] if words[0] in roots else words:
            if value is None:
                return None
            try:
                value = value[int(word)] if word.isdigit() else self._member(value, word)
            except (IndexError, TypeError, RefusalError):
                return None
        return value if isinstance(value, Handle) and value != None else None  # noqa: E711  a dead one equals None

    def get(self, pointer: int, name: str) -> Any:
        """Return the value of a property."""
        return self._member(self._require(pointer), name)

    def set(self, pointer: int, name: str, value: Any) -> None:
        """Assign a property."""
        owner = self._require(pointer)
        self._member(owner, name)
        try:
            setattr(owner, name, value)
        except AttributeError:
            raise RefusalError(f"{type(owner).__name__}.{name} can only be read") from None
        except (RuntimeError, ValueError, TypeError) as error:
            raise RefusalError(str(error)) from error

    def call(self, pointer: int, name: str, arguments: list[Any]) -> Any:
        """Call a function; arguments may be values or objects."""
        function = self._member(self._require(pointer), name)
        if not callable(function):
            raise RefusalError(f"{name} is not a function")
        try:
            return function(*arguments)
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise RefusalError(str(error)) from error

    def find(self, pointer: int) -> Any:
        """Return the live object with a pointer, or None when it was deleted."""
        return self._alive(pointer)

    def path(self, pointer: int) -> str:
        """Return an object's current path, "" for a deleted one."""
        handle = self._alive(pointer)
        return "" if handle is None else path_of(handle._model)

    def class_name(self, pointer: int) -> str:
        """Return an object's class name as in the object model's documentation (Track, Song.View), "" for none."""
        handle = self._alive(pointer)
        if handle is None:
            return ""
        name = type(handle).__name__
        return f"{type(handle._model.parent.handle).__name__}.View" if name == "View" else name

    def _device(self, key: int) -> Any:
        for device in max_devices(self._simulator.song_model):
            if device.key == key:
                return self._simulator.binding.handle_of(device)
        return None

    def _alive(self, pointer: int) -> Any:
        handle = self._simulator.binding.handles.get(pointer)
        return None if handle is None or handle._model is None else handle

    def _require(self, pointer: int) -> Any:
        handle = self._alive(pointer)
        if handle is None:
            raise RefusalError("no valid object set")
        return handle

    @staticmethod
    def _member(owner: Any, name: str) -> Any:
        if name.startswith("_") or name.endswith("_listener") or not hasattr(type(owner), name):
            raise RefusalError(f"{type(owner).__name__} has no property or function {name!r}")
        try:
            return getattr(owner, name)
        except RuntimeError as error:
            raise RefusalError(str(error)) from error
